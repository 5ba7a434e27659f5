/** Running a cell. */
import type { Question } from "../../cell/magics/recognise.ts";
import type { Bundle, Outcome } from "../../channel.ts";
import { boolean, object, optional, record, string } from "../../wire/check.ts";
import * as iopub from "../iopub.ts";
import { type Context, request } from "../request.ts";
import { listenerOf } from "../broadcast.ts";
import type { Listener } from "../session.ts";

/** How long requests that were sent before an error was known may still arrive to be aborted. */
const DRAIN_MS = 5;

const content = object({
  code: string,
  silent: optional(boolean, false),
  store_history: optional(boolean, true),
  user_expressions: optional(record(string), {}),
  allow_stdin: optional(boolean, false),
  stop_on_error: optional(boolean, true),
});

export const execute = request({
  type: "execute_request",
  channels: ["shell"],
  isQueued: true,
  content,
  handle: async (asked, context) => {
    const { code, silent, stop_on_error, store_history, user_expressions, allow_stdin } = asked;
    const isStored = store_history && !silent;
    const loud = listenerOf(context, allow_stdin);
    const listener = silent ? muted(loud) : loud;
    const evaluate = async (): Promise<object> => evaluateAll(user_expressions, context, listener);
    // It is how a client asks for the counter, or for the value of an expression alone.
    if (code.trim() === "") return okReply(context.history.line, await evaluate());
    const executionCount = isStored ? context.history.nextLine() : context.history.line;
    if (!silent) context.announce("execute_input", iopub.executeInput(code, executionCount));
    const label = isStored ? `Cell [${executionCount}]` : "Cell [*]";
    const outcome = await context.session.execute(code, label, listener, context.release);
    if (isStored) {
      context.history.add({ line: executionCount, source: code, output: textOf(outcome) });
    }
    if (outcome.status === "error") {
      if (!silent) context.publish("error", iopub.error(outcome));
      if (stop_on_error && !silent) await abortRest(context);
      return { ...iopub.error(outcome), ...ERROR_REPLY, execution_count: executionCount };
    }
    if (outcome.value !== null && !silent) {
      context.publish("execute_result", iopub.executeResult(outcome.value, executionCount));
    }
    const pages = await pagesOf(code, context, listener);
    return okReply(executionCount, await evaluate(), [...(outcome.payload ?? []), ...pages]);
  },
});

const ERROR_REPLY = { status: "error", user_expressions: {} } as const;

async function abortRest(context: Context): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, DRAIN_MS));
  context.abortQueueAfterReply();
}

function okReply(
  executionCount: number,
  userExpressions: object,
  payload: readonly object[] = [],
): object {
  return {
    status: "ok",
    execution_count: executionCount,
    user_expressions: userExpressions,
    payload,
  };
}

/** What the client's pager is to show: the answers to `?name` and its like. */
async function pagesOf(code: string, context: Context, listener: Listener): Promise<object[]> {
  if (!code.includes("?")) return [];
  // With it comes the parser.
  const { questionsIn } = await import("../../cell/magics/recognise.ts");
  const pages: object[] = [];
  for (const question of questionsIn(code)) {
    pages.push(...(await pageOf(question, context, listener)));
  }
  return pages;
}

async function pageOf(
  question: Question,
  { session }: Context,
  listener: Listener,
): Promise<object[]> {
  const { name } = question;
  const data = await session.inspect(name, name.length, question);
  if (data !== null) return [{ source: "page", data, start: 0 }];
  listener.stream("stderr", `Nothing is known about ${name}.\n`);
  return [];
}

/** "As quietly as possible": nothing on iopub, also later; a question may still be asked. messaging.html#execute */
function muted(listener: Listener): Listener {
  return { ...listener, stream: () => {}, display: () => {}, clear: () => {} };
}

/** Each expression by itself: one that fails says so in its own entry. */
async function evaluateAll(
  expressions: Readonly<Record<string, string>>,
  context: Context,
  listener: Listener,
): Promise<object> {
  const results: [string, object][] = [];
  for (const [name, expression] of Object.entries(expressions)) {
    const outcome = await context.session.evaluate(expression, listener);
    results.push([name, resultOf(outcome)]);
  }
  return Object.fromEntries(results);
}

function resultOf(outcome: Outcome): object {
  if (outcome.status === "error") return { status: "error", ...iopub.error(outcome) };
  const bundle: Bundle = outcome.value ?? { data: { "text/plain": "undefined" }, metadata: {} };
  return { status: "ok", data: bundle.data, metadata: bundle.metadata };
}

function textOf(outcome: Outcome): string | null {
  const text = outcome.status === "ok" ? outcome.value?.data["text/plain"] : null;
  return typeof text === "string" ? text : null;
}

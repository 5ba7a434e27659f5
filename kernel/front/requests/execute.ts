/** Running a cell. */
import type { Bundle, Outcome } from "../../channel.ts";
import { boolean, object, optional, record, string } from "../../wire/check.ts";
import * as iopub from "../iopub.ts";
import { type Context, request } from "../request.ts";
import type { Listener } from "../session.ts";

/** How long requests that were sent before an error was known may still arrive to be aborted. */
const DRAIN_MS = 5;

const NO_STDIN =
  "nobody can be asked: this client takes no questions (allow_stdin is false); " +
  "give the value in the cell, or run the notebook where there is somebody to type";

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
    const listener = silent
      ? muted(listenerOf(context, allow_stdin))
      : listenerOf(context, allow_stdin);
    const evaluate = async (): Promise<object> => evaluateAll(user_expressions, context, listener);
    // It is how a client asks for the counter, or for the value of an expression alone.
    if (code.trim() === "") return okReply(context.history.line, await evaluate());
    const executionCount = isStored ? context.history.nextLine() : context.history.line;
    if (!silent) context.publish("execute_input", iopub.executeInput(code, executionCount));
    const label = isStored ? `Cell [${executionCount}]` : "Cell [*]";
    const outcome = await context.session.execute(code, label, listener);
    if (isStored) {
      context.history.add({ line: executionCount, source: code, output: textOf(outcome) });
    }
    if (outcome.status === "error") {
      const report = iopub.error(outcome);
      if (!silent) context.publish("error", report);
      if (stop_on_error && !silent) {
        await new Promise((resolve) => setTimeout(resolve, DRAIN_MS));
        context.abortQueueAfterReply();
      }
      return { status: "error", execution_count: executionCount, ...report, user_expressions: {} };
    }
    if (outcome.value !== null && !silent) {
      context.publish("execute_result", iopub.executeResult(outcome.value, executionCount));
    }
    return okReply(executionCount, await evaluate());
  },
});

function okReply(executionCount: number, userExpressions: object): object {
  return {
    status: "ok",
    execution_count: executionCount,
    user_expressions: userExpressions,
    payload: [],
  };
}

/** Output goes to the cell's own request, also when it comes after the reply. */
function listenerOf({ publish, message, questions }: Context, allowStdin: boolean): Listener {
  return {
    stream: (name, text) => publish("stream", iopub.stream(name, text), message),
    display: (bundle, displayId, isUpdate) =>
      publish(
        isUpdate ? "update_display_data" : "display_data",
        iopub.displayData(bundle, displayId),
        message,
      ),
    clear: (wait) => publish("clear_output", iopub.clearOutput(wait), message),
    ask: async (prompt, password) =>
      allowStdin ? questions.ask(message, prompt, password) : { refusal: NO_STDIN },
  };
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
    const outcome = await context.session.execute(expression, "Cell [*]", listener);
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

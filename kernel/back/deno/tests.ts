/** `Deno.test`: what a cell registers runs when the cell has ended, what its timers register at once. https://docs.deno.com/api/deno/~/Deno.test */
import { paint } from "../../cell/excerpt.ts";
import { isInterrupted } from "../interruption.ts";
import type { Hear } from "./command.ts";

export interface TestContext {
  readonly name: string;
  readonly origin: string;
  readonly parent?: TestContext;
  /** Runs a part of the test; resolves to whether it has passed. */
  step(name: string, fn: TestFunction): Promise<boolean>;
  step(fn: TestFunction): Promise<boolean>;
  step(definition: StepDefinition): Promise<boolean>;
}

type TestFunction = (t: TestContext) => unknown;

interface StepDefinition {
  readonly name: string;
  readonly fn: TestFunction;
  readonly ignore?: boolean;
}

export interface TestDefinition extends StepDefinition {
  /** Where one is, no other is run. */
  readonly only?: boolean;
}

type TestOptions = Omit<TestDefinition, "fn" | "name"> & { readonly name?: string };

export interface TestRegistrar {
  (name: string, fn: TestFunction): void;
  (fn: TestFunction): void;
  (definition: TestDefinition): void;
  (name: string, options: TestOptions, fn: TestFunction): void;
  (options: TestOptions, fn: TestFunction): void;
}

export interface Test extends TestRegistrar {
  readonly ignore: TestRegistrar;
  readonly only: TestRegistrar;
}

export interface TestParts {
  readonly runs: {
    readonly speaker: number;
    /** The cell that speaks; null when it is over. */
    readonly running: number | null;
    atEnd(task: () => Promise<void>): void;
  };
  /** The notebook as a module. */
  readonly mainModule: string;
  /** Writes as the cell that speaks. */
  readonly print: Hear;
  /** An error as a cell's are shown. */
  readonly traceback: (error: unknown) => readonly string[];
}

interface Counts {
  passed: number;
  failed: number;
  ignored: number;
  passedSteps: number;
  failedSteps: number;
}

const now = performance.now.bind(performance);

export function makeTest(parts: TestParts): Test {
  const { runs } = parts;
  /** By cell: those that its end is to run, or, registered by a timer of it, those that no end runs any more. */
  const registered = new Map<
    number,
    { readonly isLate: boolean; readonly tests: TestDefinition[] }
  >();
  const register = (definition: TestDefinition): void => {
    const cell = runs.speaker;
    const isLate = runs.running === null;
    const found = registered.get(cell);
    if (found?.isLate === isLate) return void found.tests.push(definition);
    const tests = [definition];
    registered.set(cell, { isLate, tests });
    runs.atEnd(async () => {
      registered.delete(cell);
      await runAll(tests, parts);
    });
  };
  const registrar =
    (always: Partial<TestDefinition>): TestRegistrar =>
    (...args: readonly unknown[]) =>
      register({ ...definitionOf(args), ...always });
  return Object.assign(registrar({}), {
    ignore: registrar({ ignore: true }),
    only: registrar({ only: true }),
  });
}

/** From any of the forms in which a test or a step may be written. */
function definitionOf(args: readonly unknown[]): TestDefinition {
  const fn = args.find((argument) => typeof argument === "function") as TestFunction | undefined;
  const named = args.find((argument) => typeof argument === "string");
  const options = args.find((argument) => typeof argument === "object" && argument !== null);
  const definition = { name: named ?? fn?.name, fn, ...options } as Partial<TestDefinition>;
  if (typeof definition.fn !== "function")
    throw new TypeError("Deno.test: wanted a function, as in Deno.test(name, () => …)");
  if (typeof definition.name !== "string" || definition.name === "")
    throw new TypeError("Deno.test: a test has a name: Deno.test(name, () => …)");
  return { ...definition, name: definition.name, fn: definition.fn };
}

async function runAll(tests: readonly TestDefinition[], parts: TestParts): Promise<void> {
  const begin = now();
  const hasOnly = tests.some(({ only }) => only === true);
  const chosen = hasOnly ? tests.filter(({ only }) => only === true) : tests;
  const counts = { passed: 0, failed: 0, ignored: 0, passedSteps: 0, failedSteps: 0 };
  for (const test of chosen) {
    const result = await runOne(test, null, { parts, counts });
    counts[result]++;
  }
  const word = counts.failed > 0 ? paint.red("FAILED") : paint.green("ok");
  const left = tests.length - chosen.length;
  const filtered = left > 0 ? ` | ${left} filtered out` : "";
  parts.print("stdout", `\n${word} | ${summaryOf(counts)}${filtered} ${timeSince(begin)}\n`);
}

function summaryOf({ passed, failed, ignored, passedSteps, failedSteps }: Counts): string {
  const steps = (count: number): string =>
    count === 0 ? "" : ` (${count} ${count === 1 ? "step" : "steps"})`;
  const parts = [`${passed} passed${steps(passedSteps)}`, `${failed} failed${steps(failedSteps)}`];
  return [...parts, ...(ignored > 0 ? [`${ignored} ignored`] : [])].join(" | ");
}

function timeSince(begin: number): string {
  const ms = Math.round(now() - begin);
  return paint.dim(ms < 1000 ? `(${ms}ms)` : `(${Math.floor(ms / 1000)}s)`);
}

interface Report {
  readonly parts: TestParts;
  readonly counts: Counts;
}

/** Runs a test or a step, and writes its line; those of its steps come before it. */
async function runOne(
  { name, fn, ignore = false }: StepDefinition,
  parent: TestContext | null,
  { parts, counts }: Report,
): Promise<"passed" | "failed" | "ignored"> {
  const indent = "  ".repeat(depthOf(parent));
  const print = (word: string): void => parts.print("stdout", `${indent}${name} ... ${word}\n`);
  if (ignore) {
    print(paint.cyan("ignored"));
    return "ignored";
  }
  const begin = now();
  let failedSteps = 0;
  const context: TestContext = {
    name,
    origin: parts.mainModule,
    ...(parent === null ? {} : { parent }),
    async step(...args: readonly unknown[]) {
      const result = await runOne(definitionOf(args), context, { parts, counts });
      if (result === "passed") counts.passedSteps++;
      if (result === "failed") counts.failedSteps++;
      if (result === "failed") failedSteps++;
      return result !== "failed";
    },
  };
  try {
    await fn(context);
  } catch (error) {
    if (isInterrupted(error)) throw error;
    print(`${paint.red("FAILED")} ${timeSince(begin)}`);
    const lines = parts.traceback(error).join("\n").split("\n");
    for (const line of lines) parts.print("stdout", `${indent}  ${line}\n`);
    return "failed";
  }
  if (failedSteps > 0) {
    const steps = `${failedSteps} failed ${failedSteps === 1 ? "step" : "steps"}`;
    print(`${paint.red("FAILED")} (due to ${steps}) ${timeSince(begin)}`);
    return "failed";
  }
  print(`${paint.green("ok")} ${timeSince(begin)}`);
  return "passed";
}

function depthOf(context: TestContext | null): number {
  return context === null ? 0 : 1 + depthOf(context.parent ?? null);
}

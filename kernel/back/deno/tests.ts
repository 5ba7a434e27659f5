/** `Deno.test`: what a cell registers runs behind it, and fails no cell. https://docs.deno.com/api/deno/testing */
import { paint } from "../../cell/excerpt.ts";

type Work = (context: TestContext) => unknown;

interface TestOptions {
  readonly name?: string;
  readonly fn?: Work;
  readonly ignore?: boolean;
  readonly only?: boolean;
}

interface TestContext {
  readonly name: string;
  /** Runs a part of the test, and resolves to whether it passed; the test fails with it. */
  step(...definition: Definition): Promise<boolean>;
}

type Definition = readonly (string | TestOptions | Work)[];
type Register = (...definition: Definition) => void;

/** What tests are run with. */
export interface TestHost {
  readonly print: (text: string) => void;
  /** Has work done when the cell that speaks is over, and before its end is told. */
  readonly behind: (work: () => Promise<void>) => void;
  /** An error as the cell's own are shown. */
  readonly tracebackOf: (error: unknown) => readonly string[];
}

export function makeTest(host: TestHost): Register & Record<"ignore" | "only", Register> {
  let waiting: TestOptions[] = [];
  const register = (definition: Definition, more: TestOptions = {}): void => {
    if (waiting.length === 0) {
      host.behind(async () => {
        const tests = waiting;
        waiting = [];
        await new Round(host).run(tests);
      });
    }
    waiting.push({ ...read(definition, "Deno.test"), ...more });
  };
  const test: Register = (...definition) => register(definition);
  return Object.assign(test, {
    ignore: (...definition: Definition) => register(definition, { ignore: true }),
    only: (...definition: Definition) => register(definition, { only: true }),
  });
}

/** The tests of one cell. */
class Round {
  readonly #host: TestHost;
  #passed = 0;
  #failed = 0;
  #ignored = 0;

  constructor(host: TestHost) {
    this.#host = host;
  }

  async run(all: readonly TestOptions[]): Promise<void> {
    const { print } = this.#host;
    const only = all.filter((test) => test.only === true);
    const tests = only.length > 0 ? only : all;
    const from = performance.now();
    for (const test of tests) {
      if (test.ignore !== true) await this.#test(test);
      else {
        this.#ignored++;
        print(`${test.name} ... ${paint.bold("ignored")} ${took(0)}\n`);
      }
    }
    const verdict = this.#failed === 0 ? paint.green("ok") : paint.red("FAILED");
    const others = [
      ...(this.#ignored > 0 ? [` | ${this.#ignored} ignored`] : []),
      ...(tests.length < all.length ? [` | ${all.length - tests.length} filtered out`] : []),
    ];
    const counts = `${this.#passed} passed | ${this.#failed} failed${others.join("")}`;
    print(`\n${verdict} | ${counts} ${took(performance.now() - from)}\n`);
  }

  async #test({ name = "", fn }: TestOptions): Promise<void> {
    if (await this.#part(name, fn, "")) this.#passed++;
    else this.#failed++;
  }

  /** Runs a test or a step, and prints how it went below those of its own steps. */
  async #part(name: string, fn: Work | undefined, indent: string): Promise<boolean> {
    const { print, tracebackOf } = this.#host;
    let isWhole = true;
    const step = async (...definition: Definition): Promise<boolean> => {
      const part = read(definition, "t.step");
      if (part.ignore === true) return false;
      const hasPassed = await this.#part(part.name ?? "", part.fn, `${indent}  `);
      isWhole &&= hasPassed;
      return hasPassed;
    };
    const from = performance.now();
    let failure: readonly string[] = [];
    try {
      await fn?.({ name, step });
    } catch (error) {
      failure = tracebackOf(error);
    }
    const hasPassed = isWhole && failure.length === 0;
    const verdict = hasPassed ? paint.green("ok") : paint.red("FAILED");
    print(`${indent}${name} ... ${verdict} ${took(performance.now() - from)}\n`);
    for (const line of failure.join("\n").split("\n"))
      if (line !== "") print(`${indent}  ${line}\n`);
    return hasPassed;
  }
}

function took(milliseconds: number): string {
  return paint.dim(
    `(${milliseconds < 1000 ? `${Math.round(milliseconds)}ms` : `${(milliseconds / 1000).toFixed(1)}s`})`,
  );
}

/** The forms are many: a name, options, a function, in this order, and any of the first two left out. */
function read(definition: Definition, who: string): TestOptions {
  let options: TestOptions = {};
  for (const part of definition) {
    if (typeof part === "string") options = { ...options, name: part };
    else if (typeof part === "function") options = { name: part.name, ...options, fn: part };
    else options = { ...options, ...part };
  }
  const { name = options.fn?.name ?? "", fn } = options;
  if (name === "") throw new TypeError(`${who}: a test has a name: ${who}("name", () => …)`);
  if (fn === undefined && options.ignore !== true)
    throw new TypeError(`${who}: "${name}" has no function to run`);
  return { ...options, name };
}

/** A program as a WebAssembly module: one function for each kernel, and one that calls them in order. */
import { toSource, words, type Scalar, type Word } from "../../core/scalar.ts";
import type { Cut, GemmInstruction, Kernel, Program, Slot } from "../program.ts";
import { Code } from "./code.ts";
import { emitDots, isOfRows } from "./dots.ts";
import { PART, SCRATCH, type Place, type Target } from "./emit.ts";
import { canMultiply, emitGemm, Products } from "./gemm.ts";
import type { Abilities } from "./lanes.ts";
import { canVectorise, emitMap } from "./map.ts";
import { isEmitted } from "./express.ts";
import { Module, type Import } from "./module.ts";
import { phaseName } from "./pool.ts";
import { canReduce, emitReduce } from "./reduce.ts";
import { emitTinyGemm, tinyKind } from "./tiny_gemm.ts";

/** How one kernel is computed. */
export type Way = "wasm" | "threads" | "javascript";

/** What a module is made from. */
export interface Compiling {
  readonly program: Program;
  readonly place: (slot: Slot) => Place;
  readonly abilities: Abilities;
  /** The scratch memory of the main thread. */
  readonly scratch: number;
}

/** A finished module with what it needs. */
export interface Compiled {
  readonly module: Module;
  /** The words that it imports. */
  readonly words: ReadonlySet<Word>;
  /** Of each kernel. */
  readonly ways: readonly Way[];
}

/** What every module imports: a step that is not in the module, and a phase for several threads. */
const imports: readonly Import[] = [
  { name: "step", params: ["i32"], results: [] },
  { name: "fork", params: ["i32"], results: [] },
];

/** The words of a program's expressions for which there is no instruction, with those that there may be. */
function wordsOf({ kernels }: Program): Set<Word> {
  const found = new Set<Word>();
  const look = (expression: Scalar): void => {
    if (expression.kind !== "apply") return;
    if (!isEmitted(expression.word)) found.add(expression.word);
    for (const arg of expression.args) look(arg);
  };
  for (const kernel of kernels) {
    if (kernel.kind === "map") for (const one of kernel.body) look(one.expression);
  }
  return found;
}

function wordImport(name: Word): Import {
  return { name, params: Array.from({ length: words[name] }, () => "f64"), results: ["f64"] };
}

/** Every word, as a thread needs them, which does not know what it will be given. */
export const allWords = Object.keys(words) as readonly Word[];

/** Words as functions, for modules to import. */
export function wordFunctions(wanted: Iterable<Word>): Record<string, (...x: number[]) => number> {
  const parameters = ["x", "y", "z"];
  return Object.fromEntries(
    Array.from(wanted, (word) => {
      const names = parameters.slice(0, words[word]);
      const args = names.map((_, index) => ({ kind: "input", index }) as const);
      const text = toSource({ kind: "apply", word, args }, (i) => parameters[i]);
      // The source is a word of the scalar language, nothing from outside.
      // oxlint-disable-next-line typescript/no-implied-eval -- as in the JavaScript backend
      return [word, new Function(...names, `return ${text};`) as (...x: number[]) => number];
    }),
  );
}

/** Compiles a program. */
export function compile(compiling: Compiling): Compiled {
  const { program, abilities, place, scratch } = compiling;
  const used = wordsOf(program);
  const module = new Module([...imports, ...Array.from(used, wordImport)]);
  const products = new Products(module, abilities);
  const target: Target = { ...abilities, place, imported: (word) => module.imported(word) };
  const run = new Code();
  const ways: Way[] = [];
  for (const [i, { kernels, parts, cuts }] of program.phases.entries()) {
    const shared = new Code("i32", "i32");
    for (const kernel of kernels) {
      const code = emit(target, kernel, products, cuts.get(kernel));
      if (code === undefined) {
        run.i32(ways.length).call(module.imported("step"));
        ways.push("javascript");
      } else if (parts === 1) {
        run.i32(0).i32(scratch).call(module.add(code));
        ways.push("wasm");
      } else {
        shared.get(PART).get(SCRATCH).call(module.add(code));
        ways.push("threads");
      }
    }
    if (parts > 1) {
      module.add(shared, phaseName(i));
      run.i32(i).call(module.imported("fork"));
    }
  }
  module.add(run, "run");
  return { module, words: used, ways };
}

function emit(
  target: Target,
  kernel: Kernel,
  products: Products,
  cut: Cut | undefined,
): Code | undefined {
  switch (kernel.kind) {
    case "map":
      return canVectorise(kernel) ? emitMap(target, kernel, cut) : undefined;
    case "reduce":
      return canReduce(kernel) ? emitReduce(target, kernel, cut) : undefined;
    case "gemm":
      return canMultiply(kernel) ? emitProduct(target, kernel, products, cut) : undefined;
    case "call":
      return undefined;
    default:
      throw kernel satisfies never;
  }
}

function emitProduct(
  target: Target,
  step: GemmInstruction,
  products: Products,
  cut: Cut | undefined,
): Code {
  if (isOfRows(step)) return emitDots(target, step, cut);
  const width = step.out.dtype === "float64" ? 2 : 4;
  if (cut === undefined && tinyKind(step, width) !== undefined) return emitTinyGemm(target, step);
  return emitGemm(target, step, products, cut);
}

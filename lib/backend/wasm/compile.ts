/** A program as a WebAssembly module: one function for each kernel, and one that calls them in order. */
import { toSource, words, type Scalar, type Word } from "../../core/scalar.ts";
import type { GemmInstruction, Kernel, Program, Slot } from "../program.ts";
import { Code } from "./code.ts";
import { floatOf, type Place, type Target } from "./emit.ts";
import { cutOf, emitGemm, Products } from "./gemm.ts";
import { lanesOf, type Abilities } from "./lanes.ts";
import { canVectorise, emitMap, outermost, type Chunks } from "./map.ts";
import { isEmitted } from "./express.ts";
import { Module, type Import } from "./module.ts";
import { canReduce, emitReduce } from "./reduce.ts";
import { emitTinyGemm, tinyKind } from "./tiny_gemm.ts";
import { workOf } from "./work.ts";

/** How one kernel is computed. */
export type Way = "wasm" | "threads" | "javascript";

/** What a module is made from. */
export interface Compiling {
  readonly program: Program;
  readonly place: (slot: Slot) => Place;
  readonly abilities: Abilities;
  /** Threads that can share a kernel. */
  readonly threads: number;
  /** The scratch memory of the main thread. */
  readonly scratch: number;
}

/** A finished module with what it needs. */
export interface Compiled {
  readonly module: Module;
  /** The words that it imports. */
  readonly words: ReadonlySet<Word>;
  readonly ways: readonly Way[];
  /** Of each kernel: how many chunks it is cut into. */
  readonly chunks: readonly number[];
}

/** Multiplications (about 8 to a nanosecond) below which a second thread costs more than it brings. */
const WORTH_A_THREAD = 400_000;
/** Positions times operations (about 14 to a nanosecond) of an elementwise kernel below which it is not cut. */
const WORTH_CUTTING = 200_000;

/** What every module imports: a step that is not in the module, and a kernel for several threads. */
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
  const counts: number[] = [];
  for (const [i, kernel] of program.kernels.entries()) {
    const chunks = chunksOf(kernel, compiling);
    const code = emit(target, kernel, products, chunks);
    counts.push(chunks.count);
    if (code === undefined) {
      ways.push("javascript");
      run.i32(i).call(module.imported("step"));
    } else if (chunks.count > 1) {
      ways.push("threads");
      module.add(code, `kernel${i}`);
      run.i32(i).call(module.imported("fork"));
    } else {
      ways.push("wasm");
      run.i32(0).i32(scratch).call(module.add(code));
    }
  }
  module.add(run, "run");
  return { module, words: used, ways, chunks: counts };
}

function emit(
  target: Target,
  kernel: Kernel,
  products: Products,
  chunks: Chunks,
): Code | undefined {
  switch (kernel.kind) {
    case "map":
      return canVectorise(kernel) ? emitMap(target, kernel, chunks) : undefined;
    case "reduce":
      return canReduce(kernel) ? emitReduce(target, kernel) : undefined;
    case "gemm":
      return canMultiply(kernel) ? emitProduct(target, kernel, products, chunks) : undefined;
    case "call":
      return undefined;
    default:
      throw kernel satisfies never;
  }
}

/** Whether a product is one of floats of one type, with not too many matrices for a function to list. */
function canMultiply({ a, b, out, layout }: GemmInstruction): boolean {
  return (
    a.dtype === out.dtype &&
    b.dtype === out.dtype &&
    floatOf([out]) !== undefined &&
    layout.outOffsets.length <= 64
  );
}

function emitProduct(
  target: Target,
  step: GemmInstruction,
  products: Products,
  chunks: Chunks,
): Code {
  const width = step.out.dtype === "float64" ? 2 : 4;
  if (chunks.count === 1 && tinyKind(step, width) !== undefined) return emitTinyGemm(target, step);
  return emitGemm(target, step, products, chunks);
}

const whole: Chunks = { count: 1, length: Number.MAX_SAFE_INTEGER };

function chunksOf(kernel: Kernel, { threads, abilities }: Compiling): Chunks {
  if (threads < 2) return { ...whole, length: 0x7fffffff };
  const { work, length, multiple } = cutting(kernel, abilities);
  if (work === 0) return { ...whole, length: 0x7fffffff };
  // More chunks than threads, so that one that is held up does not hold up the others; but each packs anew.
  const each = work > 200_000_000 ? 4 : work > 50_000_000 ? 2 : 1;
  const wanted = threads * each;
  const size = Math.ceil(length / wanted / multiple) * multiple;
  return { count: Math.ceil(length / size), length: size };
}

function cutting(
  kernel: Kernel,
  abilities: Abilities,
): { work: number; length: number; multiple: number } {
  const none = { work: 0, length: 1, multiple: 1 };
  if (kernel.kind === "gemm") {
    const dtype = floatOf([kernel.out]);
    const isOne = kernel.layout.outOffsets.length === 1;
    if (dtype === undefined || !canMultiply(kernel) || !isOne) return none;
    const work = workOf(kernel);
    return work < WORTH_A_THREAD ? none : { work, ...cutOf(kernel, lanesOf(dtype, abilities)) };
  }
  if (kernel.kind !== "map" || !canVectorise(kernel)) return none;
  const work = workOf(kernel);
  const { length, multiple } = outermost(kernel);
  return work < WORTH_CUTTING || length < 2 * multiple ? none : { work, length, multiple };
}

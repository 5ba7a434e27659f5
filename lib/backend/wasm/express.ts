/** Scalar expressions on whole vectors. */
import type { Scalar, Word } from "../../core/scalar.ts";
import type { Code } from "./code.ts";
import { op } from "./code.ts";
import { absolute, negate, splat, v128, type Lanes } from "./lanes.ts";
import { emitExp, emitLog, emitTanh } from "./maths.ts";

/** What an expression is written into. */
export interface Expressing {
  readonly code: Code;
  readonly lanes: Lanes;
  /** Pushes the vector of an input. */
  readonly input: (index: number) => void;
  /** The function that computes a word which no instruction does, one number at a time. */
  readonly imported: (word: Word) => number;
}

/** The words with instructions of their own. */
const instructions = {
  add: "add",
  subtract: "sub",
  multiply: "mul",
  divide: "div",
  maximum: "max",
  minimum: "min",
  sqrt: "sqrt",
} as const;

/** The words that are a little more than an instruction. */
const short = { negative: negate, abs: absolute } as const;

const comparisons = { less: "lt", equal: "eq" } as const;

const emitted = new Set<string>([
  ...Object.keys(instructions),
  ...Object.keys(short),
  ...Object.keys(comparisons),
  "isNaN",
  "where",
  "exp",
  "log",
  "tanh",
  "sign",
]);

/** Whether a word is written in instructions; others are called. */
export function isEmitted(word: Word): boolean {
  return emitted.has(word);
}

/** Pushes the value of an expression. */
export function express(into: Expressing, expression: Scalar): void {
  const { code, lanes } = into;
  switch (expression.kind) {
    case "input":
      return into.input(expression.index);
    case "number":
      splat(code, lanes, expression.value);
      return undefined;
    case "apply":
      return applyWord(into, expression.word, expression.args);
    default:
      throw expression satisfies never;
  }
}

function applyWord(into: Expressing, word: Word, args: readonly Scalar[]): void {
  const { code, lanes } = into;
  if (word in instructions) {
    for (const arg of args) express(into, arg);
    code.simd(lanes.codes[instructions[word as keyof typeof instructions]]);
  } else if (word in short) {
    express(into, args[0]);
    short[word as keyof typeof short](code, lanes);
  } else if (word in comparisons || word === "isNaN") {
    mask(into, { kind: "apply", word, args });
    splat(code, lanes, 1).simd(v128.and);
  } else if (word === "where") {
    express(into, args[1]);
    express(into, args[2]);
    mask(into, args[0]);
    code.simd(v128.bitselect);
  } else {
    special(into, word, args);
  }
}

function special(into: Expressing, word: Word, args: readonly Scalar[]): void {
  const { code, lanes } = into;
  for (const arg of args) express(into, arg);
  switch (word) {
    case "exp":
      return emitExp(code, lanes);
    case "log":
      return emitLog(code, lanes);
    case "tanh":
      return emitTanh(code, lanes);
    case "sign":
      return emitSign(code, lanes);
    default:
      return laneByLane(into, into.imported(word), args.length);
  }
}

/** Pushes a mask of the lanes in which an expression is not 0. */
function mask(into: Expressing, expression: Scalar): void {
  const { code, lanes } = into;
  const word = expression.kind === "apply" ? expression.word : undefined;
  if (expression.kind === "apply" && word !== undefined && word in comparisons) {
    for (const arg of expression.args) express(into, arg);
    code.simd(lanes.codes[comparisons[word as keyof typeof comparisons]]);
    return;
  }
  if (expression.kind === "apply" && word === "isNaN") {
    const x = code.local("v128");
    express(into, expression.args[0]);
    code.tee(x).get(x).simd(lanes.codes.ne);
    code.release("v128", x);
    return;
  }
  express(into, expression);
  splat(code, lanes, 0).simd(lanes.codes.ne);
}

/** 1 or −1 where x is above or below 0, else x: the zeros keep their sign, and NaN stays. */
function emitSign(code: Code, lanes: Lanes): void {
  const x = code.local("v128");
  code.set(x);
  splat(code, lanes, 1);
  splat(code, lanes, -1).get(x).get(x);
  splat(code, lanes, 0).simd(lanes.codes.lt).simd(v128.bitselect).get(x);
  splat(code, lanes, 0).simd(lanes.codes.gt).simd(v128.bitselect);
  code.release("v128", x);
}

/** Calls a function of float64 numbers for each lane. */
function laneByLane({ code, lanes }: Expressing, index: number, operands: number): void {
  const { codes, width, type } = lanes;
  const xs = Array.from({ length: operands }, () => code.local("v128"));
  for (const x of xs.toReversed()) code.set(x);
  const result = code.local("v128");
  for (let lane = 0; lane < width; lane++) {
    code.get(lane === 0 ? xs[0] : result);
    for (const x of xs) {
      code.get(x).simd(codes.extract, lane);
      if (type === "f32") code.op(op.f64PromoteF32);
    }
    code.call(index);
    if (type === "f32") code.op(op.f32DemoteF64);
    code.simd(codes.replace, lane).set(result);
  }
  code.get(result);
  code.release("v128", ...xs, result);
}

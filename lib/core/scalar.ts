/** The scalar language: what elementwise ops are written in, and what every backend compiles. */

/** The words with the number of operands each takes. */
export const words = {
  add: 2,
  subtract: 2,
  multiply: 2,
  divide: 2,
  remainder: 2,
  power: 2,
  maximum: 2,
  minimum: 2,
  less: 2,
  equal: 2,
  where: 3,
  negative: 1,
  exp: 1,
  expm1: 1,
  log: 1,
  log1p: 1,
  sqrt: 1,
  tanh: 1,
  abs: 1,
  sign: 1,
  floor: 1,
  round: 1,
  sin: 1,
  cos: 1,
  isNaN: 1,
} as const;

/** A word of the scalar language. */
export type Word = keyof typeof words;

/** An expression over the numbers at one position of the inputs. */
export type Scalar =
  | { readonly kind: "input"; readonly index: number }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "apply"; readonly word: Word; readonly args: readonly Scalar[] };

/** The number at the current position of input `index`. */
export function input(index: number): Scalar {
  return { kind: "input", index };
}

type Operand = Scalar | number;

function apply(word: Word, ...args: readonly Operand[]): Scalar {
  const parts = args.map((x): Scalar => (typeof x === "number" ? { kind: "number", value: x } : x));
  return { kind: "apply", word, args: parts };
}

/**
 * The words as functions; `less` and `equal` give 1 or 0, `where` takes its second operand unless the first is 0,
 * `remainder` has the sign of its first operand, `round` goes from halfway to the even side.
 */
export const s = {
  add: (x: Operand, y: Operand): Scalar => apply("add", x, y),
  subtract: (x: Operand, y: Operand): Scalar => apply("subtract", x, y),
  multiply: (x: Operand, y: Operand): Scalar => apply("multiply", x, y),
  divide: (x: Operand, y: Operand): Scalar => apply("divide", x, y),
  remainder: (x: Operand, y: Operand): Scalar => apply("remainder", x, y),
  power: (x: Operand, y: Operand): Scalar => apply("power", x, y),
  maximum: (x: Operand, y: Operand): Scalar => apply("maximum", x, y),
  minimum: (x: Operand, y: Operand): Scalar => apply("minimum", x, y),
  less: (x: Operand, y: Operand): Scalar => apply("less", x, y),
  equal: (x: Operand, y: Operand): Scalar => apply("equal", x, y),
  where: (condition: Operand, x: Operand, y: Operand): Scalar => apply("where", condition, x, y),
  negative: (x: Operand): Scalar => apply("negative", x),
  exp: (x: Operand): Scalar => apply("exp", x),
  expm1: (x: Operand): Scalar => apply("expm1", x),
  log: (x: Operand): Scalar => apply("log", x),
  log1p: (x: Operand): Scalar => apply("log1p", x),
  sqrt: (x: Operand): Scalar => apply("sqrt", x),
  tanh: (x: Operand): Scalar => apply("tanh", x),
  abs: (x: Operand): Scalar => apply("abs", x),
  sign: (x: Operand): Scalar => apply("sign", x),
  floor: (x: Operand): Scalar => apply("floor", x),
  round: (x: Operand): Scalar => apply("round", x),
  sin: (x: Operand): Scalar => apply("sin", x),
  cos: (x: Operand): Scalar => apply("cos", x),
  isNaN: (x: Operand): Scalar => apply("isNaN", x),
} as const satisfies Record<Word, unknown>;

/** The value of an expression: the meaning that every backend has to reproduce. */
export function evaluate(expression: Scalar, inputs: readonly number[]): number {
  if (expression.kind === "input") return inputs[expression.index];
  if (expression.kind === "number") return expression.value;
  const [x, y, z] = expression.args.map((arg) => evaluate(arg, inputs)) as [number, number, number];
  return meaning[expression.word](x, y, z);
}

const meaning: Readonly<Record<Word, (x: number, y: number, z: number) => number>> = {
  add: (x, y) => x + y,
  subtract: (x, y) => x - y,
  multiply: (x, y) => x * y,
  divide: (x, y) => x / y,
  remainder: (x, y) => x % y,
  power: (x, y) => x ** y,
  maximum: (x, y) => Math.max(x, y),
  minimum: (x, y) => Math.min(x, y),
  less: (x, y) => (x < y ? 1 : 0),
  equal: (x, y) => (x === y ? 1 : 0),
  where: (condition, x, y) => (condition === 0 ? y : x),
  negative: (x) => -x,
  exp: (x) => Math.exp(x),
  expm1: (x) => Math.expm1(x),
  log: (x) => Math.log(x),
  log1p: (x) => Math.log1p(x),
  sqrt: (x) => Math.sqrt(x),
  tanh: (x) => Math.tanh(x),
  abs: (x) => Math.abs(x),
  sign: (x) => Math.sign(x),
  floor: (x) => Math.floor(x),
  round: (x) => halfToEven(x),
  sin: (x) => Math.sin(x),
  cos: (x) => Math.cos(x),
  isNaN: (x) => (Number.isNaN(x) ? 1 : 0),
};

/** To the nearest whole number; halfway between two, to the even one. */
function halfToEven(x: number): number {
  const isHalfway = Math.abs(x % 1) === 0.5;
  return isHalfway ? 2 * Math.round(x / 2) : Math.round(x);
}

/** An expression as a JavaScript expression; `name` says how input `index` is written. */
export function toSource(expression: Scalar, name: (index: number) => string): string {
  if (expression.kind === "input") return name(expression.index);
  if (expression.kind === "number") return literal(expression.value);
  const [x, y, z] = expression.args.map((arg) => toSource(arg, name)) as [string, string, string];
  return source[expression.word](x, y, z);
}

function literal(value: number): string {
  return Object.is(value, -0) ? "(-0)" : `(${value})`;
}

const source: Readonly<Record<Word, (x: string, y: string, z: string) => string>> = {
  add: (x, y) => `(${x} + ${y})`,
  subtract: (x, y) => `(${x} - ${y})`,
  multiply: (x, y) => `(${x} * ${y})`,
  divide: (x, y) => `(${x} / ${y})`,
  remainder: (x, y) => `(${x} % ${y})`,
  power: (x, y) => `Math.pow(${x}, ${y})`,
  maximum: (x, y) => `Math.max(${x}, ${y})`,
  minimum: (x, y) => `Math.min(${x}, ${y})`,
  less: (x, y) => `(${x} < ${y} ? 1 : 0)`,
  equal: (x, y) => `(${x} === ${y} ? 1 : 0)`,
  where: (condition, x, y) => `(${condition} === 0 ? ${y} : ${x})`,
  negative: (x) => `(-${x})`,
  exp: (x) => `Math.exp(${x})`,
  expm1: (x) => `Math.expm1(${x})`,
  log: (x) => `Math.log(${x})`,
  log1p: (x) => `Math.log1p(${x})`,
  sqrt: (x) => `Math.sqrt(${x})`,
  tanh: (x) => `Math.tanh(${x})`,
  abs: (x) => `Math.abs(${x})`,
  sign: (x) => `Math.sign(${x})`,
  floor: (x) => `Math.floor(${x})`,
  // Halfway, the half of x is nearest to the half of the even side.
  round: (x) => `(Math.abs(${x} % 1) === 0.5 ? 2 * Math.round(${x} / 2) : Math.round(${x}))`,
  sin: (x) => `Math.sin(${x})`,
  cos: (x) => `Math.cos(${x})`,
  isNaN: (x) => `(${x} !== ${x} ? 1 : 0)`,
};

/** Scalar expressions made shorter without changing what they compute. */
import { evaluate, type Scalar } from "../../core/scalar.ts";

const ZERO: Scalar = { kind: "number", value: 0 };

/** Replaces inputs; a number in place of an input becomes part of the expression. */
export function substitute(expression: Scalar, replace: (index: number) => Scalar): Scalar {
  if (expression.kind === "input") return replace(expression.index);
  if (expression.kind === "number") return expression;
  const args = expression.args.map((arg) => substitute(arg, replace));
  return shorten({ ...expression, args });
}

/** One application whose arguments are short already. */
function shorten(expression: Scalar & { kind: "apply" }): Scalar {
  const { word, args } = expression;
  if (args.every((arg) => arg.kind === "number")) {
    return { kind: "number", value: evaluate(expression, []) };
  }
  const [x, y] = args;
  // Only what holds for −0, infinities and NaN, too.
  if (word === "multiply" && isNumber(x, 1)) return y;
  if ((word === "multiply" || word === "divide") && isNumber(y, 1)) return x;
  if (word === "subtract" && isNumber(y, 0)) return x;
  if (word === "negative" && x.kind === "apply" && x.word === "negative") return x.args[0];
  if (word === "where" && x.kind === "number") return args[x.value === 0 ? 2 : 1];
  if (word === "power" && isNumber(y, 2)) return { ...expression, word: "multiply", args: [x, x] };
  return expression;
}

function isNumber(x: Scalar, value: number): boolean {
  return x.kind === "number" && Object.is(x.value, value);
}

/** How much each input counts, where an expression is a sum of multiples of inputs. */
export function multiples(expression: Scalar, inputs: number): number[] | undefined {
  if (expression.kind === "input") {
    return Array.from({ length: inputs }, (_, i) => Number(i === expression.index));
  }
  if (expression.kind === "number") return undefined;
  const { word, args } = expression;
  const [x, y = ZERO] = args;
  const scaled = (part: Scalar, by: number): number[] | undefined =>
    multiples(part, inputs)?.map((factor) => factor * by);
  if (word === "negative") return scaled(x, -1);
  if (word === "multiply" && y.kind === "number") return scaled(x, y.value);
  if (word === "multiply" && x.kind === "number") return scaled(y, x.value);
  if (word !== "add" && word !== "subtract") return undefined;
  const [left, right] = [multiples(x, inputs), scaled(y, word === "add" ? 1 : -1)];
  return left && right && left.map((factor, i) => factor + right[i]);
}

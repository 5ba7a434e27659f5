/** What the mistakes of the tables are made with. */
import * as gradbook from "../../../lib/index.ts";
import {
  constant,
  Graph,
  multiply,
  placeholder,
  reduceSum,
  Session,
  Tensor,
  Variable,
  type Constant,
  type Fetch,
  type Feeds,
  type Node,
} from "../../../lib/index.ts";

/** A function as JavaScript sees it. */
export type Untyped = (...args: readonly unknown[]) => unknown;

/** A class as JavaScript sees it. */
export type UntypedClass = new (...args: readonly unknown[]) => unknown;

/** The public API without its types. */
export const untyped: Readonly<Record<string, unknown>> = gradbook;

/** A graph with a matrix, a vector, placeholders and a loss; another graph's node. */
export interface Fixture {
  readonly M: Variable;
  readonly v: Variable;
  readonly x: Node;
  readonly x2: Node;
  readonly ints: Constant;
  readonly J: Node;
  readonly foreign: Node;
  readonly run: Untyped;
  readonly reshaped: (shape: readonly number[]) => Tensor;
}

/** A title, a mistake, and the error it throws, name first. */
export type Row = readonly [title: string, mistake: (fixture: Fixture) => unknown, error: string];

/** A fixture in a new graph. */
export function fixture(): Fixture {
  new Graph().asDefault();
  const foreign = constant(1, { name: "foreign" });
  new Graph().asDefault();
  const M = new Variable(
    [
      [1, 2],
      [3, 4],
    ],
    { name: "M" },
  );
  return {
    M,
    v: new Variable([1, 2], { name: "v" }),
    x: placeholder({ name: "x" }),
    x2: placeholder({ name: "x2", shape: [null, 2] }),
    ints: constant([1, 2], { dtype: "int32", name: "ints" }),
    J: reduceSum(multiply(M, M), { name: "J" }),
    foreign,
    run: (fetch, feeds, options) =>
      new Session().run(fetch as Fetch, feeds as Feeds | undefined, options as object | undefined),
    reshaped: (shape) => new Tensor(new Float64Array(shape.reduce((a, b) => a * b, 1)), shape),
  };
}

/** Mistakes with gradients and training, each with the exact text of its error; the line that made the node is in it. */
import { untyped, type Fixture, type Row, type Untyped, type UntypedClass } from "./fixture.ts";

// What follows is written as by somebody whom TypeScript does not stop.
const {
  RegisterGradient,
  argMax,
  cast,
  checkGradients,
  computeGradients,
  constant,
  hessianVectorProduct,
  jacobian,
  multiply,
  reduceSum,
  round,
  slice,
  stopGradient,
} = untyped as Readonly<Record<string, Untyped>>;
const { GradientDescentOptimizer } = untyped as unknown as Readonly<Record<string, UntypedClass>>;

/** Rows of a title, the mistake, and what is thrown. */
export const gradients: readonly Row[] = [
  [
    "a gradient of a matrix",
    ({ M }: Fixture) => computeGradients(multiply(M, 2)),
    "ShapeError: computeGradients: y has shape [2, 2]; wanted a scalar: reduceSum(y) first, or pass gradYs (made at HERE)",
  ],
  [
    "gradYs of another shape",
    ({ M }: Fixture) => computeGradients(multiply(M, 2), [M], { gradYs: [1, 2] }),
    'ShapeError: computeGradients: gradYs [2] for y multiply "multiply_1" [2, 2]: shapes must be equal (made at HERE)',
  ],
  [
    "xs that is no list",
    ({ J, M }: Fixture) => computeGradients(J, M),
    "GraphError: computeGradients: xs is no array; write computeGradients(y, [x]) (made at HERE)",
  ],
  [
    "a gradient of integers",
    ({ ints }: Fixture) => computeGradients(ints),
    'GraphError: computeGradients: constant "ints" (made at HERE) is int32; only floats have gradients',
  ],
  [
    "a gradient that an op blocks",
    ({ M }: Fixture) => computeGradients(reduceSum(stopGradient(M)), [M]),
    'GraphError: computeGradients: no gradient of reduceSum reaches variable "M" (made at HERE): the op stopGradient (made at HERE) passes none back; take it out of the path, or do not request this node; path reduceSum ← stopGradient ← M',
  ],
  [
    "a gradient that goes through counting",
    ({ M }: Fixture) => computeGradients(reduceSum(cast(argMax(M), { dtype: "float64" })), [M]),
    'GraphError: computeGradients: no gradient of reduceSum reaches variable "M" (made at HERE): the op cast (made at HERE) passes none back; take it out of the path, or do not request this node; path reduceSum ← cast ← argMax ← M',
  ],
  [
    "a gradient of something else",
    ({ J, v }: Fixture) => computeGradients(J, [v]),
    'GraphError: computeGradients: no gradient of reduceSum "J" reaches variable "v" (made at HERE): reduceSum "J" is not computed from it; request nodes that lead to it',
  ],
  [
    "jacobian of an unknown shape",
    ({ x }: Fixture) => jacobian(multiply(x, 2), x),
    'ShapeError: jacobian: y multiply "multiply_1" unknown (made at HERE) has a shape that is known only in the run; give its placeholders a shape',
  ],
  [
    "jacobian of nothing",
    ({ v }: Fixture) => jacobian(slice(v, { end: 0 }), v),
    "ShapeError: jacobian: y slice [0] (made at HERE) is empty; it has no derivatives",
  ],
  [
    "jacobian of a number",
    ({ M }: Fixture) => jacobian(1, M),
    "GraphError: jacobian: y: got number 1; wanted a node (made at HERE)",
  ],
  [
    "hessianVectorProduct without a vector",
    ({ J, M }: Fixture) => hessianVectorProduct(J, [M], []),
    "GraphError: hessianVectorProduct: wanted one vector for each node: hessianVectorProduct(y, [x], [v]) (made at HERE)",
  ],
  [
    "hessianVectorProduct of another shape",
    ({ J, M }: Fixture) => hessianVectorProduct(J, [M], [[1, 2]]),
    'ShapeError: hessianVectorProduct: v [2] for x variable "M" [2, 2] (made at HERE): shapes must be equal',
  ],
  [
    "minimize of a constant",
    () =>
      (new GradientDescentOptimizer({ learningRate: 1 }) as { minimize: Untyped }).minimize(
        constant(1),
      ),
    "GraphError: minimize: no trainable variable is reached by a gradient of constant (made at HERE); build the loss from a new Variable(…)",
  ],
  [
    "minimize through an op without gradient",
    ({ M }: Fixture) =>
      (new GradientDescentOptimizer({ learningRate: 1 }) as { minimize: Untyped }).minimize(
        reduceSum(round(M)),
      ),
    'GraphError: computeGradients: no gradient of reduceSum reaches variable "M" (made at HERE): the op round (made at HERE) passes none back; take it out of the path, or do not request this node; path reduceSum ← round ← M',
  ],
  [
    "a learning rate that is not a number",
    () => new GradientDescentOptimizer({ learningRate: NaN }),
    "TypeError: GradientDescentOptimizer: learningRate is number NaN; wanted a finite number from 0 up; write new GradientDescentOptimizer({ learningRate: 0.01 })",
  ],
  [
    "no learning rate",
    () => new GradientDescentOptimizer(),
    "TypeError: GradientDescentOptimizer: options are undefined; write new GradientDescentOptimizer({ learningRate: 0.01 })",
  ],
  [
    "checkGradients of nothing",
    () => checkGradients(constant(1)),
    "GraphError: checkGradients: constant (made at HERE) is computed from no variable or placeholder; build it from a new Variable(…)",
  ],
  [
    "RegisterGradient of a built-in op",
    () => RegisterGradient("matmul"),
    "GraphError: RegisterGradient: matmul is built in and has its gradient; give your op class a name of its own",
  ],
  [
    "RegisterGradient without a name",
    () => RegisterGradient(""),
    'GraphError: RegisterGradient: wants the name of an op class, as RegisterGradient("Square")',
  ],
  [
    "RegisterGradient with a number",
    () => (RegisterGradient("Mine") as Untyped)(2),
    'GraphError: RegisterGradient("Mine"): wants a function (op, grad) => …, a static method, or a class with a static method gradient',
  ],
];

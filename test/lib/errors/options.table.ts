/** Mistakes in options: left out, written by themselves, misspelt, of the wrong kind; each with the exact text of its error. */
import { random, tensor as makeTensor } from "../../../lib/index.ts";
import { untyped, type Fixture, type Row, type Untyped, type UntypedClass } from "./fixture.ts";

// What follows is written as by somebody whom TypeScript does not stop.
const {
  abs,
  batchNorm,
  broadcastTo,
  cast,
  checkGradients,
  clip,
  clipByGlobalNorm,
  computeGradients,
  constant,
  expandDims,
  explain,
  gather,
  layerNorm,
  linspace,
  multiply,
  nameScope,
  oneHot,
  pad,
  placeholder,
  randomBernoulli,
  randomNormal,
  randomUniform,
  range,
  reduceSum,
  reshape,
  softmaxCrossEntropy,
  tensor,
  tile,
  topK,
  transpose,
  unstack,
  where,
} = untyped as Readonly<Record<string, Untyped>>;
const { GradientDescentOptimizer, Graph, Session, Tensor, Variable } =
  untyped as unknown as Readonly<Record<string, UntypedClass>>;
type Methods = Readonly<Record<string, Untyped>>;
const stream = random(1) as unknown as Methods;
const pair = makeTensor([1, 2]) as unknown as Methods;
const descent = new GradientDescentOptimizer({ learningRate: 1 }) as Methods;

/** Rows of a title, the mistake, and what is thrown. */
export const options: readonly Row[] = [
  [
    "a placeholder with TensorFlow's open size",
    () => placeholder({ name: "X", shape: [-1, 2] }),
    "ShapeError: placeholder X: shape [-1, 2]: a size that is open is null; write placeholder({ shape: [null,2] }) (made at HERE)",
  ],
  [
    "an optimizer's option by another library's name",
    () => new GradientDescentOptimizer({ lr: 0.1 }),
    "TypeError: GradientDescentOptimizer: has no option lr; did you mean learningRate? it has learningRate, weightDecay, clipValue, clipNorm, clipGlobalNorm",
  ],
  [
    "reshape to a number",
    ({ M }: Fixture) => reshape(M, { shape: 4 }),
    "ShapeError: reshape: shape is 4; wanted an array of sizes, as [2, 3] (made at HERE)",
  ],
  [
    "reshape to nothing",
    ({ M }: Fixture) => reshape(M, {}),
    "ShapeError: reshape: shape is undefined; wanted an array of sizes, as [2, 3] (made at HERE)",
  ],
  [
    "reshape to half a size",
    ({ M }: Fixture) => reshape(M, { shape: [2.5, 2] }),
    "ShapeError: reshape: shape 2.5,2: sizes are whole numbers from 0 up (made at HERE)",
  ],
  [
    "transpose to one axis",
    ({ M }: Fixture) => transpose(M, { axes: 1 }),
    "ShapeError: transpose: axes is 1; wanted an array of all axes: { axes: [1, 0] } (made at HERE)",
  ],
  [
    "an axis as text",
    ({ M }: Fixture) => reduceSum(M, { axis: "0" }),
    'ShapeError: reduceSum: axis is "0"; wanted a number, or an array of numbers (made at HERE)',
  ],
  [
    "an axis that is null",
    ({ M }: Fixture) => reduceSum(M, { axis: null }),
    "ShapeError: reduceSum: axis is null; wanted a number, or an array of numbers (made at HERE)",
  ],
  [
    "expandDims nowhere",
    ({ M }: Fixture) => expandDims(M, {}),
    "ShapeError: expandDims: axis is undefined; wanted a number; use -3 to 2 (made at HERE)",
  ],
  [
    "broadcastTo nothing",
    ({ M }: Fixture) => broadcastTo(M, {}),
    "ShapeError: broadcastTo: shape is undefined; wanted an array of sizes, as [2, 3] (made at HERE)",
  ],
  [
    "tile by one number",
    ({ M }: Fixture) => tile(M, { multiples: 2 }),
    "ShapeError: tile: multiples is 2; wanted one number per axis: { multiples: [2, 1] } (made at HERE)",
  ],
  [
    "pad by nothing",
    ({ M }: Fixture) => pad(M, {}),
    "ShapeError: pad: paddings is undefined; wanted [before, after] for each axis, or one number for all ends (made at HERE)",
  ],
  [
    "pad with half a pair",
    ({ M }: Fixture) => pad(M, { paddings: [[1, 1], [1]] }),
    "ShapeError: pad: paddings is [[1,1],[1]]; wanted [before, after] for each axis, or one number for all ends (made at HERE)",
  ],
  [
    "pad of unknown rank by text",
    ({ x }: Fixture) => pad(x, { paddings: "1" }),
    'ShapeError: pad: paddings is "1"; wanted [before, after] for each axis, or one number for all ends (made at HERE)',
  ],
  [
    "cast to a type there is not",
    ({ M }: Fixture) => cast(M, { dtype: "int64" }),
    "TypeError: dtype int64 is unknown; use one of float64, float32, int32, bool (made at HERE)",
  ],
  [
    "gather at half an index",
    ({ M }: Fixture) => gather(M, [0.5]),
    "GraphError: gather: indices: 0.5 is no whole number of int32; wanted indices or class numbers (made at HERE)",
  ],
  [
    "oneHot of half a class",
    () => oneHot([0.5], { depth: 2 }),
    "GraphError: oneHot: indices: 0.5 is no whole number of int32; wanted indices or class numbers (made at HERE)",
  ],
  [
    "half a number beside int32",
    ({ ints }: Fixture) => multiply(ints, 2.5),
    'GraphError: multiply: 2.5 is no whole number of int32; a literal has the type of the nodes beside it: cast them first, cast(x, { dtype: "float64" }) (made at HERE)',
  ],
  [
    "clip of int32 at half a number",
    ({ ints }: Fixture) => clip(ints, { min: 0.5 }),
    'GraphError: clip: 0.5 is no whole number, and x is int32; cast x first: cast(x, { dtype: "float64" }) (made at HERE)',
  ],
  [
    "int32 padded with NaN",
    ({ ints }: Fixture) => pad(ints, { paddings: 1, value: NaN }),
    'GraphError: pad: value is number NaN, and x is int32; wanted a whole number, or cast x first: cast(x, { dtype: "float64" }) (made at HERE)',
  ],
  [
    "NaN beside int32",
    ({ ints }: Fixture) => where([true, false], ints, [NaN, 1]),
    'GraphError: where: y: NaN is no whole number of int32; a literal has the type of the nodes beside it: cast them first, cast(x, { dtype: "float64" }) (made at HERE)',
  ],
  [
    "a placeholder with an option there is not",
    () => placeholder({ nam: "x" }),
    "GraphError: placeholder: has no option nam; did you mean name? it has name, shape, dtype (made at HERE)",
  ],
  [
    "a variable with an option there is not",
    () => new Variable(1, { train: false }),
    "GraphError: Variable: has no option train; did you mean trainable? it has name, trainable, dtype (made at HERE)",
  ],
  [
    "a constant with an option there is not",
    () => constant(1, { type: "int32" }),
    "GraphError: constant: has no option type; did you mean dtype? it has name, dtype (made at HERE)",
  ],
  [
    "bytes that are no booleans",
    () => tensor(new Uint8Array([0, 255])),
    'TypeError: tensor: a Uint8Array is read as booleans, 0 and 1, and this one holds 255; for numbers, say so: tensor(bytes, { dtype: "float64" })',
  ],
  [
    "unstack with an axis by itself",
    ({ M }: Fixture) => unstack(M, 1),
    "TypeError: unstack: options are number 1; write unstack(x, { axis: 1 }) (made at HERE)",
  ],
  [
    "topK with k by itself",
    ({ M }: Fixture) => topK(M, 2),
    "TypeError: topK: options are number 2; write topK(x, { k: 3 }) (made at HERE)",
  ],
  [
    "range with a step by itself",
    () => range(0, 10, 2),
    "TypeError: range: options are number 2; write range(0, 10, { step: 2 }) (made at HERE)",
  ],
  [
    "linspace with a count by itself",
    () => linspace(0, 1, 5),
    "TypeError: linspace: options are number 5; write linspace(0, 1, { count: 5 }) (made at HERE)",
  ],
  [
    "linspace without an end",
    () => linspace(0),
    "GraphError: linspace: start number 0, stop undefined; wanted finite numbers: linspace(0, 1, { count: 5 }) (made at HERE)",
  ],
  [
    "randomNormal of a negative deviation",
    () => randomNormal([2], { std: -1 }),
    "GraphError: randomNormal: std is number -1; wanted a number from 0 up (made at HERE)",
  ],
  [
    "randomUniform with an option there is not",
    () => randomUniform([2], { min: 0 }),
    "TypeError: randomUniform: has no option min; it has low, high, dtype, seed, name (made at HERE)",
  ],
  [
    "bounds by TensorFlow's names",
    () => randomUniform([2], { minval: 0 }),
    "TypeError: randomUniform: has no option minval; did you mean low? it has low, high, dtype, seed, name (made at HERE)",
  ],
  [
    "randomBernoulli with a probability by itself",
    () => randomBernoulli([2], 0.5),
    "TypeError: randomBernoulli: options are number 0.5; write randomBernoulli(8, { probability: 0.5 }) (made at HERE)",
  ],
  [
    "layerNorm with a negative epsilon",
    ({ M }: Fixture) => layerNorm(M, { epsilon: -1 }),
    "GraphError: layerNorm: epsilon is number -1; wanted a number from 0 up (made at HERE)",
  ],
  [
    "batchNorm with a momentum above 1",
    ({ M }: Fixture) => batchNorm(M, { training: true, momentum: 2 }),
    "GraphError: batchNorm: momentum is number 2; wanted a number from 0 to 1 (made at HERE)",
  ],
  [
    "batchNorm with a negative epsilon",
    ({ M }: Fixture) => batchNorm(M, { training: true, epsilon: -1 }),
    "GraphError: batchNorm: epsilon is number -1; wanted a number from 0 up (made at HERE)",
  ],
  [
    "labels beyond the classes",
    ({ M, run }: Fixture) => run(softmaxCrossEntropy(M, [0, 5])),
    "GraphError: softmaxCrossEntropy: labels: index 5, number 1 of [2, 1], is outside of 0 to 1 (made at HERE)",
  ],
  [
    "an int32 placeholder fed half a number",
    ({ run }: Fixture) => {
      const i = placeholder({ name: "i", dtype: "int32" });
      return run(abs(i), [[i, [0.5]]]);
    },
    'TypeError: run: the value fed to placeholder i: 0.5 is no whole number of int32; round it first, or give the placeholder dtype "float64" (made at HERE)',
  ],
  [
    "computeGradients with gradYs by itself",
    ({ J, M }: Fixture) => computeGradients(J, [M], 1),
    "TypeError: computeGradients: options are number 1; write computeGradients(y, [x], { gradYs }) (made at HERE)",
  ],
  [
    "computeGradients with an option there is not",
    ({ J, M }: Fixture) => computeGradients(J, [M], { gradY: 1 }),
    "TypeError: computeGradients: has no option gradY; did you mean gradYs? it has gradYs (made at HERE)",
  ],
  [
    "arithmetic with a node",
    ({ M }: Fixture) => Number(M),
    'GraphError: variable "M" (made at HERE) is a node, not a number; write multiply(x, 2) for x * 2, and session.run(x) for its value',
  ],
  [
    "a run with an option there is not",
    ({ J, run }: Fixture) => run(J, [], { checkNumeric: true }),
    "TypeError: run: has no option checkNumeric; did you mean checkNumerics? it has into, checkNumerics",
  ],
  [
    "a session by its backend alone",
    () => new Session("wasm"),
    'TypeError: Session: options are the text "wasm"; write new Session({ backend: "wasm" })',
  ],
  [
    "a session with an option there is not",
    () => new Session({ backends: "wasm" }),
    "TypeError: Session: has no option backends; did you mean backend? it has backend, graph",
  ],
  [
    "a session of a graph that is none",
    () => new Session({ graph: 1 }),
    "TypeError: Session: graph is number 1; wanted a Graph: new Session({ graph: defaultGraph() })",
  ],
  [
    "a graph by its type alone",
    () => new Graph("float32"),
    'TypeError: Graph: options are the text "float32"; write new Graph({ dtype: "float32", seed: 1 })',
  ],
  [
    "a graph of integers",
    () => new Graph({ dtype: "int32" }),
    'TypeError: Graph: dtype is int32; wanted float64 or float32: new Graph({ dtype: "float32" }); single nodes may be int32',
  ],
  [
    "a name scope without a name",
    () => nameScope(() => 1),
    'TypeError: nameScope: the name is a function; write nameScope("layer1", () => …)',
  ],
  [
    "a name scope without a function",
    () => nameScope("layer1"),
    'TypeError: nameScope: build is undefined; write nameScope("layer1", () => …)',
  ],
  [
    "checkGradients with options for feeds",
    ({ J }: Fixture) => checkGradients(J, { order: 2 }),
    "GraphError: run: feeds are an object with order; wanted pairs: [[X, points], [c, labels]] or a Map",
  ],
  [
    "checkGradients with an option there is not",
    ({ J }: Fixture) => checkGradients(J, [], { orders: 2 }),
    "TypeError: checkGradients: has no option orders; did you mean order? it has xs, order, tolerance, entries, seed, session",
  ],
  [
    "minimize with variables by themselves",
    ({ J, M }: Fixture) => descent.minimize(J, [M]),
    "TypeError: GradientDescentOptimizer.minimize: options are an array of 1; write minimize(loss, { variables: [W, b] })",
  ],
  [
    "minimize of one variable",
    ({ J, M }: Fixture) => descent.minimize(J, { variables: M }),
    "TypeError: GradientDescentOptimizer.minimize: variables are a Variable; write minimize(loss, { variables: [W, b] })",
  ],
  [
    "clipByGlobalNorm of a single node",
    ({ M }: Fixture) => clipByGlobalNorm(M, 1),
    "TypeError: clipByGlobalNorm: the gradients are a Variable; wanted an array: clipByGlobalNorm([g, h], 1)",
  ],
  [
    "an explanation of no session",
    ({ J }: Fixture) => explain(J),
    "TypeError: explain: the session is a Node; write explain(session, fetch, [[X, points]])",
  ],
  [
    "a stream with an option there is not",
    () => stream.normal([2], { sd: 1 }),
    "TypeError: random.normal: has no option sd; it has mean, std",
  ],
  [
    "a stream with bounds by themselves",
    () => stream.uniform(2, 3),
    "TypeError: random.uniform: options are number 3; write uniform([2, 3], { low: 0, high: 1 })",
  ],
  [
    "a stream of a negative deviation",
    () => stream.truncatedNormal([2], { std: -1 }),
    "RangeError: random.truncatedNormal: std is number -1; wanted a number from 0 up",
  ],
  [
    "a stream with a probability by itself",
    () => stream.bernoulli(8, 0.5),
    "TypeError: random.bernoulli: options are number 0.5; write bernoulli(8, { probability: 0.5 })",
  ],
  [
    "a permutation of text",
    () => stream.permutation("a"),
    'RangeError: random.permutation: count is the text "a"; wanted a whole number from 0 up',
  ],
  [
    "a tensor with a shape by itself",
    () => tensor([1, 2], [2]),
    'TypeError: tensor: options are an array of 1; write tensor([1, 2, 3, 4], { shape: [2, 2], dtype: "float32" })',
  ],
  [
    "a Tensor without a shape",
    () => new Tensor(new Float64Array(2)),
    "ShapeError: Tensor: shape is undefined; wanted an array of sizes, as [2, 3]",
  ],
  [
    "map without a function",
    () => pair.map(),
    "TypeError: map: got undefined; wanted a function: map((x) => 2 * x)",
  ],
  [
    "zip with an array",
    () => pair.zip([1, 2], Math.max),
    "TypeError: zip: got an array of 2; wanted a Tensor or a number, and a function: zip(other, (x, y) => x + y)",
  ],
];

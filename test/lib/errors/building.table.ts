/** Mistakes in building a graph, each with the exact text of its error; the line that made the node is in it. */
import { untyped, type Fixture, type Row, type Untyped, type UntypedClass } from "./fixture.ts";

// What follows is written as by somebody whom TypeScript does not stop.
const {
  add,
  all,
  argMax,
  assign,
  assignAdd,
  batchNorm,
  broadcastTo,
  carry,
  clip,
  concat,
  constant,
  conv2d,
  einsum,
  exp,
  expandDims,
  fill,
  gather,
  group,
  less,
  linspace,
  logicalAnd,
  matmul,
  maxPool,
  meanSquaredError,
  multiply,
  oneHot,
  pad,
  placeholder,
  range,
  reduceMax,
  reduceMean,
  reduceSum,
  reshape,
  scatterAdd,
  sigmoidCrossEntropy,
  slice,
  softmax,
  softmaxCrossEntropy,
  squeeze,
  stack,
  tile,
  topK,
  transpose,
  unstack,
} = untyped as Readonly<Record<string, Untyped>>;
const { Variable } = untyped as unknown as Readonly<Record<string, UntypedClass>>;

/** Rows of a title, the mistake, and what is thrown. */
export const building: readonly Row[] = [
  [
    "add with one input",
    ({ M }: Fixture) => add(M),
    "GraphError: add: takes x, y; got 1 argument (made at HERE)",
  ],
  [
    "add of two types",
    ({ M, ints }: Fixture) => add(M, ints),
    "GraphError: add: got float64 and int32; wanted one number type throughout; use cast(x, { dtype }) (made at HERE)",
  ],
  [
    "add of shapes that do not broadcast",
    ({ M }: Fixture) => add(M, [1, 2, 3]),
    "ShapeError: add: shapes [2, 2] and [3] do not broadcast: sizes 2 and 3 meet on one axis; axes are matched from the right, and each pair must be equal or contain a 1; transpose or reshape one? (made at HERE)",
  ],
  [
    "an op of text",
    () => exp("x"),
    'TypeError: exp: x: got the text "x"; wanted a node, a number, nested arrays of numbers, a typed array or a Tensor (made at HERE)',
  ],
  [
    "an op of undefined",
    ({ M }: Fixture) => multiply(M, undefined),
    "TypeError: multiply: y: got undefined; wanted a node, a number, nested arrays of numbers, a typed array or a Tensor (made at HERE)",
  ],
  [
    "an op of a promise",
    ({ M }: Fixture) => multiply(M, Promise.resolve(1)),
    "GraphError: multiply: y is a Promise; await it first (made at HERE)",
  ],
  [
    "an option there is not",
    ({ M }: Fixture) => reduceSum(M, { keepdims: true }),
    "GraphError: reduceSum: has no option keepdims; did you mean keepDims? it has name, axis, keepDims (made at HERE)",
  ],
  [
    "an option by another library's name",
    ({ M }: Fixture) => reduceSum(M, { axes: 0 }),
    "GraphError: reduceSum: has no option axes; did you mean axis? it has name, axis, keepDims (made at HERE)",
  ],
  [
    "an option by itself",
    ({ M }: Fixture) => reduceSum(M, 0),
    "GraphError: reduceSum: after x come options { name, axis, keepDims }; got number 0; write reduceSum(x, { axis: 0 }) (made at HERE)",
  ],
  [
    "options one after the other",
    ({ M }: Fixture) => clip(M, 0, 1),
    "GraphError: clip: takes x, and options { name, min, max }; got 3 arguments (made at HERE)",
  ],
  [
    "nodes in an array",
    ({ M, v }: Fixture) => reduceMean([M, v]),
    "TypeError: reduceMean: x: got an array with nodes in it; wanted one node: stack([a, b]) (made at HERE)",
  ],
  [
    "ragged rows",
    ({ M }: Fixture) => add(M, [[1, 2], [3]]),
    "ShapeError: add: y: nested arrays are ragged: found a row of 1 where the first row has 2; make all rows equally long (made at HERE)",
  ],
  [
    "matmul of sizes that differ",
    ({ M }: Fixture) => matmul(M, [[1, 2]]),
    "ShapeError: matmul: a [2, 2] · b [1, 2]: inner sizes 2 and 1 differ; transpose one? (made at HERE)",
  ],
  [
    "matmul by a number",
    ({ M }: Fixture) => matmul(M, 2),
    "ShapeError: matmul: b is a scalar, a [2, 2]; wanted vectors or matrices; use multiply (made at HERE)",
  ],
  [
    "matmul of stacks that differ",
    () => matmul(fill([2, 2, 3], 1), fill([3, 3, 2], 1)),
    "ShapeError: matmul: stacks: shapes [2] and [3] do not broadcast: sizes 2 and 3 meet on one axis; axes are matched from the right, and each pair must be equal or contain a 1; transpose or reshape one? (made at HERE)",
  ],
  [
    "an axis out of range",
    ({ M }: Fixture) => reduceMean(M, { axis: 2 }),
    "ShapeError: reduceMean: axis 2 does not exist in rank 2; use -2 to 1 (made at HERE)",
  ],
  [
    "an axis named twice",
    ({ M }: Fixture) => reduceMax(M, { axis: [0, -2] }),
    "ShapeError: reduceMax: axis [0,-2] names an axis twice; name each once (made at HERE)",
  ],
  [
    "an axis of a scalar",
    () => softmax(constant(1)),
    "ShapeError: softmax: x is a scalar; wanted a vector or more axes (made at HERE)",
  ],
  [
    "the position in nothing",
    () => argMax(reshape([], { shape: [0, 2] }), { axis: 0 }),
    "ShapeError: argMax: x [0, 2] is empty along axis 0, so nothing has a position (made at HERE)",
  ],
  [
    "transpose that names an axis twice",
    ({ M }: Fixture) => transpose(M, { axes: [1, 1] }),
    "ShapeError: transpose: axes [1, 1] of rank 2: name each axis from 0 to 1 once (made at HERE)",
  ],
  [
    "reshape to another count",
    ({ M }: Fixture) => reshape(M, { shape: [3, 2] }),
    "ShapeError: reshape: x [2, 2] has 4 numbers, [3, 2] holds 6; the counts must be equal (made at HERE)",
  ],
  [
    "reshape with two open sizes",
    ({ M }: Fixture) => reshape(M, { shape: [-1, -1] }),
    "ShapeError: reshape: shape [-1, -1] has -1 twice; one size can be left open (made at HERE)",
  ],
  [
    "reshape that does not divide",
    ({ M }: Fixture) => reshape(M, { shape: [-1, 3] }),
    "ShapeError: reshape: x [2, 2] has 4 numbers, which do not divide into [-1, 3] (made at HERE)",
  ],
  [
    "squeeze of a wide axis",
    ({ M }: Fixture) => squeeze(M, { axis: 0 }),
    "ShapeError: squeeze: axis 0 of x [2, 2] has size 2; only axes of size 1 can go; use reshape (made at HERE)",
  ],
  [
    "expandDims beyond the last",
    ({ M }: Fixture) => expandDims(M, { axis: 4 }),
    "ShapeError: expandDims: axis 4 does not exist in rank 3; use -3 to 2 (made at HERE)",
  ],
  [
    "broadcastTo a smaller shape",
    ({ M }: Fixture) => broadcastTo(M, { shape: [2] }),
    "ShapeError: broadcastTo: x [2, 2] does not broadcast to [2] (made at HERE)",
  ],
  [
    "tile with too few numbers",
    ({ M }: Fixture) => tile(M, { multiples: [2] }),
    "ShapeError: tile: x [2, 2] and 1 multiples [2]; wanted one per axis (made at HERE)",
  ],
  [
    "concat of nothing",
    () => concat([]),
    "GraphError: concat: got an empty array; wanted an array of nodes: concat([x, y]) (made at HERE)",
  ],
  [
    "concat of a single node",
    ({ M }: Fixture) => concat(M),
    "GraphError: concat: got a Variable; wanted an array of nodes: concat([x, y]) (made at HERE)",
  ],
  [
    "concat of rows of different length",
    ({ M }: Fixture) => concat([M, [[1, 2, 3]]]),
    "ShapeError: concat: shapes [2, 2] and [1, 3]: sizes but that of axis 0 must be equal (made at HERE)",
  ],
  [
    "concat of two types",
    ({ M, ints }: Fixture) => concat([M, ints]),
    "GraphError: concat: got float64 and int32; wanted one type throughout; use cast(x, { dtype }) (made at HERE)",
  ],
  [
    "stack of different shapes",
    ({ M }: Fixture) => stack([M, [1, 2]]),
    "ShapeError: stack: shapes [2, 2] and [2]: shapes must be equal; use concat to join along an axis (made at HERE)",
  ],
  [
    "unstack of an unknown size",
    ({ x }: Fixture) => unstack(x),
    'ShapeError: unstack: the size of axis 0 of x placeholder "x" unknown is not known when the graph is built; use slice (made at HERE)',
  ],
  [
    "slice of too many axes",
    ({ M }: Fixture) => slice(M, { begin: [0, 0, 0] }),
    "ShapeError: slice: x [2, 2] and bounds of 3 axes; wanted one entry per axis, 2 at most (made at HERE)",
  ],
  [
    "slice with step 0",
    ({ M }: Fixture) => slice(M, { step: 0 }),
    "ShapeError: slice: begin null, end null, step 0: wanted whole numbers, and a step other than 0 (made at HERE)",
  ],
  [
    "pad with too few ends",
    ({ M }: Fixture) => pad(M, { paddings: [[1, 1]] }),
    "ShapeError: pad: paddings for 1 axes, x [2, 2] has 2; write [before, after] for each (made at HERE)",
  ],
  [
    "pad by less than nothing",
    ({ M }: Fixture) => pad(M, { paddings: -1 }),
    "ShapeError: pad: paddings [-1,-1], [-1,-1] are no whole numbers from 0 up; use slice to cut (made at HERE)",
  ],
  [
    "gather with floats",
    ({ M }: Fixture) => gather(M, constant([0, 1])),
    'GraphError: gather: indices are float64; wanted int32; use cast(indices, { dtype: "int32" }) (made at HERE)',
  ],
  [
    "gather from a scalar",
    () => gather(constant(1), [0]),
    "ShapeError: gather: x is a scalar, of which nothing can be picked; wanted a vector or more axes (made at HERE)",
  ],
  [
    "oneHot without a depth",
    () => oneHot([0, 1], { depth: 0 }),
    "GraphError: oneHot: depth is number 0; wanted how many classes there are (made at HERE)",
  ],
  [
    "topK of more than there is",
    ({ M }: Fixture) => topK(M, { k: 3 }),
    "ShapeError: topK: k is 3 and x [2, 2]; wanted a whole number from 0 to the size of the last axis (made at HERE)",
  ],
  [
    "logic of numbers",
    ({ M }: Fixture) => logicalAnd(M, true),
    "GraphError: logicalAnd: got float64 and bool; wanted booleans; compare first, as in notEqual(x, 0) (made at HERE)",
  ],
  [
    "all of numbers",
    ({ M }: Fixture) => all(M),
    "GraphError: all: got float64; wanted booleans; compare first, as in notEqual(x, 0) (made at HERE)",
  ],
  [
    "clip with bounds the wrong way round",
    ({ M }: Fixture) => clip(M, { min: 1, max: 0 }),
    "GraphError: clip: min 1 and max 0; wanted min ≤ max (made at HERE)",
  ],
  [
    "clip by a node",
    ({ M }: Fixture) => clip(M, { min: M }),
    "GraphError: clip: min and max are numbers; got a Variable; of nodes, use minimum and maximum (made at HERE)",
  ],
  [
    "einsum with a size that differs",
    ({ M }: Fixture) => einsum("ij,jk->ik", M, [[1, 2, 3]]),
    'ShapeError: einsum: letter j is 2 and 1 in a [2, 2] "ij" and b [1, 3] "jk"; sizes must be equal (made at HERE)',
  ],
  [
    "einsum with too few letters",
    ({ M }: Fixture) => einsum("i->i", M),
    'ShapeError: einsum: an operand [2, 2] has 2 axes, "i" names 1; give every axis a letter (made at HERE)',
  ],
  [
    "einsum with too few operands",
    ({ M }: Fixture) => einsum("ij,jk->ik", M),
    'GraphError: einsum: "ij,jk->ik" has 2 operands, got 1; give one node per group of letters (made at HERE)',
  ],
  [
    "einsum with a letter from nowhere",
    ({ M }: Fixture) => einsum("ij->ik", M),
    'GraphError: einsum: "ij->ik": letter k of the result is in no operand (made at HERE)',
  ],
  [
    "einsum that cannot be read",
    ({ M }: Fixture) => einsum("ij->j->i", M),
    'GraphError: einsum: "ij->j->i" cannot be read; wanted letters for axes, as in "ij,jk->ik" or "...ij->...ji" (made at HERE)',
  ],
  [
    "einsum of a number",
    ({ M }: Fixture) => einsum(1, M),
    'GraphError: einsum: the equation is number 1; wanted text: einsum("ij,jk->ik", a, b) (made at HERE)',
  ],
  [
    "einsum with dots of unknown rank",
    ({ x }: Fixture) => einsum("...i->...", x),
    'GraphError: einsum: "..." of operand 0, whose rank is not known when the graph is built; give its placeholder a shape (made at HERE)',
  ],
  [
    "einsum with a letter twice in its result",
    ({ M }: Fixture) => einsum("ij->ii", M),
    'GraphError: einsum: "ij->ii": the result names a letter twice; name each once (made at HERE)',
  ],
  [
    "einsum with too many letters in a product",
    ({ M }: Fixture) => einsum("ijk,jk->i", M, M),
    'ShapeError: einsum: an operand [2, 2] has 2 axes, "ijk" names 3; give every axis a letter (made at HERE)',
  ],
  [
    "a comparison of two types",
    ({ M, ints }: Fixture) => less(M, ints),
    "GraphError: less: got float64 and int32; wanted one type; use cast(x, { dtype }) (made at HERE)",
  ],
  [
    "carry of two shapes",
    ({ M }: Fixture) => carry(M, [1, 2]),
    "ShapeError: carry: a [2, 2] and b [2]: shapes must be equal (made at HERE)",
  ],
  [
    "scatterAdd of other updates",
    ({ M }: Fixture) => scatterAdd(M, [0], [[1, 2, 3]]),
    "ShapeError: scatterAdd: updates [1, 3] at indices [1] of [2, 2]; wanted updates [1, 2] (made at HERE)",
  ],
  [
    "gather with batches that differ",
    ({ M }: Fixture) =>
      gather(M, constant([[0], [0], [0]], { dtype: "int32" }), { axis: 1, batchDims: 1 }),
    "ShapeError: gather: x [2, 2], indices [3, 1], axis 1, batchDims 1: the first batchDims axes must be equal, and stand before axis (made at HERE)",
  ],
  [
    "conv2d with a filter of unknown size",
    ({ x }: Fixture) => conv2d(fill([1, 2, 2, 1], 1), x),
    'ShapeError: conv2d: filter placeholder "x" unknown; wanted [height, width, channels, filters], of which height and width are known when the graph is built (made at HERE)',
  ],
  [
    "class numbers along another axis",
    ({ M }: Fixture) => softmaxCrossEntropy(M, [0, 1], { axis: 0 }),
    "GraphError: softmaxCrossEntropy: class numbers and axis 0; wanted the classes along the last axis; transpose the logits, or use oneHot (made at HERE)",
  ],
  [
    "conv2d of a matrix",
    ({ M }: Fixture) => conv2d(M, fill([1, 1, 1, 1], 1)),
    "ShapeError: conv2d: x [2, 2]; wanted images [batch, height, width, channels]; expandDims? (made at HERE)",
  ],
  [
    "conv2d of other channels",
    () => conv2d(fill([1, 4, 4, 3], 1), fill([2, 2, 1, 8], 1)),
    "ShapeError: conv2d: x [1, 4, 4, 3] has 3 channels, filter [2, 2, 1, 8] takes 1; the last size of x and the third of the filter must be equal (made at HERE)",
  ],
  [
    "conv2d with a filter too large",
    () => conv2d(fill([1, 2, 2, 1], 1), fill([3, 3, 1, 1], 1)),
    'ShapeError: conv2d: a window of 3 along axis 1 does not fit into 2; use a smaller one, or padding: "same" (made at HERE)',
  ],
  [
    "maxPool without a size",
    () => maxPool(fill([1, 2, 2, 1], 1), { size: 0 }),
    "ShapeError: maxPool: size is 0; wanted a whole number from 1 up, or two: [height, width] (made at HERE)",
  ],
  [
    "padding of another library",
    () => conv2d(fill([1, 2, 2, 1], 1), fill([1, 1, 1, 1], 1), { padding: "SAME" }),
    'ShapeError: conv2d: padding is "SAME"; wanted "valid", "same", a number, or [[top, bottom], [left, right]] (made at HERE)',
  ],
  [
    "range without an end",
    () => range(NaN),
    "GraphError: range: start number 0, stop number NaN, step number 1; wanted finite numbers, and a step other than 0 (made at HERE)",
  ],
  [
    "fill with a node",
    ({ M }: Fixture) => fill([2], M),
    "GraphError: fill: value is a Variable; wanted a number: fill([2, 3], 0); of a node, use broadcastTo (made at HERE)",
  ],
  [
    "linspace of half a number",
    () => linspace(0, 1, { count: 1.5 }),
    "GraphError: linspace: count is number 1.5; wanted a whole number from 0 up (made at HERE)",
  ],
  [
    "a shape as text",
    () => placeholder({ shape: "2" }),
    'ShapeError: placeholder placeholder: shape is "2"; wanted an array of sizes, as [2, 3] (made at HERE)',
  ],
  [
    "a name as options",
    () => placeholder("x"),
    'GraphError: placeholder: options are the text "x"; write placeholder({ name: "x" }) (made at HERE)',
  ],
  [
    "an unknown type",
    () => constant(1, { dtype: "float16" }),
    "TypeError: dtype float16 is unknown; use one of float64, float32, int32, bool (made at HERE)",
  ],
  [
    "a variable made of a node",
    ({ M }: Fixture) => new Variable(add(M, 1)),
    "GraphError: Variable: its first value is the node add (made at HERE); wanted numbers: run the node first, or use assign",
  ],
  [
    "a variable made of text",
    () => new Variable("1"),
    'TypeError: Variable: its value: got the text "1"; wanted a number, nested arrays of numbers, a typed array or a Tensor (made at HERE)',
  ],
  [
    "an assignment to a constant",
    () => assign(constant(1), 2),
    "GraphError: assign: got constant (made at HERE); wanted a Variable to assign to",
  ],
  [
    "an assignment of another shape",
    ({ M }: Fixture) => M.assign([1, 2]),
    "ShapeError: assign: value [2] into a variable [2, 2]: shapes must be equal (made at HERE)",
  ],
  [
    "assignAdd of another shape",
    ({ M }: Fixture) => assignAdd(M, [[1, 2, 3]]),
    "ShapeError: add: shapes [2, 2] and [1, 3] do not broadcast: sizes 2 and 3 meet on one axis; axes are matched from the right, and each pair must be equal or contain a 1; transpose or reshape one? (made at HERE)",
  ],
  [
    "a value of another shape",
    ({ M }: Fixture) => (M.value = [1, 2]),
    "ShapeError: Variable M: value [2] into shape [2, 2]: shapes must be equal (made at HERE)",
  ],
  [
    "group of numbers",
    () => group([1]),
    "GraphError: group: got number 1; wanted a node (made at HERE)",
  ],
  [
    "nodes of two graphs",
    ({ M, foreign }: Fixture) => add(M, foreign),
    'GraphError: add: variable "M" (made at HERE) and constant "foreign" (made at HERE) belong to different graphs; make both after the same new Graph().asDefault()',
  ],
  [
    "labels of one column",
    ({ M }: Fixture) => softmaxCrossEntropy(M, [[1], [0]]),
    "ShapeError: softmaxCrossEntropy: logits [2, 2] and labels [2, 1]: shapes must be equal; class numbers? pass them as int32 [2], or oneHot(labels, { depth: 2 }) (made at HERE)",
  ],
  [
    "labels of another shape",
    ({ M }: Fixture) => sigmoidCrossEntropy(M, [1, 0]),
    "ShapeError: sigmoidCrossEntropy: prediction [2, 2] and target [2]: shapes must be equal; reshape or squeeze one? (made at HERE)",
  ],
  [
    "a target that would broadcast",
    ({ M }: Fixture) => meanSquaredError(reshape(M, { shape: [4, 1] }), [1, 2, 3, 4]),
    "ShapeError: meanSquaredError: prediction [4, 1] and target [4]: shapes must be equal; reshape or squeeze one? (made at HERE)",
  ],
  [
    "batchNorm without training",
    ({ M }: Fixture) => batchNorm(M, {}),
    'GraphError: batchNorm: training is undefined; wanted true, false, or a boolean node such as placeholder({ dtype: "bool", shape: [] }) (made at HERE)',
  ],
  [
    "batchNorm of a vector",
    () => batchNorm([1, 2], { training: true }),
    "GraphError: batchNorm: x constant [2]; wanted [batch, …, channels] with the channels known when the graph is built; give its placeholder a shape (made at HERE)",
  ],
];

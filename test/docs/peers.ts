/** What our functions are called elsewhere: TensorFlow 2, TensorFlow.js 4, PyTorch 2, NumPy 2. An empty text is: not there. */

/** Names in TensorFlow, TensorFlow.js, PyTorch and NumPy. */
export type Peers = readonly [tensorflow: string, tfjs: string, torch: string, numpy: string];

/** The same name everywhere. */
function same(name: string, numpy = `np.${name}`): Peers {
  return [`tf.${name}`, `tf.${name}`, `torch.${name}`, numpy];
}

/** By our name. */
export const peers: Readonly<Record<string, Peers>> = {
  // state
  placeholder: ["tf.compat.v1.placeholder", "", "", ""],
  Placeholder: ["", "", "", ""],
  Variable: ["tf.Variable", "tf.variable", "nn.Parameter", ""],
  constant: ["tf.constant", "tf.tensor", "torch.tensor", "np.array"],
  assign: ["Variable.assign", "Variable.assign", "Tensor.copy_", "np.copyto"],
  Assign: ["", "", "", ""],
  assignAdd: ["Variable.assign_add", "", "Tensor.add_", ""],
  group: ["tf.group", "", "", ""],
  // structure
  reduceSum: ["tf.reduce_sum", "tf.sum", "torch.sum", "np.sum"],
  transpose: ["tf.transpose", "tf.transpose", "torch.permute", "np.transpose"],
  reshape: same("reshape"),
  stopGradient: ["tf.stop_gradient", "", "Tensor.detach", ""],
  cast: ["tf.cast", "tf.cast", "Tensor.to", "ndarray.astype"],
  broadcastLike: ["", "", "Tensor.expand_as", ""],
  sumLike: ["", "", "Tensor.sum_to_size", ""],
  repeatLike: ["", "", "", ""],
  reshapeLike: ["", "", "Tensor.view_as", ""],
  // elementwise
  add: same("add"),
  subtract: ["tf.subtract", "tf.sub", "torch.sub", "np.subtract"],
  multiply: ["tf.multiply", "tf.mul", "torch.mul", "np.multiply"],
  divide: ["tf.divide", "tf.div", "torch.div", "np.divide"],
  negative: ["tf.negative", "tf.neg", "torch.neg", "np.negative"],
  square: same("square"),
  exp: same("exp"),
  log: ["tf.math.log", "tf.log", "torch.log", "np.log"],
  sigmoid: same("sigmoid", ""),
  tanh: same("tanh"),
  relu: ["tf.nn.relu", "tf.relu", "torch.relu", ""],
  sin: same("sin"),
  cos: same("cos"),
  where: same("where"),
  greater: ["tf.greater", "tf.greater", "torch.gt", "np.greater"],
  equal: ["tf.equal", "tf.equal", "torch.eq", "np.equal"],
  // comparison
  notEqual: ["tf.not_equal", "tf.notEqual", "torch.ne", "np.not_equal"],
  less: ["tf.less", "tf.less", "torch.lt", "np.less"],
  lessEqual: ["tf.less_equal", "tf.lessEqual", "torch.le", "np.less_equal"],
  greaterEqual: ["tf.greater_equal", "tf.greaterEqual", "torch.ge", "np.greater_equal"],
  logicalAnd: ["tf.logical_and", "tf.logicalAnd", "torch.logical_and", "np.logical_and"],
  logicalOr: ["tf.logical_or", "tf.logicalOr", "torch.logical_or", "np.logical_or"],
  logicalNot: ["tf.logical_not", "tf.logicalNot", "torch.logical_not", "np.logical_not"],
  isNaN: ["tf.math.is_nan", "tf.isNaN", "torch.isnan", "np.isnan"],
  // arithmetic
  power: ["tf.pow", "tf.pow", "torch.pow", "np.power"],
  sqrt: same("sqrt"),
  rsqrt: ["tf.math.rsqrt", "tf.rsqrt", "torch.rsqrt", ""],
  abs: same("abs"),
  sign: same("sign"),
  maximum: same("maximum"),
  minimum: same("minimum"),
  clip: ["tf.clip_by_value", "tf.clipByValue", "torch.clamp", "np.clip"],
  floor: same("floor"),
  round: same("round"),
  mod: ["tf.math.floormod", "tf.mod", "torch.remainder", "np.mod"],
  // transcendental
  expm1: ["tf.math.expm1", "tf.expm1", "torch.expm1", "np.expm1"],
  log1p: ["tf.math.log1p", "tf.log1p", "torch.log1p", "np.log1p"],
  erf: ["tf.math.erf", "tf.erf", "torch.erf", ""],
  // activation
  softplus: ["tf.nn.softplus", "tf.softplus", "F.softplus", ""],
  leakyRelu: ["tf.nn.leaky_relu", "tf.leakyRelu", "F.leaky_relu", ""],
  elu: ["tf.nn.elu", "tf.elu", "F.elu", ""],
  gelu: ["tf.nn.gelu", "", "F.gelu", ""],
  silu: ["tf.nn.silu", "", "F.silu", ""],
  // scan
  cumulativeSum: ["tf.cumsum", "tf.cumsum", "torch.cumsum", "np.cumsum"],
  exclusiveProduct: ["tf.math.cumprod(exclusive=True)", "tf.cumprod(x, axis, true)", "", ""],
  carry: ["tf.scan", "", "", ""],
  // reduce
  reduceMax: ["tf.reduce_max", "tf.max", "torch.amax", "np.max"],
  reduceMin: ["tf.reduce_min", "tf.min", "torch.amin", "np.min"],
  reduceProd: ["tf.reduce_prod", "tf.prod", "torch.prod", "np.prod"],
  reduceLogSumExp: ["tf.reduce_logsumexp", "tf.logSumExp", "torch.logsumexp", ""],
  argMax: ["tf.argmax", "tf.argMax", "torch.argmax", "np.argmax"],
  argMin: ["tf.argmin", "tf.argMin", "torch.argmin", "np.argmin"],
  all: ["tf.reduce_all", "tf.all", "torch.all", "np.all"],
  any: ["tf.reduce_any", "tf.any", "torch.any", "np.any"],
  // statistics
  reduceMean: ["tf.reduce_mean", "tf.mean", "torch.mean", "np.mean"],
  reduceVariance: ["tf.math.reduce_variance", "tf.moments(x).variance", "torch.var", "np.var"],
  countAlong: ["tf.size", "", "Tensor.numel", "np.size"],
  // create
  range: ["tf.range", "tf.range", "torch.arange", "np.arange"],
  linspace: same("linspace"),
  fill: ["tf.fill", "tf.fill", "torch.full", "np.full"],
  zerosLike: ["tf.zeros_like", "tf.zerosLike", "torch.zeros_like", "np.zeros_like"],
  onesLike: ["tf.ones_like", "tf.onesLike", "torch.ones_like", "np.ones_like"],
  // axes
  expandDims: ["tf.expand_dims", "tf.expandDims", "torch.unsqueeze", "np.expand_dims"],
  squeeze: same("squeeze"),
  broadcastTo: ["tf.broadcast_to", "tf.broadcastTo", "torch.broadcast_to", "np.broadcast_to"],
  tile: same("tile"),
  reverse: ["tf.reverse", "tf.reverse", "torch.flip", "np.flip"],
  // slices
  slice: ["tf.strided_slice", "tf.stridedSlice", "x[a:b:c]", "x[a:b:c]"],
  pad: ["tf.pad", "tf.pad", "F.pad", "np.pad"],
  // join
  concat: ["tf.concat", "tf.concat", "torch.cat", "np.concatenate"],
  stack: same("stack"),
  unstack: ["tf.unstack", "tf.unstack", "torch.unbind", "np.unstack"],
  // indexing
  gather: ["tf.gather", "tf.gather", "torch.index_select", "np.take"],
  scatterAdd: ["tf.tensor_scatter_nd_add", "", "Tensor.index_add", "np.add.at"],
  oneHot: ["tf.one_hot", "tf.oneHot", "F.one_hot", ""],
  topKIndices: ["tf.math.top_k(x).indices", "tf.topk(x).indices", "torch.topk(x).indices", ""],
  topK: ["tf.math.top_k", "tf.topk", "torch.topk", ""],
  // contract and einsum
  contract: ["tf.tensordot", "tf.einsum", "torch.tensordot", "np.tensordot"],
  diagonal: ["tf.linalg.diag_part", "", "torch.diagonal", "np.diagonal"],
  einsum: same("einsum"),
  // linalg
  matmul: ["tf.matmul", "tf.matMul", "torch.matmul", "np.matmul"],
  // conv
  windows: ["tf.image.extract_patches", "", "F.unfold", "np.lib.stride_tricks.sliding_window_view"],
  conv2d: ["tf.nn.conv2d", "tf.conv2d", "F.conv2d", ""],
  maxPool: ["tf.nn.max_pool2d", "tf.maxPool", "F.max_pool2d", ""],
  avgPool: ["tf.nn.avg_pool2d", "tf.avgPool", "F.avg_pool2d", ""],
  // nn
  softmax: ["tf.nn.softmax", "tf.softmax", "torch.softmax", ""],
  logSoftmax: ["tf.nn.log_softmax", "tf.logSoftmax", "torch.log_softmax", ""],
  // losses
  softmaxCrossEntropy: [
    "tf.nn.softmax_cross_entropy_with_logits",
    "tf.losses.softmaxCrossEntropy",
    "F.cross_entropy",
    "",
  ],
  sigmoidCrossEntropy: [
    "tf.nn.sigmoid_cross_entropy_with_logits",
    "tf.losses.sigmoidCrossEntropy",
    "F.binary_cross_entropy_with_logits",
    "",
  ],
  meanSquaredError: [
    "tf.keras.losses.MeanSquaredError",
    "tf.losses.meanSquaredError",
    "F.mse_loss",
    "",
  ],
  absoluteError: [
    "tf.keras.losses.MeanAbsoluteError",
    "tf.losses.absoluteDifference",
    "F.l1_loss",
    "",
  ],
  huber: ["tf.keras.losses.Huber", "tf.losses.huberLoss", "F.huber_loss", ""],
  // normalize and regularize
  layerNorm: [
    "tf.keras.layers.LayerNormalization",
    "tf.layers.layerNormalization",
    "F.layer_norm",
    "",
  ],
  batchNorm: ["tf.nn.batch_normalization", "tf.batchNorm", "F.batch_norm", ""],
  updatesOf: ["Layer.updates", "", "", ""],
  dropout: ["tf.nn.dropout", "tf.dropout", "F.dropout", ""],
  // random
  randomNormal: ["tf.random.normal", "tf.randomNormal", "torch.randn", "Generator.normal"],
  randomUniform: ["tf.random.uniform", "tf.randomUniform", "torch.rand", "Generator.uniform"],
  randomTruncatedNormal: [
    "tf.random.truncated_normal",
    "tf.truncatedNormal",
    "nn.init.trunc_normal_",
    "",
  ],
  randomBernoulli: ["", "", "torch.bernoulli", "Generator.binomial"],
  randomPermutation: [
    "tf.random.shuffle",
    "tf.util.shuffle",
    "torch.randperm",
    "Generator.permutation",
  ],
  randomCategorical: [
    "tf.random.categorical",
    "tf.multinomial",
    "torch.multinomial",
    "Generator.choice",
  ],
  // debug
  print: ["tf.print", "tf.print", "print", "print"],
  check: ["tf.debugging.check_numerics", "", "", ""],
};

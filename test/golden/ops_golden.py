"""Writes ops_golden.json: values and gradients of the ops, computed by PyTorch in float64 and, where it has them, by NumPy.

    python test/golden/ops_golden.py        needs NumPy and PyTorch; the diff is reviewed like code

Every input is a float32 number, so that the same golden serves both types. Where a case names NumPy's function too,
both have to agree before anything is written.
"""
import json
import math
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

rng = np.random.default_rng(2026)


def rounded(x):
    return np.asarray(x, dtype=np.float32).astype(np.float64)


def normal(*shape):
    return rounded(rng.normal(size=shape))


def positive(*shape):
    return rounded(rng.uniform(0.5, 2, size=shape))


def between(low, high, *shape):
    return rounded(rng.uniform(low, high, size=shape))


def whole(high, *shape):
    return rng.integers(0, high, size=shape).astype(np.int32)


def truth(*shape):
    return rng.integers(0, 2, size=shape).astype(bool)


def shares(*shape):
    x = rng.integers(1, 9, size=shape)
    x[..., -1] = 32 - x[..., :-1].sum(-1)
    return x / 32.0  # sums of 1 with no rounding


def nhwc(x):
    return x.permute(0, 2, 3, 1)


def nchw(x):
    return x.permute(0, 3, 1, 2)


def conv(x, f, **options):
    return nhwc(F.conv2d(nchw(x), f.permute(3, 2, 0, 1), **options))


def same_pad(x, ends, value=0.0):
    (top, bottom), (left, right) = ends
    return F.pad(nchw(x), (left, right, top, bottom), value=value)


def batch_norm(x):
    y = F.batch_norm(x.reshape(-1, x.shape[-1]), None, None, training=True)
    return y.reshape(x.shape)


def variance(correction, **axes):
    return lambda x: torch.var(x, correction=correction, **axes)


def steps(function):
    """Without gradient: PyTorch's is 0 everywhere, ours passes nothing."""
    return lambda x: function(x.detach())


def take_along(x, i):
    return torch.take_along_dim(x, i.long(), -1)


X, A, P, Q = normal(3, 4), normal(2, 3), positive(3, 4), normal(4)
# Away from kinks and from each other.
SPREAD = rounded(np.array([[3.0, -1.5, 0.25, 2.0], [-2.5, 0.75, 1.25, -0.5], [1.75, -3.25, 2.25, 0.125]]))

# name, inputs, attributes, PyTorch's function, NumPy's
CASES = [
    ("power", [P, between(-2, 3, 4)], {}, torch.pow, np.power),
    ("power", [positive(3), np.float64(2.5)], {}, torch.pow, np.power),
    ("sqrt", [P], {}, torch.sqrt, np.sqrt),
    ("rsqrt", [P], {}, torch.rsqrt, lambda x: 1 / np.sqrt(x)),
    ("abs", [X], {}, torch.abs, np.abs),
    ("sign", [X], {}, steps(torch.sign), np.sign),
    ("maximum", [X, Q], {}, torch.maximum, np.maximum),
    ("maximum", [np.array([1.0, 2.0]), np.array([1.0, 3.0])], {}, torch.maximum, np.maximum),
    ("minimum", [X, Q], {}, torch.minimum, np.minimum),
    ("clip", [X], {"min": -0.5, "max": 0.5}, lambda x: torch.clamp(x, -0.5, 0.5), lambda x: np.clip(x, -0.5, 0.5)),
    ("floor", [2 * X], {}, steps(torch.floor), np.floor),
    ("round", [2 * X], {}, steps(torch.round), np.round),
    ("round", [np.array([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5])], {}, steps(torch.round), np.round),
    ("mod", [5 * SPREAD, np.array([1.5, -2.0, 0.75, -0.7])], {}, torch.remainder, np.mod),
    ("expm1", [X], {}, torch.expm1, np.expm1),
    ("expm1", [np.array([1e-10, -1e-5])], {}, torch.expm1, np.expm1),
    ("log1p", [P], {}, torch.log1p, np.log1p),
    ("log1p", [np.array([1e-10, -1e-5])], {}, torch.log1p, np.log1p),
    ("erf", [2 * X], {}, torch.erf, None),
    ("softplus", [X], {}, F.softplus, lambda x: np.log1p(np.exp(x))),
    ("softplus", [np.array([-40.0, 18.0, 19.5])], {}, F.softplus, None),
    ("leakyRelu", [X], {}, F.leaky_relu, None),
    ("leakyRelu", [X], {"alpha": 0.25}, lambda x: F.leaky_relu(x, 0.25), None),
    ("elu", [X], {}, F.elu, None),
    ("elu", [X], {"alpha": 0.5}, lambda x: F.elu(x, 0.5), None),
    ("gelu", [X], {}, F.gelu, None),
    ("gelu", [X], {"approximate": True}, lambda x: F.gelu(x, approximate="tanh"), None),
    ("silu", [X], {}, F.silu, lambda x: x / (1 + np.exp(-x))),
    ("where", [truth(3, 4), X, Q], {}, torch.where, np.where),
    ("equal", [np.array([1.0, 2.0]), np.array([1.0, 3.0])], {}, torch.eq, np.equal),
    ("notEqual", [np.array([1.0, np.nan]), np.array([1.0, np.nan])], {}, torch.ne, np.not_equal),
    ("less", [X, Q], {}, torch.lt, np.less),
    ("lessEqual", [np.array([1.0, 2.0, np.nan]), np.array([1.0, 1.0, 0.0])], {}, torch.le, np.less_equal),
    ("greater", [X, Q], {}, torch.gt, np.greater),
    ("greaterEqual", [np.array([1.0, 2.0, np.nan]), np.array([1.0, 3.0, 0.0])], {}, torch.ge, np.greater_equal),
    ("logicalAnd", [truth(3, 4), truth(4)], {}, torch.logical_and, np.logical_and),
    ("logicalOr", [truth(3, 4), truth(4)], {}, torch.logical_or, np.logical_or),
    ("logicalNot", [truth(3, 4)], {}, torch.logical_not, np.logical_not),
    ("isNaN", [np.array([1.0, np.nan, np.inf])], {}, torch.isnan, np.isnan),
    ("reduceMean", [X], {}, torch.mean, np.mean),
    ("reduceMean", [X], {"axis": 1, "keepDims": True}, lambda x: x.mean(1, keepdim=True), None),
    ("reduceMax", [SPREAD], {}, torch.max, np.max),
    ("reduceMax", [np.array([[1.0, 3.0, 3.0], [2.0, 0.0, 1.0]])], {"axis": 1}, lambda x: torch.amax(x, 1), lambda x: x.max(1)),
    ("reduceMin", [SPREAD], {"axis": [0, 1]}, torch.min, np.min),
    ("reduceMin", [SPREAD], {"axis": 0}, lambda x: torch.amin(x, 0), lambda x: x.min(0)),
    ("reduceProd", [P], {}, torch.prod, np.prod),
    ("reduceProd", [np.array([[2.0, 0.0, 3.0], [0.0, 0.0, 1.0]])], {"axis": 1}, lambda x: torch.prod(x, 1), lambda x: x.prod(1)),
    ("reduceLogSumExp", [X], {}, lambda x: torch.logsumexp(x, (0, 1)), lambda x: np.log(np.exp(x).sum())),
    ("reduceLogSumExp", [800 * X], {"axis": 1}, lambda x: torch.logsumexp(x, 1), None),
    ("reduceVariance", [X], {}, variance(0), np.var),
    ("reduceVariance", [X], {"axis": 0, "correction": 1}, variance(1, dim=0), lambda x: x.var(0, ddof=1)),
    ("argMax", [SPREAD], {}, lambda x: torch.argmax(x, -1), lambda x: x.argmax(-1)),
    ("argMin", [SPREAD], {"axis": 0}, lambda x: torch.argmin(x, 0), lambda x: x.argmin(0)),
    ("all", [truth(3, 4)], {"axis": 1}, lambda x: torch.all(x, 1), lambda x: x.all(1)),
    ("any", [truth(3, 4)], {"axis": 0}, lambda x: torch.any(x, 0), lambda x: x.any(0)),
    ("cumulativeSum", [X], {}, lambda x: torch.cumsum(x, 1), lambda x: x.cumsum(1)),
    ("cumulativeSum", [X], {"axis": 0, "reverse": True}, lambda x: x.flip(0).cumsum(0).flip(0), None),
    ("exclusiveProduct", [P], {"axis": 0}, lambda x: torch.cat([torch.ones(1, 4), x.cumprod(0)[:-1]]), None),
    ("matmul", [normal(2, 1, 3, 4), normal(5, 4, 2)], {}, torch.matmul, np.matmul),
    ("contract", [normal(2, 3, 2), normal(4, 2, 2)], {"a": "bij", "b": "kjb", "out": "kbi"}, lambda a, b: torch.einsum("bij,kjb->kbi", a, b), lambda a, b: np.einsum("bij,kjb->kbi", a, b)),
    ("diagonal", [normal(3, 3)], {"letters": "ii"}, torch.diagonal, np.diagonal),
    ("einsum", [normal(2, 3), normal(3, 4)], {"equation": "ij,jk->ik"}, lambda a, b: torch.einsum("ij,jk->ik", a, b), None),
    ("einsum", [normal(2, 3), normal(3, 4), normal(4, 2)], {"equation": "ij,jk,ki->"}, lambda a, b, c: torch.einsum("ij,jk,ki->", a, b, c), None),
    ("einsum", [normal(2, 3, 4), normal(2, 4, 2)], {"equation": "...ij,...jk"}, torch.matmul, lambda a, b: np.einsum("...ij,...jk", a, b)),
    ("einsum", [normal(3, 3)], {"equation": "ii"}, torch.trace, np.trace),
    ("einsum", [normal(2, 3), normal(2)], {"equation": "ba,b->a"}, lambda a, b: torch.einsum("ba,b->a", a, b), None),
    ("einsum", [normal(3), normal(2)], {"equation": "i,j"}, torch.outer, np.outer),
    ("einsum", [normal(2, 2, 3)], {"equation": "iij->ji"}, lambda x: torch.einsum("iij->ji", x), lambda x: np.einsum("iij->ji", x)),
    ("expandDims", [X], {"axis": 1}, lambda x: x.unsqueeze(1), lambda x: np.expand_dims(x, 1)),
    ("squeeze", [normal(3, 1, 2, 1)], {"axis": 1}, lambda x: x.squeeze(1), lambda x: x.squeeze(1)),
    ("broadcastTo", [Q], {"shape": [2, 3, 4]}, lambda x: x.broadcast_to(2, 3, 4), None),
    ("tile", [A], {"multiples": [2, 3]}, lambda x: torch.tile(x, (2, 3)), lambda x: np.tile(x, (2, 3))),
    ("reverse", [A], {"axis": 1}, lambda x: x.flip(1), lambda x: np.flip(x, 1)),
    ("reverse", [A], {}, lambda x: x.flip(0, 1), np.flip),
    ("concat", [A, normal(2, 1), normal(2, 2)], {"axis": 1}, lambda *xs: torch.cat(xs, 1), lambda *xs: np.concatenate(xs, 1)),
    ("stack", [A, normal(2, 3)], {"axis": 2}, lambda *xs: torch.stack(xs, 2), lambda *xs: np.stack(xs, 2)),
    ("slice", [X], {"begin": [1, 0], "end": [None, -1], "step": [1, 2]}, lambda x: x[1:, 0:-1:2], lambda x: x[1:, 0:-1:2]),
    ("slice", [X], {"axis": 1, "begin": -2, "end": None}, lambda x: x[:, -2:], None),
    ("pad", [A], {"paddings": [[1, 2], [0, 1]], "value": 0.5}, lambda x: F.pad(x, (0, 1, 1, 2), value=0.5), lambda x: np.pad(x, [[1, 2], [0, 1]], constant_values=0.5)),
    ("gather", [X, whole(3, 2, 2)], {}, lambda x, i: x[i.long()], lambda x, i: x[i]),
    ("gather", [X, whole(4, 3, 2)], {"axis": -1, "batchDims": -1}, take_along, lambda x, i: np.take_along_axis(x, i, -1)),
    ("scatterAdd", [X, np.array([2, 0, 2], dtype=np.int32), normal(3, 4)], {}, lambda x, i, u: x.index_add(0, i, u), None),
    ("oneHot", [whole(3, 5)], {"depth": 3}, lambda i: F.one_hot(i.long(), 3), lambda i: np.eye(3)[i]),
    ("topK", [SPREAD], {"k": 2}, lambda x: torch.topk(x, 2).values, None),
    ("topKIndices", [SPREAD], {"k": 2}, lambda x: torch.topk(x, 2).indices, lambda x: np.argsort(-x, -1)[:, :2]),
    ("zerosLike", [X], {}, lambda x: torch.zeros_like(x), np.zeros_like),
    ("onesLike", [X], {}, lambda x: torch.ones_like(x), np.ones_like),
    ("cast", [2 * X], {"dtype": "int32"}, lambda x: x.int(), lambda x: x.astype(np.int32)),
    ("softmax", [X], {"axis": 0}, lambda x: F.softmax(x, 0), None),
    ("softmaxCrossEntropy", [X, shares(3, 4)], {}, lambda x, t: F.cross_entropy(x, t.detach()), None),
    ("softmaxCrossEntropy", [100 * X, whole(4, 3)], {}, lambda x, t: F.cross_entropy(x, t.long()), None),
    ("softmaxCrossEntropy", [X, whole(4, 3)], {"reduction": "none"}, lambda x, t: F.cross_entropy(x, t.long(), reduction="none"), None),
    ("sigmoidCrossEntropy", [3 * X, shares(3, 4)], {}, F.binary_cross_entropy_with_logits, None),
    ("sigmoidCrossEntropy", [np.array([0.0, 100.0, -100.0]), np.array([1.0, 0.0, 1.0])], {"reduction": "sum"}, lambda x, t: F.binary_cross_entropy_with_logits(x, t, reduction="sum"), None),
    ("meanSquaredError", [X, normal(3, 4)], {}, F.mse_loss, lambda x, t: ((x - t) ** 2).mean()),
    ("absoluteError", [X, normal(3, 4)], {"reduction": "sum"}, lambda x, t: F.l1_loss(x, t, reduction="sum"), lambda x, t: np.abs(x - t).sum()),
    ("huber", [2 * X, normal(3, 4)], {}, F.huber_loss, None),
    ("huber", [2 * X, normal(3, 4)], {"delta": 0.5, "reduction": "none"}, lambda x, t: F.huber_loss(x, t, delta=0.5, reduction="none"), None),
    ("conv2d", [normal(2, 5, 4, 2), normal(3, 2, 2, 3)], {}, conv, None),
    ("conv2d", [normal(1, 6, 5, 1), normal(2, 3, 1, 2)], {"strides": [2, 1], "dilation": [1, 2], "padding": 1}, lambda x, f: conv(x, f, stride=(2, 1), dilation=(1, 2), padding=1), None),
    ("conv2d", [normal(1, 5, 5, 1), normal(3, 3, 1, 2)], {"padding": "same"}, lambda x, f: conv(x, f, padding="same"), None),
    ("maxPool", [normal(2, 4, 6, 2)], {"size": 2}, lambda x: nhwc(F.max_pool2d(nchw(x), 2)), None),
    ("maxPool", [normal(1, 5, 5, 1)], {"size": 2, "strides": 2, "padding": "same"}, lambda x: nhwc(F.max_pool2d(same_pad(x, [[0, 1], [0, 1]], -math.inf), 2)), None),
    ("avgPool", [normal(2, 4, 6, 2)], {"size": [2, 3]}, lambda x: nhwc(F.avg_pool2d(nchw(x), (2, 3))), None),
    ("avgPool", [normal(1, 5, 5, 1)], {"size": 3, "strides": 2, "padding": 1}, lambda x: nhwc(F.avg_pool2d(nchw(x), 3, 2, 1, count_include_pad=False)), None),
    ("layerNorm", [X], {}, lambda x: F.layer_norm(x, (4,)), None),
    ("batchNorm", [normal(2, 3, 2, 3)], {"training": True}, batch_norm, None),
]

KINDS = {"f": "float64", "i": "int32", "b": "bool"}


def tensor(x):
    return {"data": np.asarray(x, dtype=np.float64).ravel().tolist(), "shape": list(np.shape(x))}


def golden(name, inputs, attrs, function, numpy_function):
    kinds = [KINDS[np.asarray(x).dtype.kind] for x in inputs]
    xs = [torch.tensor(x, requires_grad=kind == "float64") for x, kind in zip(inputs, kinds)]
    y = function(*xs)
    if numpy_function is not None:
        np.testing.assert_allclose(y.detach().numpy(), numpy_function(*inputs), rtol=1e-13, atol=1e-15)
    case = {
        "op": name,
        "attrs": attrs,
        "dtypes": kinds,
        "inputs": [tensor(x) for x in inputs],
        "output": tensor(y.detach().numpy()),
    }
    if not y.requires_grad:
        return case
    g = normal(*y.shape)
    floats = [x for x in xs if x.requires_grad]
    back = torch.autograd.grad(y, floats, torch.tensor(g), allow_unused=True)
    parts = iter(back)
    gradients = [next(parts) if x.requires_grad else None for x in xs]
    case["g"] = tensor(g)
    case["gradients"] = [None if part is None else tensor(part.numpy()) for part in gradients]
    return case


def jsonable(value):
    """JSON has no NaN and no infinity: they are written as text."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, dict):
        return {key: jsonable(part) for key, part in value.items()}
    return [jsonable(part) for part in value] if isinstance(value, (list, tuple)) else value


torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
result = [golden(*case) for case in CASES]
target = pathlib.Path(__file__).with_name("ops_golden.json")
target.write_text("[\n" + ",\n".join(json.dumps(jsonable(case), separators=(",", ":")) for case in result) + "\n]\n")

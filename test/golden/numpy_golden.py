"""Writes numpy_golden.json: training curves, and values with gradients of every op, computed by NumPy.

    python test/golden/numpy_golden.py        needs NumPy; the diff is reviewed like code
"""
import json
import pathlib

import numpy as np

import tensorslow as ts

rng = np.random.default_rng(2024)


def train(net, points, labels, rate, steps):
    x, c, variables, loss = net
    start = [variable.value.tolist() for variable in variables]
    feeds = {x: points, c: labels}
    losses = []
    for _ in range(steps):
        losses.append(float(ts.run(loss, feeds)))
        ts.descend(loss, rate)
    return {
        "points": points.tolist(),
        "labels": labels.tolist(),
        "rate": rate,
        "start": start,
        "losses": losses,
        "end": [variable.value.tolist() for variable in variables],
    }


def one_hot(counts):
    return np.concatenate([np.tile(np.eye(len(counts))[i], (n, 1)) for i, n in enumerate(counts)])


def perceptron_run():
    points = np.concatenate([rng.normal(2, 1, (50, 2)), rng.normal(-2, 1, (50, 2))])
    net = ts.perceptron(rng.normal(size=(2, 2)), rng.normal(size=2))
    return train(net, points, one_hot([50, 50]), 0.01, 100)


def xor_run():
    centres = np.repeat([[0, 1], [1, 0], [0, 0], [1, 1]], 25, axis=0)
    points = centres + rng.normal(0, 0.2, (100, 2))
    start = [rng.normal(size=shape) for shape in ((2, 2), 2, (2, 2), 2)]
    return train(ts.xor_net(*start), points, one_hot([50, 50]), 0.03, 1000)


def normal(*shape):
    return rng.normal(size=shape)


def positive(*shape):
    return rng.uniform(0.5, 2, size=shape)


def softmax(x):
    powers = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return powers / np.sum(powers, axis=-1, keepdims=True)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


# name: inputs, attributes, value, gradients of the inputs given G at the output; null where there is none
OPS = [
    ("add", [normal(3, 2), normal(2)], {}, lambda x, y: x + y, lambda g, x, y: [g, g.sum(0)]),
    ("subtract", [normal(3, 2), normal(2)], {}, lambda x, y: x - y, lambda g, x, y: [g, -g.sum(0)]),
    ("multiply", [normal(3, 2), normal(3, 1)], {}, lambda x, y: x * y,
     lambda g, x, y: [g * y, (g * x).sum(1, keepdims=True)]),
    ("divide", [normal(3, 2), positive(2)], {}, lambda x, y: x / y,
     lambda g, x, y: [g / y, (-g * x / y**2).sum(0)]),
    ("negative", [normal(3, 2)], {}, lambda x: -x, lambda g, x: [-g]),
    ("square", [normal(3, 2)], {}, lambda x: x**2, lambda g, x: [2 * g * x]),
    ("exp", [normal(3, 2)], {}, np.exp, lambda g, x: [g * np.exp(x)]),
    ("log", [positive(3, 2)], {}, np.log, lambda g, x: [g / x]),
    ("sigmoid", [normal(3, 2)], {}, sigmoid, lambda g, x: [g * sigmoid(x) * (1 - sigmoid(x))]),
    ("tanh", [normal(3, 2)], {}, np.tanh, lambda g, x: [g * (1 - np.tanh(x) ** 2)]),
    ("relu", [normal(3, 2)], {}, lambda x: np.maximum(x, 0), lambda g, x: [g * (x > 0)]),
    ("sin", [normal(3, 2)], {}, np.sin, lambda g, x: [g * np.cos(x)]),
    ("cos", [normal(3, 2)], {}, np.cos, lambda g, x: [-g * np.sin(x)]),
    ("matmul", [normal(3, 4), normal(4, 2)], {}, np.matmul, lambda g, a, b: [g @ b.T, a.T @ g]),
    ("matmul", [normal(4), normal(4, 2)], {}, np.matmul, lambda g, a, b: [b @ g, np.outer(a, g)]),
    ("matmul", [normal(3, 4), normal(4)], {}, np.matmul, lambda g, a, b: [np.outer(g, b), a.T @ g]),
    ("matmul", [normal(4), normal(4)], {}, np.matmul, lambda g, a, b: [g * b, g * a]),
    ("matmul", [normal(2, 3, 4), normal(4, 2)], {}, np.matmul,
     lambda g, a, b: [g @ b.T, np.einsum("sij,sik->jk", a, g)]),
    ("reduceSum", [normal(3, 4)], {}, np.sum, lambda g, x: [np.full_like(x, g)]),
    ("reduceSum", [normal(3, 4)], {"axis": 1}, lambda x: x.sum(1),
     lambda g, x: [np.repeat(g[:, None], 4, axis=1)]),
    ("reduceSum", [normal(3, 4)], {"axis": 0, "keepDims": True}, lambda x: x.sum(0, keepdims=True),
     lambda g, x: [np.repeat(g, 3, axis=0)]),
    ("softmax", [normal(3, 4)], {}, softmax,
     lambda g, x: [(g - (g * softmax(x)).sum(-1, keepdims=True)) * softmax(x)]),
    ("logSoftmax", [normal(3, 4)], {}, lambda x: np.log(softmax(x)),
     lambda g, x: [g - softmax(x) * g.sum(-1, keepdims=True)]),
    ("transpose", [normal(3, 4)], {}, np.transpose, lambda g, x: [g.T]),
    ("transpose", [normal(2, 3, 4)], {"axes": [1, 2, 0]}, lambda x: np.transpose(x, (1, 2, 0)),
     lambda g, x: [np.transpose(g, (2, 0, 1))]),
    ("reshape", [normal(3, 4)], {"shape": [2, 6]}, lambda x: x.reshape(2, 6), lambda g, x: [g.reshape(3, 4)]),
]


def op_case(name, inputs, attrs, value, back):
    output = np.asarray(value(*inputs))
    g = normal(*output.shape) if output.shape else np.asarray(rng.normal())
    return {
        "op": name,
        "attrs": attrs,
        "inputs": [x.tolist() for x in inputs],
        "output": output.tolist(),
        "g": g.tolist(),
        "gradients": [np.asarray(part).tolist() for part in back(g, *inputs)],
    }


def printed():
    tensors = [
        [2, -1], [[1, 0], [0, -1]], [0.5, 1 / 3], [[1.5, -22.25], [300, 0]], [1e10, 1.5e10], [1e-7, 1],
        [float("nan"), float("inf"), 1.5], list(range(30)), [[[1, 2], [3, 4]], [[5, 6], [7, 8]]],
        [[i * 0.1 + j for j in range(12)] for i in range(3)], [[float(i * j) for j in range(40)] for i in range(40)],
    ]
    return [
        {"data": np.asarray(x, dtype=float).ravel().tolist(), "shape": np.shape(x), "text": str(np.asarray(x, dtype=float))}
        for x in tensors
    ]


def jsonable(value):
    """JSON has no NaN and no infinity: they are written as text."""
    if isinstance(value, float) and not np.isfinite(value):
        return str(value)
    if isinstance(value, dict):
        return {key: jsonable(part) for key, part in value.items()}
    return [jsonable(part) for part in value] if isinstance(value, (list, tuple)) else value


result = {
    "perceptron": perceptron_run(),
    "xor": xor_run(),
    "ops": [op_case(*case) for case in OPS],
    "printed": printed(),
}
target = pathlib.Path(__file__).with_name("numpy_golden.json")
target.write_text(json.dumps(jsonable(result), separators=(",", ":")) + "\n")

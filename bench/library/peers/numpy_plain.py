"""NumPy, the gradients written out by hand: the reference of every check, and as fast as NumPy gets."""
import numpy as np
from host import GROW, SHRINK, fingerprint, training

NAME = "NumPy, written out"


def about(task):
    return {"name": NAME, "note": f"{task['dtype']}, BLAS on two threads, {np.__version__}", "dtype": task["dtype"]}


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def network(task, arrays):
    x, c, rate = arrays["points"], arrays["labels"], task["learningRate"]
    layers = [(arrays[f"W{i}"].copy(), arrays[f"b{i}"].copy()) for i in range(task["layers"])]

    def step():
        inputs, z = [x], None
        for i, (w, b) in enumerate(layers):
            if i > 0:
                inputs.append(sigmoid(z))
            z = inputs[-1] @ w + b
        z -= z.max(axis=1, keepdims=True)
        powers = np.exp(z)
        total = powers.sum(axis=1, keepdims=True)
        loss = float(-(c * (z - np.log(total))).sum())
        g = powers / total - c
        for i in range(len(layers) - 1, -1, -1):
            (w, b), h = layers[i], inputs[i]
            back = (g @ w.T) * (h * (1 - h)) if i > 0 else None
            w -= rate * (h.T @ g)
            b -= rate * g.sum(axis=0)
            g = back
        return loss

    return step


def train(task, arrays):
    check, step = training(lambda: network(task, arrays), task)
    return [{**about(task), "check": check, "step": step}]


def elementwise(task, arrays):
    a, b, c = (arrays[name] for name in "abc")

    def forward():
        return sigmoid(a * b + c)

    def gradient():
        y = forward()
        g = y * (1 - y)
        return y.sum(), g * b, g * a, g

    def check():
        if task["pass"] == "forward":
            return fingerprint(forward())
        loss, *grads = gradient()
        return [float(loss) / a.size, *(x for each in grads for x in fingerprint(each))]

    step = forward if task["pass"] == "forward" else gradient
    return [{**about(task), "check": check, "step": step}]


def product(task, arrays):
    a, b = arrays["A"], arrays["B"]
    out = np.empty((a.shape[0], b.shape[1]), a.dtype)
    step = lambda: np.matmul(a, b, out=out)
    return [{**about(task), "check": lambda: fingerprint(step()), "step": step}]


def chain(task, arrays):
    y = np.empty_like(arrays["x"])

    def step():
        y[...] = arrays["x"]
        for i in range(task["ops"]):
            if i % 2 == 0:
                np.multiply(y, SHRINK, out=y)
            else:
                np.add(y, GROW, out=y)
        return y

    return [{**about(task), "check": lambda: fingerprint(step()), "step": step}]


def chain_gradient(task, arrays):
    """Each op's derivative in turn, backwards; the graph is not built."""

    def step():
        y = arrays["x"]
        for i in range(task["ops"]):
            y = y * SHRINK if i % 2 == 0 else y + GROW
        g = np.ones_like(y)
        for i in reversed(range(task["ops"])):
            g = g * SHRINK if i % 2 == 0 else g
        return g

    return [{**about(task), "check": lambda: fingerprint(step()), "step": step}]


ABILITIES = {
    "training": train,
    "elementwise": elementwise,
    "product": product,
    "chain": chain,
    "chain gradient": chain_gradient,
}

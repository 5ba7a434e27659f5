"""A graph over NumPy: nodes that keep their values, a walk in post-order for each run, one backwards for gradients.

Twice: with gradients as the tutorial's code finds them, and with each operation differentiated once.
"""
import numpy as np
import tensorslow as ts
from host import GROW, SHRINK, fingerprint, training

TUTORIAL, ONCE = "NumPy, the tutorial's way", "NumPy, each op once"
GRADIENTS = {TUTORIAL: ts.gradients_by_node, ONCE: ts.gradients}


def about(task, name):
    return {"name": name, "note": f"{task['dtype']}, BLAS on two threads, {np.__version__}", "dtype": task["dtype"]}


def without_gradient(task, variant):
    return [{**about(task, TUTORIAL), **variant}]


def with_gradient(task, variant):
    return [{**about(task, name), **variant(gradients)} for name, gradients in GRADIENTS.items()]


def variable(value):
    node = ts.Variable(0)
    node.value = np.array(value)
    return node


def network(task, arrays, gradients):
    x, c = ts.Placeholder(), ts.Placeholder()
    z = x
    for i in range(task["layers"]):
        h = x if i == 0 else ts.Sigmoid([z])
        product = ts.MatMul([h, variable(arrays[f"W{i}"])])
        z = ts.Add([product, variable(arrays[f"b{i}"])])
    loss = ts.cross_entropy(ts.Softmax([z]), c)
    feeds = {x: arrays["points"], c: arrays["labels"]}

    def step():
        value = ts.run(loss, feeds)
        ts.descend(loss, task["learningRate"], gradients)
        return value

    return step


def train(task, arrays):
    def variant(gradients):
        check, step = training(lambda: network(task, arrays, gradients), task)
        return {"check": check, "step": step}

    return with_gradient(task, variant)


def elementwise(task, arrays):
    variables = [variable(arrays[name]) for name in "abc"]
    a, b, c = variables
    y = ts.Sigmoid([ts.Add([ts.Multiply([a, b]), c])])
    if task["pass"] == "forward":
        step = lambda: ts.run(y, {})
        return without_gradient(task, {"check": lambda: fingerprint(step()), "step": step})
    loss = ts.ReduceSum(y)

    def variant(gradients):
        def step():
            value = ts.run(loss, {})
            found = gradients(loss)
            return value, *(found[x] for x in variables)

        def check():
            value, *grads = step()
            return [float(value) / y.output.size, *(x for each in grads for x in fingerprint(each))]

        return {"check": check, "step": step}

    return with_gradient(task, variant)


def product(task, arrays):
    c = ts.MatMul([variable(arrays["A"]), variable(arrays["B"])])
    step = lambda: ts.run(c, {})
    return without_gradient(task, {"check": lambda: fingerprint(step()), "step": step})


def chain_of(x, ops):
    shrink, grow = variable(SHRINK), variable(GROW)
    y = x
    for i in range(ops):
        y = ts.Multiply([y, shrink]) if i % 2 == 0 else ts.Add([y, grow])
    return y


def chain(task, arrays):
    x = ts.Placeholder()
    y = chain_of(x, task["ops"])
    step = lambda: ts.run(y, {x: arrays["x"]})
    return without_gradient(task, {"check": lambda: fingerprint(step()), "step": step})


def chain_gradient(task, arrays):
    def variant(gradients):
        def step():
            x = ts.Placeholder()
            loss = ts.ReduceSum(chain_of(x, task["ops"]))
            ts.run(loss, {x: arrays["x"]})
            return gradients(loss)[x]

        return {"check": lambda: fingerprint(step()), "step": step}

    return with_gradient(task, variant)


ABILITIES = {
    "training": train,
    "elementwise": elementwise,
    "product": product,
    "chain": chain,
    "chain gradient": chain_gradient,
}

"""A small graph library over NumPy that behaves as the tutorial's does: the outside baseline for numbers and speed.

Values lie on the nodes, a run walks the graph in post-order, and a training step walks it backwards. It is written
for this project; what it shares with the tutorial are the formulas and the shape of the computation.
"""
import numpy as np


class Node:
    def __init__(self, inputs=()):
        self.inputs = list(inputs)
        self.consumers = []
        self.output = None
        for x in self.inputs:
            x.consumers.append(self)


class Placeholder(Node):
    pass


class Variable(Node):
    def __init__(self, value):
        super().__init__()
        self.value = np.array(value, dtype=np.float64)


class Add(Node):
    def compute(self, x, y):
        return x + y

    def back(self, grad):
        return [sum_to(grad, x.output) for x in self.inputs]


class MatMul(Node):
    def compute(self, a, b):
        return a.dot(b)

    def back(self, grad):
        a, b = (x.output for x in self.inputs)
        return [grad.dot(b.T), a.T.dot(grad)]


class Sigmoid(Node):
    def compute(self, a):
        return 1 / (1 + np.exp(-a))

    def back(self, grad):
        return [grad * self.output * (1 - self.output)]


class Softmax(Node):
    def compute(self, a):
        powers = np.exp(a)
        return powers / np.sum(powers, axis=1)[:, None]

    def back(self, grad):
        y = self.output
        return [(grad - np.sum(grad * y, axis=1)[:, None]) * y]


class Log(Node):
    def compute(self, x):
        return np.log(x)

    def back(self, grad):
        return [grad / self.inputs[0].output]


class Multiply(Node):
    def compute(self, x, y):
        return x * y

    def back(self, grad):
        x, y = (node.output for node in self.inputs)
        return [grad * y, grad * x]


class ReduceSum(Node):
    def __init__(self, x, axis=None):
        super().__init__([x])
        self.axis = axis

    def compute(self, x):
        return np.sum(x, self.axis)

    def back(self, grad):
        shape = np.array(self.inputs[0].output.shape)
        kept = shape.copy()
        kept[slice(None) if self.axis is None else self.axis] = 1
        return [np.tile(np.reshape(grad, kept), shape // kept)]


class Negative(Node):
    def compute(self, x):
        return -x

    def back(self, grad):
        return [-grad]


def sum_to(grad, like):
    while np.ndim(grad) > np.ndim(like):
        grad = np.sum(grad, axis=0)
    for axis, size in enumerate(np.shape(like)):
        if size == 1:
            grad = np.sum(grad, axis=axis, keepdims=True)
    return grad


def post_order(node, seen=None, order=None):
    seen, order = (set(), []) if seen is None else (seen, order)
    if node in seen:
        return order
    seen.add(node)
    for x in node.inputs:
        post_order(x, seen, order)
    order.append(node)
    return order


def run(node, feeds):
    for each in post_order(node):
        if isinstance(each, Placeholder):
            each.output = feeds[each]
        elif isinstance(each, Variable):
            each.output = each.value
        else:
            each.output = each.compute(*[x.output for x in each.inputs])
        if isinstance(each.output, list):
            each.output = np.array(each.output)
    return node.output


def gradients(loss):
    """Each operation is differentiated once, when its own gradient is known."""
    grads = {}
    for node in reversed(post_order(loss)):
        if node is loss:
            grads[node] = np.ones_like(node.output)
        if isinstance(node, (Placeholder, Variable)):
            continue
        for x, part in zip(node.inputs, node.back(grads[node])):
            grads[x] = grads[x] + part if x in grads else part
    return grads


def gradients_by_node(loss):
    """The tutorial's algorithm: a node asks each of its consumers for all partials, and keeps the one at its position.

    So a product of matrices is differentiated twice, towards both inputs each time. The tutorial walks breadth first,
    this one in reverse topological order; the tutorial starts at the integer 1, which turns all gradients into
    float64, this one at a one of the loss's own type.
    """
    grads = {loss: np.ones_like(loss.output)}
    for node in reversed(post_order(loss)):
        if node is loss:
            continue
        total = 0
        for consumer in dict.fromkeys(node.consumers):
            parts = consumer.back(grads[consumer]) if consumer in grads else []
            for x, part in zip(consumer.inputs, parts):
                if x is node:
                    total = total + part
        grads[node] = total
    return grads


def descend(loss, rate, gradients=gradients):
    for node, grad in gradients(loss).items():
        if isinstance(node, Variable):
            node.value = node.value - rate * grad


def cross_entropy(p, c):
    return Negative([ReduceSum(ReduceSum(Multiply([c, Log([p])]), axis=1))])


def perceptron(w, b):
    x, c = Placeholder(), Placeholder()
    variables = [Variable(w), Variable(b)]
    p = Softmax([Add([MatMul([x, variables[0]]), variables[1]])])
    return x, c, variables, cross_entropy(p, c)


def xor_net(w, b, v, d):
    x, c = Placeholder(), Placeholder()
    variables = [Variable(value) for value in (w, b, v, d)]
    hidden = Sigmoid([Add([MatMul([x, variables[0]]), variables[1]])])
    p = Softmax([Add([MatMul([hidden, variables[2]]), variables[3]])])
    return x, c, variables, cross_entropy(p, c)

"""PyTorch, eager and (where a C++ compiler is found) compiled; two threads where the work is worth it."""
import shutil

import torch
import torch.nn.functional as F
from host import GROW, SHRINK, fingerprint, training

VERSION = torch.__version__.split("+")[0]


# Below this many multiplications (of one product) a second thread is waited for longer than it works.
WORTH_A_THREAD = 1e5


def use_threads(work):
    """As many threads as are fastest."""
    torch.set_num_threads(2 if work >= WORTH_A_THREAD else 1)


def about(task, name="PyTorch"):
    threads = "one thread" if torch.get_num_threads() == 1 else "two threads"
    return {"name": name, "note": f"{task['dtype']}, {threads}, {VERSION}", "dtype": task["dtype"]}


def can_compile():
    return any(shutil.which(name) for name in ("g++", "clang++"))


def loss_of(layers, x, classes, *parameters):
    z = x
    for i in range(layers):
        h = z if i == 0 else torch.sigmoid(z)
        z = torch.addmm(parameters[2 * i + 1], h, parameters[2 * i])
    return F.cross_entropy(z, classes, reduction="sum")


def network(task, arrays, loss):
    layers, rate = task["layers"], task["learningRate"]
    x = torch.from_numpy(arrays["points"])
    # Classes instead of one-hot rows: the same loss, and the faster kernel.
    classes = torch.from_numpy(arrays["labels"]).argmax(dim=1)
    names = [f"{kind}{i}" for i in range(layers) for kind in "Wb"]
    parameters = [torch.from_numpy(arrays[name].copy()).requires_grad_() for name in names]

    def step():
        value = loss(layers, x, classes, *parameters)
        gradients = torch.autograd.grad(value, parameters)
        with torch.no_grad():
            torch._foreach_add_(parameters, gradients, alpha=-rate)
        return value.item()

    return step


def train(task, arrays):
    use_threads(arrays["points"].shape[0] * arrays["W0"].size)

    def variant(name, loss):
        check, step = training(lambda: network(task, arrays, loss), task)
        return {**about(task, name), "check": check, "step": step}

    made = [variant("PyTorch", loss_of)]
    if can_compile():
        made.append(variant("PyTorch, compiled", torch.compile(loss_of)))
    return made


def sigmoid_of(a, b, c):
    return torch.sigmoid(a * b + c)


def elementwise(task, arrays):
    use_threads(arrays["a"].size)
    xs = [torch.from_numpy(arrays[name]).requires_grad_() for name in "abc"]

    def variant(name, function):
        def forward():
            with torch.no_grad():
                return function(*xs)

        def gradient():
            loss = function(*xs).sum()
            return loss, *torch.autograd.grad(loss, xs)

        def check():
            if task["pass"] == "forward":
                return fingerprint(forward().numpy())
            loss, *grads = gradient()
            values = [x for each in grads for x in fingerprint(each.numpy())]
            return [loss.item() / xs[0].numel(), *values]

        step = forward if task["pass"] == "forward" else gradient
        return {**about(task, name), "check": check, "step": step}

    made = [variant("PyTorch", sigmoid_of)]
    if can_compile():
        made.append(variant("PyTorch, compiled", torch.compile(sigmoid_of)))
    return made


def product(task, arrays):
    use_threads(arrays["A"].size)
    a, b = (torch.from_numpy(arrays[name]) for name in "AB")
    out = torch.empty(a.shape[0], b.shape[1], dtype=a.dtype)
    step = lambda: torch.matmul(a, b, out=out)
    return [{**about(task), "check": lambda: fingerprint(step().numpy()), "step": step}]


def follow(y, ops):
    for i in range(ops):
        y = y * SHRINK if i % 2 == 0 else y + GROW
    return y


def chain(task, arrays):
    use_threads(arrays["x"].size)
    x = torch.from_numpy(arrays["x"])

    def step():
        with torch.inference_mode():
            return follow(x, task["ops"])

    return [{**about(task), "check": lambda: fingerprint(step().numpy()), "step": step}]


def chain_gradient(task, arrays):
    use_threads(arrays["x"].size)
    x = torch.from_numpy(arrays["x"]).requires_grad_()

    def step():
        (slope,) = torch.autograd.grad(follow(x, task["ops"]).sum(), x)
        return slope

    return [{**about(task), "check": lambda: fingerprint(step().numpy()), "step": step}]


ABILITIES = {
    "training": train,
    "elementwise": elementwise,
    "product": product,
    "chain": chain,
    "chain gradient": chain_gradient,
}

"""Writes training_golden.json: what each optimizer, schedule, clipping and metric gives, computed by NumPy.

    python test/golden/training_golden.py            needs NumPy; the diff is reviewed like code
    python test/golden/training_golden.py --check    compares with PyTorch and scikit-learn too, which it then needs
"""
import json
import math
import pathlib
import sys

import numpy as np

STEPS = 40
rng = np.random.default_rng(7)
X = rng.normal(size=(12, 3))
Y = X @ rng.normal(size=(3, 2)) + rng.normal(scale=0.3, size=(12, 2))
START = [rng.normal(size=(3, 2)), rng.normal(size=2)]


class Exact:
    """Numbers as NumPy computes them."""

    dtype = np.float64

    def __call__(self, x):
        return x


class Perturbed(Exact):
    """Every result moved by up to one unit in its last place: what another order of rounding could do."""

    def __init__(self, dtype):
        self.dtype = dtype
        self.noise = np.random.default_rng(1)

    def __call__(self, x):
        unit = np.finfo(self.dtype).eps
        return (x * (1 + unit * self.noise.uniform(-1, 1, np.shape(x)))).astype(self.dtype)


def loss_and_gradients(p, variables, inputs, targets):
    W, b = variables
    error = p(p(inputs @ W + b) - targets)
    scale = error.dtype.type(2 / error.size)
    return p(np.mean(p(error**2))), [p(inputs.T @ p(error * scale)), p(np.sum(p(error * scale), axis=0))]


def gradient_descent(p, w, g, slots, t, rate):
    return p(w - p(rate * g))


def momentum(nesterov):
    def step(p, w, g, slots, t, rate):
        slots["b"] = p(0.9 * slots.get("b", 0 * w) + g)
        return p(w - rate * (p(g + 0.9 * slots["b"]) if nesterov else slots["b"]))

    return step


def adagrad(decay, start):
    def step(p, w, g, slots, t, rate):
        slots["s"] = p(slots.get("s", 0 * w + start) + p(g * g))
        return p(w - p(rate / (1 + (t - 1) * decay) * g) / p(np.sqrt(slots["s"]) + 1e-10))

    return step


def rmsprop(centered, mu):
    def step(p, w, g, slots, t, rate):
        slots["v"] = p(0.99 * slots.get("v", 0 * w) + 0.01 * p(g * g))
        spread = slots["v"]
        if centered:
            mean = slots.get("a", 0 * w)
            slots["a"] = p(mean + 0.01 * p(g - mean))
            spread = p(slots["v"] - p(slots["a"] ** 2))
        scaled = p(g / p(np.sqrt(spread) + 1e-8))
        slots["b"] = p(mu * slots.get("b", 0 * w) + scaled)
        return p(w - p(rate * slots["b"]))

    return step


def adam(decoupled):
    def step(p, w, g, slots, t, rate):
        m, v = slots.get("m", 0 * w), slots.get("v", 0 * w)
        slots["m"] = p(m + (1 - 0.9) * p(g - m))
        slots["v"] = p(0.999 * v + (1 - 0.999) * p(g * g))
        spread = p(p(np.sqrt(slots["v"])) / math.sqrt(1 - 0.999**t) + 1e-8)
        return p(w * (1 - rate * decoupled) - p(p(rate / (1 - 0.9**t) * slots["m"]) / spread))

    return step


def by_value(p, gradients, c):
    return [np.clip(g, -c, c) for g in gradients]


def by_norm(p, gradients, c):
    return [g for gradient in gradients for g in by_global_norm(p, [gradient], c)]


def by_global_norm(p, gradients, c):
    total = math.sqrt(sum(float(np.sum(g * g)) for g in gradients))
    return [p(g * min(1.0, c / (total + 1e-6))) for g in gradients]


def cosine(t):
    return 0.01 + (0.2 - 0.01) * (1 + math.cos(math.pi * min(t, 30) / 30)) / 2


# name: our class, its options; formula, learning rate, weight decay added to gradients, clipping
RUNS = {
    "gradient descent": ("GradientDescentOptimizer", {"learningRate": 0.1}, gradient_descent, 0.1, 0, None),
    "gradient descent with decay": ("GradientDescentOptimizer", {"learningRate": 0.1, "weightDecay": 0.05}, gradient_descent, 0.1, 0.05, None),
    "momentum": ("MomentumOptimizer", {"learningRate": 0.05}, momentum(False), 0.05, 0, None),
    "nesterov": ("MomentumOptimizer", {"learningRate": 0.05, "nesterov": True}, momentum(True), 0.05, 0, None),
    "adagrad": ("AdaGradOptimizer", {"learningRate": 0.3}, adagrad(0, 0), 0.3, 0, None),
    "adagrad, decaying": ("AdaGradOptimizer", {"learningRate": 0.3, "rateDecay": 0.1, "initialSum": 0.5}, adagrad(0.1, 0.5), 0.3, 0, None),
    "rmsprop": ("RMSPropOptimizer", {"learningRate": 0.02}, rmsprop(False, 0), 0.02, 0, None),
    "rmsprop, centered, with momentum": ("RMSPropOptimizer", {"learningRate": 0.01, "centered": True, "momentum": 0.5}, rmsprop(True, 0.5), 0.01, 0, None),
    "adam": ("AdamOptimizer", {"learningRate": 0.1}, adam(0), 0.1, 0, None),
    "adam with decay": ("AdamOptimizer", {"learningRate": 0.1, "weightDecay": 0.1}, adam(0), 0.1, 0.1, None),
    "adamw": ("AdamWOptimizer", {"learningRate": 0.1}, adam(0.01), 0.1, 0, None),
    "adam, scheduled": ("AdamOptimizer", {"learningRate": "cosine"}, adam(0), cosine, 0, None),
    "adamw, scheduled": ("AdamWOptimizer", {"learningRate": "cosine", "weightDecay": 0.2}, adam(0.2), cosine, 0, None),
    "descent, scheduled": ("GradientDescentOptimizer", {"learningRate": "cosine"}, gradient_descent, cosine, 0, None),
    "clipped by value": ("GradientDescentOptimizer", {"learningRate": 0.1, "clipValue": 0.3}, gradient_descent, 0.1, 0, (by_value, 0.3)),
    "clipped by norm": ("GradientDescentOptimizer", {"learningRate": 0.1, "clipNorm": 0.5}, gradient_descent, 0.1, 0, (by_norm, 0.5)),
    "clipped by global norm": ("MomentumOptimizer", {"learningRate": 0.1, "clipGlobalNorm": 0.5}, momentum(False), 0.1, 0, (by_global_norm, 0.5)),
}


def train(run, p=Exact(), steps=STEPS):
    _, _, formula, rate, decay, clipping = run
    variables = [x.astype(p.dtype) for x in START]
    inputs, targets = X.astype(p.dtype), Y.astype(p.dtype)
    slots = [{} for _ in variables]
    losses = []
    for t in range(1, steps + 1):
        loss, gradients = loss_and_gradients(p, variables, inputs, targets)
        losses.append(float(loss))
        if clipping:
            gradients = clipping[0](p, gradients, clipping[1])
        now = rate(t - 1) if callable(rate) else rate
        variables = [
            formula(p, w, p(g + decay * w), own, t, now).astype(p.dtype)
            for w, g, own in zip(variables, gradients, slots)
        ]
    return losses, variables


def distance(run, p, steps):
    """How far the perturbed run strays: each loss as a part of itself, the variables as a part of their largest number."""
    (losses, end), (other, other_end) = train(run, steps=steps), train(run, p, steps)
    parts = [abs(a - b) / abs(a) for a, b in zip(losses, other)]
    parts += [np.max(np.abs(a - b)) / np.max(np.abs(a)) for a, b in zip(end, other_end)]
    return max(parts)


def check_conditioning():
    """The tests allow 1e-12 over all steps, and float32 1e-5 over ten: ten times what rounding explains."""
    for name, run in RUNS.items():
        far = distance(run, Perturbed(np.float64), STEPS)
        assert far < 1e-13, f"{name}: a last place grows to {far}"
        far = distance(run, Perturbed(np.float32), 10)
        assert far < 1e-6, f"{name}: a last place of float32 grows to {far}"


SCHEDULES = {
    "exponential": ({"rate": 0.2, "decay": 0.9}, lambda t: 0.2 * 0.9**t),
    "step": ({"rate": 0.2, "every": 7, "decay": 0.5}, lambda t: 0.2 * 0.5 ** (t // 7)),
    "cosine": ({"rate": 0.2, "steps": 30, "end": 0.01}, cosine),
    "warmUp": (
        {"steps": 10, "to": ["cosine", {"rate": 0.2, "steps": 30, "end": 0.01}]},
        lambda t: 0.2 * (1 / 3 + (1 - 1 / 3) * t / 10) if t < 10 else cosine(t - 10),
    ),
    "piecewise": (
        {"steps": [5, 20], "rates": [0.2, 0.02, 0.002]},
        lambda t: 0.2 if t < 5 else 0.02 if t < 20 else 0.002,
    ),
}


def metrics_case():
    labels = rng.integers(0, 3, 60)
    scores = rng.uniform(size=(60, 3)).round(2)
    scores[np.arange(60), labels] += 0.3
    predicted = np.argmax(scores, axis=1)
    confusion = np.zeros((3, 3), dtype=int)
    np.add.at(confusion, (labels, predicted), 1)
    hits = np.diag(confusion)
    is_first = labels == 1
    pairs = scores[is_first, 1][:, None] - scores[~is_first, 1][None, :]
    return {
        "labels": labels.tolist(),
        "scores": scores.tolist(),
        "accuracy": float(np.mean(predicted == labels)),
        "confusion": confusion.tolist(),
        "precision": (hits / confusion.sum(axis=0)).tolist(),
        "recall": (hits / confusion.sum(axis=1)).tolist(),
        "auc": float(np.mean((pairs > 0) + 0.5 * (pairs == 0))),
    }


def check_with_torch():
    import torch

    makers = {
        "gradient descent": lambda v: torch.optim.SGD(v, lr=0.1),
        "gradient descent with decay": lambda v: torch.optim.SGD(v, lr=0.1, weight_decay=0.05),
        "momentum": lambda v: torch.optim.SGD(v, lr=0.05, momentum=0.9),
        "nesterov": lambda v: torch.optim.SGD(v, lr=0.05, momentum=0.9, nesterov=True),
        "adagrad": lambda v: torch.optim.Adagrad(v, lr=0.3),
        "adagrad, decaying": lambda v: torch.optim.Adagrad(v, lr=0.3, lr_decay=0.1, initial_accumulator_value=0.5),
        "rmsprop": lambda v: torch.optim.RMSprop(v, lr=0.02),
        "rmsprop, centered, with momentum": lambda v: torch.optim.RMSprop(v, lr=0.01, centered=True, momentum=0.5),
        "adam": lambda v: torch.optim.Adam(v, lr=0.1),
        "adam with decay": lambda v: torch.optim.Adam(v, lr=0.1, weight_decay=0.1),
        "adamw": lambda v: torch.optim.AdamW(v, lr=0.1),
        "adam, scheduled": lambda v: torch.optim.Adam(v, lr=0.2),
        "adamw, scheduled": lambda v: torch.optim.AdamW(v, lr=0.2, weight_decay=0.2),
        "descent, scheduled": lambda v: torch.optim.SGD(v, lr=0.2),
        "clipped by value": lambda v: torch.optim.SGD(v, lr=0.1),
        "clipped by norm": lambda v: torch.optim.SGD(v, lr=0.1),
        "clipped by global norm": lambda v: torch.optim.SGD(v, lr=0.1, momentum=0.9),
    }
    clip_norm = torch.nn.utils.clip_grad_norm_
    clippers = {
        "clipped by value": lambda v: torch.nn.utils.clip_grad_value_(v, 0.3),
        "clipped by norm": lambda v: [clip_norm([each], 0.5) for each in v],
        "clipped by global norm": lambda v: clip_norm(v, 0.5),
    }
    for name, run in RUNS.items():
        v = [torch.tensor(x, requires_grad=True) for x in START]
        optimizer = makers[name](v)
        losses = []
        for t in range(STEPS):
            if callable(run[3]):
                optimizer.param_groups[0]["lr"] = run[3](t)
            optimizer.zero_grad()
            loss = torch.mean((torch.tensor(X) @ v[0] + v[1] - torch.tensor(Y)) ** 2)
            loss.backward()
            clippers.get(name, lambda v: None)(v)
            optimizer.step()
            losses.append(loss.item())
        expected, end = train(run)
        np.testing.assert_allclose(losses, expected, rtol=1e-12, err_msg=name)
        for x, y in zip(v, end):
            np.testing.assert_allclose(x.detach().numpy(), y, rtol=1e-12, err_msg=name)
    check_schedules(torch.optim, torch.zeros(1, requires_grad=True))
    print(f"PyTorch {torch.__version__} agrees on {len(RUNS)} runs and {len(SCHEDULES)} schedules")


def check_schedules(optim, variable):
    lr = optim.lr_scheduler
    annealed = lambda o: lr.CosineAnnealingLR(o, T_max=30, eta_min=0.01)
    makers = {
        "exponential": lambda o: lr.ExponentialLR(o, gamma=0.9),
        "step": lambda o: lr.StepLR(o, step_size=7, gamma=0.5),
        "cosine": annealed,
        "warmUp": lambda o: lr.SequentialLR(o, [lr.LinearLR(o, total_iters=10), annealed(o)], milestones=[10]),
        "piecewise": lambda o: lr.MultiStepLR(o, milestones=[5, 20], gamma=0.1),
    }
    for name, (_, rate) in SCHEDULES.items():
        optimizer = optim.SGD([variable], lr=0.2)
        scheduler = makers[name](optimizer)
        # PyTorch's cosine goes up again behind its last step; ours stays.
        for t in range(31):
            np.testing.assert_allclose(optimizer.param_groups[0]["lr"], rate(t), rtol=1e-12, err_msg=f"{name} {t}")
            optimizer.step()
            scheduler.step()


def check_with_sklearn(case):
    from sklearn import metrics

    labels, scores = np.array(case["labels"]), np.array(case["scores"])
    predicted = np.argmax(scores, axis=1)
    assert metrics.accuracy_score(labels, predicted) == case["accuracy"]
    np.testing.assert_array_equal(metrics.confusion_matrix(labels, predicted), case["confusion"])
    precision, recall, _, _ = metrics.precision_recall_fscore_support(labels, predicted)
    np.testing.assert_allclose(precision, case["precision"], rtol=1e-14)
    np.testing.assert_allclose(recall, case["recall"], rtol=1e-14)
    np.testing.assert_allclose(metrics.roc_auc_score(labels == 1, scores[:, 1]), case["auc"], rtol=1e-14)
    print("scikit-learn agrees on the metrics")


def run_case(name):
    losses, end = train(RUNS[name])
    optimizer, options = RUNS[name][:2]
    return {"name": name, "optimizer": optimizer, "options": options, "losses": losses, "end": [x.tolist() for x in end]}


check_conditioning()
metrics_result = metrics_case()
if "--check" in sys.argv:
    check_with_torch()
    check_with_sklearn(metrics_result)
result = {
    "inputs": X.tolist(),
    "targets": Y.tolist(),
    "start": [x.tolist() for x in START],
    "runs": [run_case(name) for name in RUNS],
    "schedules": [
        {"name": name, "options": options, "rates": [rate(t) for t in range(STEPS)]}
        for name, (options, rate) in SCHEDULES.items()
    ],
    "metrics": metrics_result,
}
target = pathlib.Path(__file__).with_name("training_golden.json")
target.write_text(json.dumps(result, separators=(",", ":")) + "\n")

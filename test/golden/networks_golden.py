"""Writes networks_golden.json: ten small networks, trained for a few steps by PyTorch in float64.

    python test/golden/networks_golden.py        needs PyTorch and NumPy; the diff is reviewed like code

test/golden/networks_golden.test.ts has the same networks under the same names. Images are [batch, height, width, channels] and
filters [height, width, channels, filters] in the file, as in our library.
"""
import json
import math
import pathlib

import numpy as np
import torch
import torch.nn.functional as F
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_map

STEPS = 12
rng = np.random.default_rng(11)
torch.set_num_threads(1)


class Perturbed(TorchDispatchMode):
    """Every result moved by up to one unit in its last place: what another order of rounding could do."""

    def __init__(self):
        super().__init__()
        self.noise = torch.Generator().manual_seed(1)

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        out = func(*args, **(kwargs or {}))
        name = func.overloadpacket.__name__
        if func.is_view or name.endswith("_") or name in ("detach", "empty_like", "empty", "zeros_like"):
            return out
        return tree_map(self.moved, out)

    def moved(self, x):
        if not isinstance(x, torch.Tensor) or x.dtype != torch.float64:
            return x
        unit = torch.finfo(x.dtype).eps
        return x * (1 + unit * (2 * torch.rand(x.shape, generator=self.noise, dtype=x.dtype) - 1))


def normal(*shape, scale=1.0):
    return rng.normal(size=shape) * scale


def weights(*shape):
    return normal(*shape, scale=1 / math.sqrt(np.prod(shape[:-1])))


def classes(count, rows):
    return rng.integers(0, count, rows)


def one_hot(numbers, count):
    return np.eye(count)[numbers]


def convolve(x, filters, **options):
    """Images and filters as ours have them."""
    out = F.conv2d(x.permute(0, 3, 1, 2), filters.permute(3, 2, 0, 1), **options)
    return out.permute(0, 2, 3, 1)


def pool(f, x, size):
    return f(x.permute(0, 3, 1, 2), size).permute(0, 2, 3, 1)


def dense_cross_entropy(z, labels):
    return -(labels * torch.log_softmax(z, -1)).sum(-1).mean()


def logistic(x, y, W, b):
    return F.binary_cross_entropy_with_logits(x @ W + b, y)


def robust(x, y, W, b):
    return F.huber_loss(x @ W + b, y, delta=0.5)


def tanh_net(x, y, W, b, V, c):
    return dense_cross_entropy(torch.tanh(x @ W + b) @ V + c, y)


def relu_net(x, y, W, b, V, c):
    return F.cross_entropy(torch.relu(x @ W + b) @ V + c, y)


def gelu_net(x, y, W, gamma, beta, V):
    return F.cross_entropy(F.layer_norm(F.gelu(x @ W), (6,), gamma, beta) @ V, y)


def normed_net(x, y, W, gamma, beta, V, mean, variance):
    hidden = F.batch_norm(x @ W, mean, variance, gamma, beta, training=True)
    return F.cross_entropy(F.silu(hidden) @ V, y)


def digit_net(x, y, K, b, V):
    hidden = pool(F.max_pool2d, torch.relu(convolve(x, K, padding=1) + b), 2)
    return F.cross_entropy(hidden.reshape(len(x), -1) @ V, y)


def strided_net(x, y, K, L, V):
    hidden = torch.tanh(convolve(x, K, stride=2))
    hidden = pool(F.avg_pool2d, convolve(hidden, L, dilation=2, padding=2), 2)
    return F.cross_entropy(hidden.reshape(len(x), -1) @ V, y)


def autoencoder(x, y, W, V):
    return ((F.elu(x @ W) @ V - y) ** 2).mean()


def attention(x, y, Q, K, V, gamma, beta, O):
    scores = torch.einsum("nid,njd->nij", x @ Q, x @ K) / math.sqrt(4)
    mixed = x + torch.softmax(scores, -1) @ (x @ V)
    return F.cross_entropy(F.layer_norm(mixed, (4,), gamma, beta).mean(1) @ O, y)


X = normal(12, 5)
IMAGES = normal(6, 6, 6, 2)
# name: network, inputs, targets, starting values, our optimizer and its options, PyTorch's; buffers are not trained
NETWORKS = {
    "logistic": (logistic, X, one_hot(classes(2, 12), 2)[:, :1], [weights(5, 1), normal(1)],
                 ("GradientDescentOptimizer", {"learningRate": 0.5}), lambda v: torch.optim.SGD(v, lr=0.5)),
    "robust": (robust, X, X @ normal(5, 2) + normal(12, 2), [weights(5, 2), normal(2)],
               ("MomentumOptimizer", {"learningRate": 0.2}), lambda v: torch.optim.SGD(v, lr=0.2, momentum=0.9)),
    "tanhNet": (tanh_net, X, one_hot(classes(3, 12), 3), [weights(5, 6), normal(6), weights(6, 3), normal(3)],
                ("AdamOptimizer", {"learningRate": 0.05}), lambda v: torch.optim.Adam(v, lr=0.05)),
    "reluNet": (relu_net, X, classes(3, 12), [weights(5, 8), normal(8), weights(8, 3), normal(3)],
                ("AdamWOptimizer", {"learningRate": 0.05, "weightDecay": 0.1}),
                lambda v: torch.optim.AdamW(v, lr=0.05, weight_decay=0.1)),
    "geluNet": (gelu_net, X, classes(3, 12), [weights(5, 6), 1 + normal(6, scale=0.1), normal(6), weights(6, 3)],
                ("RMSPropOptimizer", {"learningRate": 0.01}), lambda v: torch.optim.RMSprop(v, lr=0.01)),
    "normedNet": (normed_net, X, classes(3, 12),
                  [weights(5, 4), 1 + normal(4, scale=0.1), normal(4), weights(4, 3), np.zeros(4), np.ones(4)],
                  ("MomentumOptimizer", {"learningRate": 0.1, "nesterov": True}),
                  lambda v: torch.optim.SGD(v, lr=0.1, momentum=0.9, nesterov=True)),
    "digitNet": (digit_net, IMAGES, classes(3, 6), [weights(3, 3, 2, 4), normal(4, scale=0.1), weights(36, 3)],
                 ("AdamOptimizer", {"learningRate": 0.02}), lambda v: torch.optim.Adam(v, lr=0.02)),
    "stridedNet": (strided_net, normal(4, 9, 9, 1), classes(3, 4), [weights(3, 3, 1, 3), weights(3, 3, 3, 2), weights(8, 3)],
                   ("AdaGradOptimizer", {"learningRate": 0.1}), lambda v: torch.optim.Adagrad(v, lr=0.1)),
    "autoencoder": (autoencoder, X, X, [weights(5, 2), weights(2, 5)],
                    ("GradientDescentOptimizer", {"learningRate": 0.3, "weightDecay": 0.01}),
                    lambda v: torch.optim.SGD(v, lr=0.3, weight_decay=0.01)),
    "attention": (attention, normal(5, 3, 4), classes(2, 5),
                  [weights(4, 4), weights(4, 4), weights(4, 4), 1 + normal(4, scale=0.1), normal(4), weights(4, 2)],
                  ("AdamOptimizer", {"learningRate": 0.03, "clipGlobalNorm": 0.5}), lambda v: torch.optim.Adam(v, lr=0.03)),
}


def train(network):
    loss_of, x, y, start, (_, options), make = network
    x, y = torch.tensor(x), torch.tensor(y)
    buffers = 2 if loss_of is normed_net else 0
    values = [torch.tensor(value) for value in start]
    trained = values[: len(values) - buffers]
    for value in trained:
        value.requires_grad_()
    optimizer = make(trained)
    losses = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = loss_of(x, y, *values)
        loss.backward()
        if "clipGlobalNorm" in options:
            torch.nn.utils.clip_grad_norm_(trained, options["clipGlobalNorm"])
        optimizer.step()
        losses.append(loss.item())
    return losses, [value.detach().numpy().copy() for value in values]


def distance(network):
    losses, end = train(network)
    with Perturbed():
        other, other_end = train(network)
    parts = [abs(a - b) / abs(a) for a, b in zip(losses, other)]
    parts += [np.max(np.abs(a - b)) / np.max(np.abs(a)) for a, b in zip(end, other_end)]
    return max(parts)


def case(name, network):
    # The test allows 1e-12: ten times what rounding explains.
    far = distance(network)
    assert 0 < far < 1e-13, f"{name}: a last place grows to {far}"
    losses, end = train(network)
    loss_of, x, y, start, (optimizer, options), _ = network
    return {
        "name": name, "inputs": x.tolist(), "targets": y.tolist(), "start": [v.tolist() for v in start],
        "optimizer": optimizer, "options": options, "losses": losses, "end": [v.tolist() for v in end],
    }


result = [case(name, network) for name, network in NETWORKS.items()]
target = pathlib.Path(__file__).with_name("networks_golden.json")
target.write_text(json.dumps(result, separators=(",", ":")) + "\n")
print({r["name"]: [r["losses"][0], r["losses"][-1]] for r in result})

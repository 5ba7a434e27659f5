"""One Python peer in a process of its own: answers the requests of bench/library/process.ts, a JSON object a line."""
import importlib
import json
import pathlib
import sys
import time

ENTRIES = 16
SHRINK, GROW = 0.999, 0.001
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "test" / "golden"))


def fingerprint(data):
    """A large array in a few numbers, as fingerprint() of bench/library/task.ts has it."""
    import numpy as np

    flat = np.asarray(data).ravel()
    stride = max(1, flat.size // ENTRIES)
    mean_square = float(np.dot(flat.astype(np.float64), flat.astype(np.float64))) / flat.size
    return [mean_square**0.5, *flat[::stride][:ENTRIES].astype(float).tolist()]


def training(start, task):
    """check and step of a net; `start` makes one at its start values and returns its step."""
    running = []

    def check():
        step = start()
        return [float(step()) for _ in range(task["checkedSteps"])]

    def step():
        if not running:
            running.append(start())
        return running[0]()

    return check, step


def arrays_of(request):
    import numpy as np

    folder = pathlib.Path(request["folder"])
    manifest = json.loads((folder / "arrays.json").read_text())
    return {
        name: np.fromfile(folder / each["file"], each["dtype"])
        .reshape(each["shape"])
        .astype(request["task"]["dtype"], copy=False)
        for name, each in manifest.items()
    }


def load(request):
    """The variants of a peer, or why there are none."""
    try:
        peer = importlib.import_module(request["peer"])
    except ImportError as problem:
        return [], str(problem)
    kind = request["task"]["kind"]
    make = peer.ABILITIES.get(kind)
    if make is None:
        return [], f"has no {kind}"
    return make(request["task"], arrays_of(request)), None


def seconds_per_step(step, wanted):
    begin = time.perf_counter()
    count, batch = 0, 1
    while True:
        for _ in range(batch):
            step()
        count += batch
        elapsed = time.perf_counter() - begin
        if elapsed >= wanted:
            return elapsed / count
        # Not much past the end: as many as so far, or as fit.
        batch = max(1, min(count, int((wanted - elapsed) / elapsed * count)))


def answer(request, variants):
    if request["ask"] == "open":
        made, absent = load(request)
        variants[:] = made
        about = [{key: each[key] for key in ("name", "note", "dtype")} for each in made]
        return {"variants": about} if absent is None else {"absent": absent}
    variant = variants[request["variant"]]
    begin = time.perf_counter()
    if request["ask"] == "check":
        values = variant["check"]()
        return {"values": values, "seconds": time.perf_counter() - begin}
    return {"seconds": seconds_per_step(variant["step"], request["milliseconds"] / 1000)}


if __name__ == "__main__":
    sys.modules["host"] = sys.modules["__main__"]
    # A chain of ten thousand nodes is walked by recursion; Python 3.11 keeps it off the C stack.
    sys.setrecursionlimit(10**7)
    variants = []
    for line in sys.stdin:
        try:
            reply = answer(json.loads(line), variants)
        except Exception as problem:
            reply = {"error": f"{type(problem).__name__}: {problem}"}
        print(json.dumps(reply), flush=True)

"""Trains on request: reads {"net", "points", "labels", "rate", "start", "milliseconds"} per line, answers with losses and a rate."""
import json
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "test" / "golden"))
try:
    import numpy as np
    import tensorslow as ts
except ImportError as problem:
    print(json.dumps({"missing": str(problem)}), flush=True)
    sys.exit(0)
print(json.dumps({"numpy": np.__version__}), flush=True)

for line in sys.stdin:
    request = json.loads(line)
    net = {"perceptron": ts.perceptron, "xor": ts.xor_net}[request["net"]]
    x, c, _, loss = net(*request["start"])
    feeds = {x: np.array(request["points"]), c: np.array(request["labels"])}
    losses = []
    begin = time.perf_counter()
    count = 0
    while count < request["steps"] or time.perf_counter() - begin < request["milliseconds"] / 1000:
        value = float(ts.run(loss, feeds))
        if count < request["steps"]:
            losses.append(value)
        ts.descend(loss, request["rate"], ts.gradients_by_node)
        count += 1
    elapsed = time.perf_counter() - begin
    print(json.dumps({"losses": losses, "rate": count / elapsed}), flush=True)

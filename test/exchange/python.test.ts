/** Files exchanged with Python: NumPy and the safetensors package read what we wrote, and we what they wrote. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { environmentAt } from "../../kernel/install/python.ts";
import {
  AdamOptimizer,
  Graph,
  random,
  reduceSum,
  Session,
  square,
  Variable,
} from "../../lib/index.ts";
import * as io from "../../lib/io/index.ts";
import { root } from "../docs/markdown.ts";

const folder = mkdtempSync(join(tmpdir(), "gradbook-exchange-"));
after(() => rmSync(folder, { recursive: true }));

/** Runs a program in the tests' Python, in the folder of the files. */
function python(program: string): string {
  const { status, stdout, stderr } = spawnSync(environmentAt(root).python, ["-c", program], {
    cwd: folder,
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
  return stdout.trim();
}

const values = random(4).normal([50, 3]);

test("variables go to Python's safetensors and come back changed, slots and step among them", () => {
  const { random: stream } = new Graph({ seed: 3 }).asDefault();
  const W = new Variable(stream.normal([2, 3]), { name: "W" });
  const train = new AdamOptimizer({ learningRate: 0.1 }).minimize(reduceSum(square(W)));
  new Session().run(train);
  const path = join(folder, "model.safetensors");
  io.saveVariables(path);
  const printed = python(`
from safetensors import safe_open
from safetensors.numpy import load_file, save_file
tensors = load_file("model.safetensors")
metadata = safe_open("model.safetensors", "np").metadata()
print(sorted((name, str(x.dtype), x.shape) for name, x in tensors.items()), metadata)
print(repr(tensors["W"].ravel().tolist()))
tensors["W"] = tensors["W"] * 2
save_file(tensors, "model.safetensors", metadata=metadata)
`).split("\n");
  assert.equal(
    printed[0],
    "[('W', 'float64', (2, 3)), ('adam/W/mean', 'float64', (2, 3)), ('adam/W/square', 'float64', (2, 3)), ('adam/step', 'float64', ())] " +
      `{'gradbook.random': '{"seed":3,"counter":3,"streams":[]}'}`,
  );
  const { data } = W.value;
  assert.deepEqual(JSON.parse(printed[1]), Array.from<number>(data));
  io.loadVariables(path);
  assert.deepEqual(
    W.value.data,
    data.map((x) => 2 * x),
  );
});

test("arrays go to NumPy and come back, alone and in archives", () => {
  io.saveNpy(join(folder, "x.npy"), values);
  io.saveNpz(join(folder, "x.npz"), { values, count: new Int32Array([7]) });
  io.saveNpz(join(folder, "small.npz"), { values }, { compress: true });
  python(`
import numpy as np
x = np.load("x.npy")
z = np.load("x.npz")
assert x.shape == (50, 3) and x.dtype == np.float64
assert sorted(z) == ["count", "values"] and z["count"].dtype == np.int32
assert (z["values"] == x).all() and (np.load("small.npz")["values"] == x).all()
np.save("y.npy", np.asfortranarray(x) + 1)
np.savez("y.npz", a=x.astype(">f4"), b=np.array(True))
np.savez_compressed("packed.npz", a=x)
`);
  assert.deepEqual(io.loadNpy(join(folder, "y.npy")).data, values.map((x) => x + 1).data);
  const { a, b } = io.loadNpz(join(folder, "y.npz"));
  assert.deepEqual([a.data, b.dtype, b.item()], [Float32Array.from(values.data), "bool", 1]);
  assert.deepEqual(io.loadNpz(join(folder, "packed.npz"))["a"].data, values.data);
});

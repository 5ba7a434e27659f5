/** numpy-ts: NumPy's functions on WebAssembly kernels. It has no gradients; they are written out by hand here. */
import {
  fingerprint,
  GROW,
  parameters,
  SHRINK,
  trainingVariant,
  type Abilities,
  type Arrays,
  type Chain,
  type Elementwise,
  type Float,
  type Numbers,
  type Peer,
  type Training,
  type Variant,
} from "../task.ts";
import { loadPackage, versionOf } from "./load.ts";

interface NDArray {
  readonly data: Float64Array | Float32Array;
  readonly T: NDArray;
  reshape(shape: readonly number[]): NDArray;
  dispose(): void;
}
type Operand = NDArray | number;

/** As much of numpy-ts as is used here. */
interface NumPyTS {
  array(data: Float64Array | Float32Array, dtype: Float): NDArray;
  ascontiguousarray(a: NDArray): NDArray;
  add(a: NDArray, b: Operand): NDArray;
  subtract(a: NDArray, b: Operand): NDArray;
  multiply(a: NDArray, b: Operand): NDArray;
  divide(a: NDArray, b: Operand): NDArray;
  reciprocal(a: NDArray): NDArray;
  negative(a: NDArray): NDArray;
  exp(a: NDArray): NDArray;
  log(a: NDArray): NDArray;
  matmul(a: NDArray, b: NDArray): NDArray;
  sum(a: NDArray, axis?: number, keepdims?: boolean): NDArray | number;
  max(a: NDArray, axis?: number, keepdims?: boolean): NDArray | number;
}

/** Runs `f`, then frees all it made but what it returns: the WebAssembly heap is not collected soon enough. */
type Made = (x: NDArray | number) => NDArray;
function scoped<T>(f: (keep: Made) => T, results: (value: T) => readonly NDArray[]): T {
  const made: NDArray[] = [];
  const value = f((x) => {
    made.push(x as NDArray);
    return x as NDArray;
  });
  const kept = new Set(results(value));
  for (const x of made) if (!kept.has(x)) x.dispose();
  return value;
}

function sigmoid(np: NumPyTS, m: Made, x: NDArray): NDArray {
  return m(np.reciprocal(m(np.add(m(np.exp(m(np.negative(x)))), 1))));
}

interface Forward {
  readonly inputs: readonly NDArray[];
  readonly logits: NDArray;
}

function forward(np: NumPyTS, m: Made, X: NDArray, variables: readonly NDArray[]): Forward {
  const inputs = [X];
  let logits = X;
  for (let i = 0; i < variables.length; i += 2) {
    if (i > 0) inputs.push(sigmoid(np, m, logits));
    const product = m(np.matmul(inputs.at(-1)!, variables[i]));
    logits = m(np.add(product, variables[i + 1]));
  }
  return { inputs, logits };
}

/** The loss, and the gradient by the logits: p − c. */
function loss(np: NumPyTS, m: Made, z: NDArray, c: NDArray): readonly [number, NDArray] {
  const shifted = m(np.subtract(z, m(np.max(z, 1, true))));
  const powers = m(np.exp(shifted));
  const total = m(np.sum(powers, 1, true));
  const logs = m(np.subtract(shifted, m(np.log(total))));
  const J = -(np.sum(m(np.multiply(c, logs))) as number);
  return [J, m(np.subtract(m(np.divide(powers, total)), c))];
}

/** A transposed operand is copied first: its products are fifty times as slow in numpy-ts 1.7. */
const transposed = (np: NumPyTS, m: Made, x: NDArray): NDArray => m(np.ascontiguousarray(x.T));

function descend(
  np: NumPyTS,
  m: Made,
  { inputs }: Forward,
  variables: readonly NDArray[],
  { g: top, rate }: { g: NDArray; rate: number },
): NDArray[] {
  const next: NDArray[] = [];
  let g = top;
  for (let layer = inputs.length - 1; layer >= 0; layer--) {
    const [W, b] = variables.slice(2 * layer, 2 * layer + 2);
    const x = inputs[layer];
    const dW = m(np.matmul(transposed(np, m, x), g));
    const db = m(np.sum(g, 0));
    next.unshift(
      m(np.subtract(W, m(np.multiply(dW, rate)))),
      m(np.subtract(b, m(np.multiply(db, rate)))),
    );
    if (layer === 0) break;
    const back = m(np.matmul(g, transposed(np, m, W)));
    g = m(np.multiply(back, m(np.subtract(x, m(np.multiply(x, x))))));
  }
  return next;
}

const toArray = (np: NumPyTS, { data, shape }: Numbers, dtype: Float): NDArray =>
  np.array(data, dtype).reshape(shape);

function network(np: NumPyTS, task: Training, arrays: Arrays): () => number {
  const [X, c] = ["points", "labels"].map((name) => toArray(np, arrays[name], task.dtype));
  let variables = parameters(task).map((name) => toArray(np, arrays[name], task.dtype));
  const step = (m: Made): readonly [number, NDArray[]] => {
    const run = forward(np, m, X, variables);
    const [J, g] = loss(np, m, run.logits, c);
    return [J, descend(np, m, run, variables, { g, rate: task.learningRate })];
  };
  return () => {
    const [J, next] = scoped(step, ([, kept]) => kept);
    for (const x of variables) x.dispose();
    variables = next;
    return J;
  };
}

type Measured = Pick<Variant, "check" | "step">;

function once(make: (m: Made) => NDArray): Measured {
  const run = (): NDArray => scoped(make, (value) => [value]);
  return { check: () => fingerprint(run().data), step: () => run().dispose() };
}

function elementwise(np: NumPyTS, { pass, dtype }: Elementwise, arrays: Arrays): Measured {
  const [a, b, c] = ["a", "b", "c"].map((name) => toArray(np, arrays[name], dtype));
  const value = (m: Made): NDArray => sigmoid(np, m, m(np.add(m(np.multiply(a, b)), c)));
  if (pass === "forward") return once(value);
  const run = (): { J: number; gradients: NDArray[] } =>
    scoped(
      (m) => {
        const y = value(m);
        const g = m(np.multiply(y, m(np.add(m(np.negative(y)), 1))));
        const gradients = [m(np.multiply(g, b)), m(np.multiply(g, a)), g];
        return { J: np.sum(y) as number, gradients };
      },
      ({ gradients }) => gradients,
    );
  return {
    check: () => {
      const { J, gradients } = run();
      return [J / a.data.length, ...gradients.flatMap(({ data }) => fingerprint(data))];
    },
    step: () => {
      for (const x of run().gradients) x.dispose();
    },
  };
}

function chain(np: NumPyTS, { ops, dtype }: Chain, arrays: Arrays): Measured {
  const x = toArray(np, arrays["x"], dtype);
  return once((m) => {
    let y = x;
    for (let i = 0; i < ops; i++) y = m(i % 2 === 0 ? np.multiply(y, SHRINK) : np.add(y, GROW));
    return y;
  });
}

async function load(): Promise<Abilities> {
  const np = (await loadPackage("numpy-ts", "matmul")) as unknown as NumPyTS;
  const version = await versionOf("numpy-ts");
  const about = ({ dtype }: { dtype: Float }) =>
    ({ name: "numpy-ts", note: `${dtype}, one thread, ${version}`, dtype }) as const;
  const byHand = (task: { dtype: Float }) => {
    const row = about(task);
    return { ...row, note: `${row.note}, gradients written out` };
  };
  return {
    training: (task, arrays) => [
      trainingVariant(byHand(task), task, () => network(np, task, arrays)),
    ],
    elementwise: (task, arrays) => [
      {
        ...(task.pass === "gradient" ? byHand(task) : about(task)),
        ...elementwise(np, task, arrays),
      },
    ],
    product: (task, arrays) => {
      const [A, B] = ["A", "B"].map((name) => toArray(np, arrays[name], task.dtype));
      return [{ ...about(task), ...once((m) => m(np.matmul(A, B))) }];
    },
    chain: (task, arrays) => [{ ...about(task), ...chain(np, task, arrays) }],
  };
}

export const numpyts: Peer = { load };

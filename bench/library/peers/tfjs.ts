/** TensorFlow.js, on its JavaScript and its WebAssembly backend. It has no float64, and one thread in Node. */
import {
  fingerprint,
  parameters,
  SHRINK,
  GROW,
  trainingVariant,
  type Abilities,
  type Arrays,
  type Chain,
  type Elementwise,
  type Numbers,
  type Peer,
  type Product,
  type Training,
  type Variant,
} from "../task.ts";
import { loadPackage, versionOf } from "./load.ts";

interface TensorTF {
  dataSync(): Float32Array;
  dispose(): void;
}

/** As much of TensorFlow.js as is used here. */
interface TensorFlow {
  setBackend(name: string): Promise<boolean>;
  getBackend(): string;
  ready(): Promise<void>;
  tensor(data: Float32Array, shape: readonly number[], dtype: "float32"): TensorTF;
  variable(start: TensorTF): TensorTF;
  matMul(a: TensorTF, b: TensorTF): TensorTF;
  add(a: TensorTF, b: TensorTF): TensorTF;
  mul(a: TensorTF, b: TensorTF): TensorTF;
  sum(a: TensorTF): TensorTF;
  sigmoid(a: TensorTF): TensorTF;
  scalar(x: number): TensorTF;
  tidy<T>(f: () => T): T;
  dispose(tensors: readonly TensorTF[]): void;
  grads(f: (...xs: TensorTF[]) => TensorTF): (xs: readonly TensorTF[]) => TensorTF[];
  valueAndGrads(f: (...xs: TensorTF[]) => TensorTF): (xs: readonly TensorTF[]) => {
    value: TensorTF;
    grads: TensorTF[];
  };
  train: { sgd(rate: number): { minimize(f: () => TensorTF, returnCost: true): TensorTF } };
  losses: {
    softmaxCrossEntropy(
      labels: TensorTF,
      logits: TensorTF,
      weights: undefined,
      labelSmoothing: number,
      reduction: number,
    ): TensorTF;
  };
  Reduction: { readonly SUM: number };
}

async function loadTensorFlow(backend: string): Promise<TensorFlow> {
  // The whole package: tfjs-core alone does not register the gradients.
  const tf = (await loadPackage("@tensorflow/tfjs", "matMul")) as unknown as TensorFlow;
  if (backend === "wasm") await loadPackage("@tensorflow/tfjs-backend-wasm");
  await tf.setBackend(backend);
  await tf.ready();
  if (tf.getBackend() !== backend) throw new Error(`its backend ${backend} does not start here`);
  return tf;
}

const dtype = "float32";

function abilitiesOf(tf: TensorFlow, name: string, version: string): Abilities {
  const note = `float32, one thread, ${version}`;
  const about = { name, note, dtype } as const;
  const toTensor = ({ data, shape }: Numbers): TensorTF =>
    tf.tensor(Float32Array.from(data), shape, dtype);
  return {
    training: (task, arrays) => [
      trainingVariant(about, task, () => network(tf, task, arrays, toTensor)),
    ],
    elementwise: (task, arrays) => [{ ...about, ...elementwise(tf, task, arrays, toTensor) }],
    product: (_: Product, arrays) => [
      { ...about, ...product(tf, toTensor(arrays["A"]), toTensor(arrays["B"])) },
    ],
    chain: (task, arrays) => [{ ...about, ...chain(tf, task, toTensor(arrays["x"])) }],
    "chain gradient": (task, arrays) => [
      { ...about, ...chainGradient(tf, task.ops, toTensor(arrays["x"])) },
    ],
  };
}

type ToTensor = (numbers: Numbers) => TensorTF;
type Measured = Pick<Variant, "check" | "step">;

function network(tf: TensorFlow, task: Training, arrays: Arrays, toTensor: ToTensor): () => number {
  const [X, c] = [toTensor(arrays["points"]), toTensor(arrays["labels"])];
  const variables = parameters(task).map((name) => tf.variable(toTensor(arrays[name])));
  const optimizer = tf.train.sgd(task.learningRate);
  const loss = (): TensorTF => {
    let z = X;
    for (let layer = 0; layer < task.layers; layer++) {
      const x = layer === 0 ? z : tf.sigmoid(z);
      z = tf.add(tf.matMul(x, variables[2 * layer]), variables[2 * layer + 1]);
    }
    return tf.losses.softmaxCrossEntropy(c, z, undefined, 0, tf.Reduction.SUM);
  };
  return () => {
    const cost = optimizer.minimize(loss, true);
    const [value] = cost.dataSync();
    cost.dispose();
    return value;
  };
}

function elementwise(
  tf: TensorFlow,
  { pass }: Elementwise,
  arrays: Arrays,
  toTensor: ToTensor,
): Measured {
  const xs = ["a", "b", "c"].map((key) => toTensor(arrays[key]));
  const y = (a: TensorTF, b: TensorTF, c: TensorTF): TensorTF =>
    tf.sigmoid(tf.add(tf.mul(a, b), c));
  if (pass === "forward") return once(() => tf.tidy(() => y(xs[0], xs[1], xs[2])));
  const both = tf.valueAndGrads((a, b, c) => tf.sum(y(a, b, c)));
  const size = arrays["a"].data.length;
  return {
    check: () => {
      const { value, grads } = both(xs);
      return [value.dataSync()[0] / size, ...grads.flatMap((x) => fingerprint(x.dataSync()))];
    },
    step: () => {
      const { value, grads } = both(xs);
      tf.dispose([value, ...grads]);
    },
  };
}

function once(make: () => TensorTF): Measured {
  return { check: () => fingerprint(make().dataSync()), step: () => make().dispose() };
}

function product(tf: TensorFlow, A: TensorTF, B: TensorTF): Measured {
  return once(() => tf.matMul(A, B));
}

function chainOf(tf: TensorFlow, ops: number): (x: TensorTF) => TensorTF {
  const [shrink, grow] = [tf.scalar(SHRINK), tf.scalar(GROW)];
  return (x) => {
    let y = x;
    for (let i = 0; i < ops; i++) y = i % 2 === 0 ? tf.mul(y, shrink) : tf.add(y, grow);
    return y;
  };
}

function chain(tf: TensorFlow, { ops }: Chain, x: TensorTF): Measured {
  const follow = chainOf(tf, ops);
  return once(() => tf.tidy(() => follow(x)));
}

function chainGradient(tf: TensorFlow, ops: number, x: TensorTF): Measured {
  const follow = chainOf(tf, ops);
  const slope = tf.grads((start) => tf.sum(follow(start)));
  return once(() => slope([x])[0]);
}

const peer = (backend: string): Peer => ({
  load: async () => {
    const tf = await loadTensorFlow(backend);
    return abilitiesOf(tf, `tfjs ${backend}`, await versionOf("@tensorflow/tfjs"));
  },
});

export const tfjsCpu: Peer = peer("cpu");
export const tfjsWasm: Peer = peer("wasm");

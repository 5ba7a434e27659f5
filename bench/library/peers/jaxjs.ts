/** jax-js on its WebAssembly backend, one thread in Node: a step is one jitted function. */
import {
  asyncTrainingVariant,
  fingerprint,
  GROW,
  parameters,
  SHRINK,
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

/** An array; every function takes over its arguments, `ref` keeps one for another use. */
interface ArrayJax {
  readonly ref: ArrayJax;
  add(other: ArrayJax | number): ArrayJax;
  sub(other: ArrayJax | number): ArrayJax;
  mul(other: ArrayJax | number): ArrayJax;
  reshape(shape: readonly number[]): ArrayJax;
  data(): Promise<Float64Array | Float32Array>;
  blockUntilReady(): Promise<ArrayJax>;
  dispose(): void;
}

type Trained = readonly [ArrayJax, readonly ArrayJax[]];

/** As much of jax-js as is used here. */
interface Jax {
  init(device: "wasm"): Promise<readonly string[]>;
  defaultDevice(device: "wasm"): void;
  numpy: {
    array(data: Float64Array | Float32Array, options: { dtype: Float }): ArrayJax;
    matmul(a: ArrayJax, b: ArrayJax): ArrayJax;
    negative(a: ArrayJax): ArrayJax;
    sum(a: ArrayJax): ArrayJax;
  };
  nn: { sigmoid(x: ArrayJax): ArrayJax; logSoftmax(x: ArrayJax, axis: number): ArrayJax };
  jit<In extends readonly unknown[], Out>(f: (...args: In) => Out): (...args: In) => Out;
  grad(f: (x: ArrayJax) => ArrayJax): (x: ArrayJax) => ArrayJax;
  valueAndGrad<Rest extends readonly unknown[]>(
    f: (variables: readonly ArrayJax[], ...rest: Rest) => ArrayJax,
  ): (variables: readonly ArrayJax[], ...rest: Rest) => Trained;
}

/** It takes the exp and log of a float64 in float32: a loss is off in the eighth digit. */
const EXP_PRECISION: Float = "float32";

const toArray = (jax: Jax, { data, shape }: Numbers, dtype: Float): ArrayJax =>
  jax.numpy.array(data, { dtype }).reshape(shape);

function network(jax: Jax, task: Training, arrays: Arrays): () => Promise<number> {
  const { numpy: np, nn } = jax;
  const loss = (variables: readonly ArrayJax[], X: ArrayJax, c: ArrayJax): ArrayJax => {
    let z = X;
    for (let layer = 0; layer < task.layers; layer++) {
      const x = layer === 0 ? z : nn.sigmoid(z);
      z = np.matmul(x, variables[2 * layer]).add(variables[2 * layer + 1]);
    }
    return np.negative(np.sum(c.mul(nn.logSoftmax(z, -1))));
  };
  const backward = jax.valueAndGrad(loss);
  const step = jax.jit((variables: readonly ArrayJax[], X: ArrayJax, c: ArrayJax): Trained => {
    const kept = variables.map((x) => x.ref);
    const [J, gradients] = backward(kept, X, c);
    return [J, variables.map((x, i) => x.sub(gradients[i].mul(task.learningRate)))];
  });
  const { dtype } = task;
  const [X, c] = [toArray(jax, arrays["points"], dtype), toArray(jax, arrays["labels"], dtype)];
  let variables: readonly ArrayJax[] = parameters(task).map((name) =>
    toArray(jax, arrays[name], dtype),
  );
  return async () => {
    const [J, next] = step(variables, X.ref, c.ref);
    variables = next;
    const [value] = await J.data();
    return value;
  };
}

type Measured = Pick<Variant, "check" | "step">;

/** A function whose result stays where jax-js has it, done to the end. */
function once(make: () => ArrayJax): Measured {
  return {
    check: async () => fingerprint(await make().data()),
    step: async () => {
      const result = make();
      await result.blockUntilReady();
      result.dispose();
    },
  };
}

function elementwise(jax: Jax, { pass, dtype }: Elementwise, arrays: Arrays): Measured {
  const xs = ["a", "b", "c"].map((key) => toArray(jax, arrays[key], dtype));
  const kept = (): readonly ArrayJax[] => xs.map((x) => x.ref);
  const y = ([a, b, c]: readonly ArrayJax[]): ArrayJax => jax.nn.sigmoid(a.mul(b).add(c));
  if (pass === "forward") {
    const forward = jax.jit(y);
    return once(() => forward(kept()));
  }
  const backward = jax.jit(
    jax.valueAndGrad((variables: readonly ArrayJax[]) => jax.numpy.sum(y(variables))),
  );
  return {
    check: async () => {
      const [J, gradients] = backward(kept());
      const [sum] = await J.data();
      const found = await Promise.all(gradients.map((x) => x.data()));
      return [sum / arrays["a"].data.length, ...found.flatMap(fingerprint)];
    },
    step: async () => {
      const [J, gradients] = backward(kept());
      for (const x of [J, ...gradients]) {
        await x.blockUntilReady();
        x.dispose();
      }
    },
  };
}

const follow = (ops: number, x: ArrayJax): ArrayJax => {
  let y = x;
  for (let i = 0; i < ops; i++) y = i % 2 === 0 ? y.mul(SHRINK) : y.add(GROW);
  return y;
};

/** A jit of all ops overflows the stack, and so does one of a thousand in some calls; shorter pieces are slower. */
const PIECE = 500;

/** The longest chain whose gradient it is asked for: at 100,000 ops there was no answer in minutes. */
const LONGEST = 10_000;

function chain(jax: Jax, { ops, dtype }: Chain, arrays: Arrays): Measured {
  const piece = jax.jit((y: ArrayJax) => follow(PIECE, y));
  const x = toArray(jax, arrays["x"], dtype);
  return once(() => {
    let y = x.ref;
    for (let done = 0; done < ops; done += PIECE) y = piece(y);
    return y;
  });
}

async function load(): Promise<Abilities> {
  const jax = (await loadPackage("@jax-js/jax", "jit")) as unknown as Jax;
  await jax.init("wasm");
  jax.defaultDevice("wasm");
  const version = await versionOf("@jax-js/jax");
  const about = ({ dtype }: { dtype: Float }) =>
    ({
      name: "jax-js",
      note: `${dtype}, jit, one thread, ${version}`,
      dtype,
      precision: EXP_PRECISION,
    }) as const;
  return {
    training: (task, arrays) => [
      asyncTrainingVariant(about(task), task, () => network(jax, task, arrays)),
    ],
    elementwise: (task, arrays) => [{ ...about(task), ...elementwise(jax, task, arrays) }],
    product: (task, arrays) => {
      const [A, B] = ["A", "B"].map((name) => toArray(jax, arrays[name], task.dtype));
      const multiply = jax.jit((a: ArrayJax, b: ArrayJax) => jax.numpy.matmul(a, b));
      return [{ ...about(task), ...once(() => multiply(A.ref, B.ref)) }];
    },
    chain: (task, arrays) => [
      {
        ...about(task),
        note: `${about(task).note}, in pieces of ${PIECE} ops`,
        ...chain(jax, task, arrays),
      },
    ],
    "chain gradient": (task, arrays) => {
      if (task.ops > LONGEST) throw new Error(`${LONGEST} ops overflow its stack, more do not end`);
      const x = toArray(jax, arrays["x"], task.dtype);
      const slope = (): ArrayJax =>
        jax.grad((start) => jax.numpy.sum(follow(task.ops, start)))(x.ref);
      return [{ ...about(task), ...once(slope) }];
    },
  };
}

export const jaxjs: Peer = { load };

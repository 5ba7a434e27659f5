/** This library, by its public API. */
import * as g from "../../../lib/index.ts";
import {
  fingerprint,
  GROW,
  parameters,
  SHRINK,
  trainingVariant,
  type Abilities,
  type Arrays,
  type Chain,
  type ChainGradient,
  type Elementwise,
  type Float,
  type Numbers,
  type Peer,
  type Product,
  type Training,
  type Variant,
} from "../task.ts";

const tensorOf = ({ data, shape }: Numbers): g.Tensor => new g.Tensor(data, shape);
const NAME = "gradbook";

/** A new session, with its backend's name as the note. */
function begin(dtype: Float): { readonly session: g.Session; readonly note: string } {
  new g.Graph({ dtype }).asDefault();
  const session = new g.Session();
  return { session, note: `${dtype}, ${session.backend}` };
}

/** A net at its start values; `fed` makes what is fed out of the points and the labels. */
function network(task: Training, arrays: Arrays, fed: (x: g.Tensor) => g.TensorLike): () => number {
  const { session } = begin(task.dtype);
  const [X, c] = [g.placeholder(), g.placeholder()];
  const variables = parameters(task).map((name) => new g.Variable(tensorOf(arrays[name])));
  let z: g.Node = X;
  for (let layer = 0; layer < task.layers; layer++) {
    const x = layer === 0 ? z : g.sigmoid(z);
    z = x.matmul(variables[2 * layer]).add(variables[2 * layer + 1]);
  }
  const p = g.softmax(z);
  const J = g.negative(g.reduceSum(g.reduceSum(g.multiply(c, g.log(p)), { axis: 1 })));
  const { learningRate } = task;
  const train = new g.GradientDescentOptimizer({ learningRate }).minimize(J);
  const points = fed(tensorOf(arrays["points"]));
  const labels = fed(tensorOf(arrays["labels"]));
  const feeds = [[X, points] as const, [c, labels] as const];
  return () => session.run([J, train], feeds)[0].item();
}

/** Feeds as nested arrays are printed beside tensors where reading them is a part of the step that shows. */
const SMALL = 10_000;

function training(task: Training, arrays: Arrays): Variant[] {
  const { note } = begin(task.dtype);
  const { dtype } = task;
  const variants = [
    trainingVariant({ name: NAME, note, dtype }, task, () => network(task, arrays, (x) => x)),
  ];
  if (arrays["points"].data.length > SMALL) return variants;
  const nested = (x: g.Tensor): g.TensorLike => x.toArray();
  const about = { name: `${NAME}, feeds as arrays`, note, dtype };
  variants.push(trainingVariant(about, task, () => network(task, arrays, nested)));
  return variants;
}

interface Sigmoid {
  readonly session: g.Session;
  readonly variables: readonly g.Variable[];
  readonly y: g.Node;
  readonly J: g.Node;
}

function sigmoidOf(dtype: Float, arrays: Arrays): Sigmoid {
  const { session } = begin(dtype);
  const variables = ["a", "b", "c"].map((name) => new g.Variable(tensorOf(arrays[name])));
  const [a, b, c] = variables;
  const y = g.sigmoid(a.multiply(b).add(c));
  return { session, variables, y, J: g.reduceSum(y) };
}

function forward({ dtype }: Elementwise, arrays: Arrays): Variant[] {
  const { note } = begin(dtype);
  const { session, y } = sigmoidOf(dtype, arrays);
  const into = session.run(y);
  const check = (): number[] => fingerprint(session.run(y).data);
  return [
    {
      name: NAME,
      note: `${note}, into a kept tensor`,
      dtype,
      check: () => fingerprint(session.run(y, [], { into }).data),
      step: () => session.run(y, [], { into }),
    },
    { name: `${NAME}, a fresh tensor`, note, dtype, check, step: () => session.run(y) },
  ];
}

/** The loss as a mean, so that all numbers that are compared are about one. */
function summary(J: number, gradients: readonly ArrayLike<number>[]): number[] {
  return [J / gradients[0].length, ...gradients.flatMap(fingerprint)];
}

function gradient({ dtype }: Elementwise, arrays: Arrays): Variant[] {
  const { note } = begin(dtype);
  const { session, variables, J } = sigmoidOf(dtype, arrays);
  const found = g.computeGradients(J, variables);
  const fetch = [J, ...variables.map((x) => found.get(x)!)];
  const into = session.run(fetch);
  const summed = ([loss, ...gradients]: readonly g.Tensor[]): number[] =>
    summary(
      loss.item(),
      gradients.map(({ data }) => data),
    );
  return [
    {
      name: NAME,
      note: `${note}, into kept tensors`,
      dtype,
      check: () => summed(session.run(fetch, [], { into })),
      step: () => session.run(fetch, [], { into }),
    },
    updating(note, dtype, arrays),
    {
      name: `${NAME}, fresh gradients`,
      note,
      dtype,
      check: () => summed(session.run(fetch)),
      step: () => session.run(fetch),
    },
  ];
}

/** The gradients are used where they are, for a step of gradient descent. */
function updating(note: string, dtype: Float, arrays: Arrays): Variant {
  const descend = (learningRate: number): Sigmoid & { step: () => number } => {
    const net = sigmoidOf(dtype, arrays);
    const train = new g.GradientDescentOptimizer({ learningRate }).minimize(net.J);
    return { ...net, step: () => net.session.run([net.J, train])[0].item() };
  };
  let running: (() => number) | undefined;
  return {
    name: `${NAME}, gradients stay in the plan`,
    note: `${note}, an update instead of a fetch`,
    dtype,
    check: () => {
      // At rate 1 the difference of a variable is its gradient.
      const { variables, step } = descend(1);
      const before = variables.map((x) => x.value);
      const loss = step();
      const gradients = variables.map((x, i) => before[i].zip(x.value, (u, v) => u - v).data);
      return summary(loss, gradients);
    },
    step: () => (running ??= descend(1e-6).step)(),
  };
}

function product({ dtype }: Product, arrays: Arrays): Variant[] {
  const { session, note } = begin(dtype);
  const [A, B] = ["A", "B"].map((name) => new g.Variable(tensorOf(arrays[name])));
  const C = g.matmul(A, B);
  const into = session.run(C);
  return [
    {
      name: NAME,
      note: `${note}, into a kept tensor`,
      dtype,
      check: () => fingerprint(session.run(C, [], { into }).data),
      step: () => session.run(C, [], { into }),
    },
  ];
}

function chainOf(x: g.Node, ops: number): g.Node {
  let y = x;
  for (let i = 0; i < ops; i++) y = i % 2 === 0 ? y.multiply(SHRINK) : y.add(GROW);
  return y;
}

function chain({ dtype, ops }: Chain, arrays: Arrays): Variant[] {
  const { session, note } = begin(dtype);
  const x = g.placeholder({ shape: arrays["x"].shape });
  const y = chainOf(x, ops);
  const feeds = [[x, tensorOf(arrays["x"])] as const];
  const step = (): g.Tensor => session.run(y, feeds);
  return [{ name: NAME, note, dtype, check: () => fingerprint(step().data), step }];
}

function chainGradient({ dtype, ops }: ChainGradient, arrays: Arrays): Variant[] {
  const { note } = begin(dtype);
  const start = tensorOf(arrays["x"]);
  const build = (): { x: g.Placeholder; slope: g.Node; session: g.Session } => {
    const { session } = begin(dtype);
    const x = g.placeholder({ shape: start.shape });
    const J = g.reduceSum(chainOf(x, ops));
    return { x, slope: g.computeGradients(J, [x]).get(x)!, session };
  };
  const value = (): g.Tensor => {
    const { x, slope, session } = build();
    return session.run(slope, [[x, start]]);
  };
  const check = (): number[] => fingerprint(value().data);
  return [
    { name: NAME, note: `${note}, with a first run`, dtype, check, step: value },
    { name: `${NAME}, nodes only`, note: "not run", dtype, check, step: build },
  ];
}

const abilities: Abilities = {
  training,
  elementwise: (task, arrays) =>
    task.pass === "forward" ? forward(task, arrays) : gradient(task, arrays),
  product,
  chain,
  "chain gradient": chainGradient,
};

export const gradbook: Peer = { load: () => Promise.resolve(abilities) };

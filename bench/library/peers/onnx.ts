/** ONNX Runtime's Node package: a whole training step, gradients and update written out, as one graph. */
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
import { onnxModel, type OnnxConstant, type OnnxGraph, type OnnxNode } from "./onnx_model.ts";

interface OrtTensor {
  readonly data: Float64Array | Float32Array;
}
type Values = Readonly<Record<string, OrtTensor>>;

/** As much of ONNX Runtime as is used here. Outputs that are given are written into. */
interface Ort {
  Tensor: new (
    dtype: Float,
    data: Float64Array | Float32Array,
    shape: readonly number[],
  ) => OrtTensor;
  InferenceSession: {
    create(
      model: Uint8Array,
      options: { intraOpNumThreads: number; interOpNumThreads: number },
    ): Promise<{ run(feeds: Values, fetches: Values): Promise<Values> }>;
  };
}

/** Below this many multiplications waking a second thread costs more than it does. */
const WORTH_A_THREAD = 1e5;

type Run = (feeds: Values, fetches: Values) => Promise<Values>;

async function sessionOf(ort: Ort, graph: OnnxGraph, threads: number): Promise<Run> {
  const options = { intraOpNumThreads: threads, interOpNumThreads: 1 };
  const session = await ort.InferenceSession.create(onnxModel(graph), options);
  return (feeds, fetches) => session.run(feeds, fetches);
}

function toTensor(ort: Ort, { data, shape }: Numbers, dtype: Float): OrtTensor {
  return new ort.Tensor(dtype, data, shape);
}

function room(ort: Ort, dtype: Float, shape: readonly number[]): OrtTensor {
  const size = shape.reduce((product, length) => product * length, 1);
  const data = dtype === "float64" ? new Float64Array(size) : new Float32Array(size);
  return new ort.Tensor(dtype, data, shape);
}

function scalar(name: string, value: number, dtype: Float): OnnxConstant {
  return { name, shape: [], data: [value], type: dtype };
}

const axis = (name: string, value: number): OnnxConstant => ({
  name,
  shape: [1],
  data: [value],
  type: "int64",
});

/** z = x · W + b with sigmoids between, the loss, and its gradient by the last z: p − c. */
function forwardNodes(layers: number): OnnxNode[] {
  const nodes: OnnxNode[] = [];
  for (let i = 0; i < layers; i++) {
    const input = i === 0 ? "X" : `h${i}`;
    if (i > 0) nodes.push({ op: "Sigmoid", inputs: [`z${i - 1}`], output: input });
    nodes.push({ op: "Gemm", inputs: [input, `W${i}`, `b${i}`], output: `z${i}` });
  }
  const z = `z${layers - 1}`;
  return [
    ...nodes,
    { op: "LogSoftmax", inputs: [z], output: "logs", integers: { axis: 1 } },
    { op: "Mul", inputs: ["c", "logs"], output: "terms" },
    { op: "ReduceSum", inputs: ["terms"], output: "total", integers: { keepdims: 0 } },
    { op: "Neg", inputs: ["total"], output: "J" },
    { op: "Exp", inputs: ["logs"], output: "p" },
    { op: "Sub", inputs: ["p", "c"], output: `g${layers - 1}` },
  ];
}

/** The update is a part of the product: a Gemm of xᵀ and −η·g that adds W. Its own α would be a float32. */
function backwardNodes(layers: number): OnnxNode[] {
  const nodes: OnnxNode[] = [];
  for (let i = layers - 1; i >= 0; i--) {
    const [x, g, step] = [i === 0 ? "X" : `h${i}`, `g${i}`, `step${i}`];
    nodes.push(
      { op: "Mul", inputs: [g, "descent"], output: step },
      { op: "Gemm", inputs: [x, step, `W${i}`], output: `next_W${i}`, integers: { transA: 1 } },
      { op: "ReduceSum", inputs: [step, "rows"], output: `db${i}`, integers: { keepdims: 0 } },
      { op: "Add", inputs: [`b${i}`, `db${i}`], output: `next_b${i}` },
    );
    if (i === 0) break;
    nodes.push(
      { op: "Gemm", inputs: [g, `W${i}`], output: `back${i}`, integers: { transB: 1 } },
      { op: "Mul", inputs: [x, x], output: `square${i}` },
      { op: "Sub", inputs: [x, `square${i}`], output: `slope${i}` },
      { op: "Mul", inputs: [`back${i}`, `slope${i}`], output: `g${i - 1}` },
    );
  }
  return nodes;
}

function trainingGraph(task: Training, arrays: Arrays): OnnxGraph {
  const { layers, learningRate, dtype } = task;
  const variables = parameters(task).map((name) => ({ name, shape: arrays[name].shape }));
  return {
    dtype,
    nodes: [...forwardNodes(layers), ...backwardNodes(layers)],
    constants: [scalar("descent", -learningRate, dtype), axis("rows", 0)],
    inputs: [
      { name: "X", shape: arrays["points"].shape },
      { name: "c", shape: arrays["labels"].shape },
      ...variables,
    ],
    outputs: [
      { name: "J", shape: [] },
      ...variables.map(({ name, shape }) => ({ name: `next_${name}`, shape })),
    ],
  };
}

async function training(ort: Ort, task: Training, arrays: Arrays): Promise<Variant> {
  const names = parameters(task);
  const { dtype } = task;
  const work = arrays["points"].shape[0] * arrays["W0"].data.length;
  const threads = work < WORTH_A_THREAD ? 1 : 2;
  const run = await sessionOf(ort, trainingGraph(task, arrays), threads);
  const start = (): (() => Promise<number>) => {
    const data = {
      X: toTensor(ort, arrays["points"], dtype),
      c: toTensor(ort, arrays["labels"], dtype),
    };
    const copy = (name: string): OrtTensor =>
      toTensor(ort, { ...arrays[name], data: arrays[name].data.slice() }, dtype);
    // Two sets of variables take turns as input and output, so that nothing is allocated.
    const sets = [names.map(copy), names.map((name) => room(ort, dtype, arrays[name].shape))];
    const J = room(ort, dtype, []);
    const turns = [0, 1].map((turn) => ({
      feeds: { ...data, ...Object.fromEntries(names.map((name, i) => [name, sets[turn][i]])) },
      fetches: {
        J,
        ...Object.fromEntries(names.map((name, i) => [`next_${name}`, sets[1 - turn][i]])),
      },
    }));
    let turn = 0;
    return async () => {
      const { feeds, fetches } = turns[turn];
      turn = 1 - turn;
      await run(feeds, fetches);
      return J.data[0];
    };
  };
  return asyncTrainingVariant(about(dtype, threads), task, start);
}

const NAME = "ONNX Runtime";
const about = (dtype: Float, threads: number): Pick<Variant, "name" | "note" | "dtype"> => ({
  name: NAME,
  note: `${dtype}, ${threads === 1 ? "one thread" : "two threads"}`,
  dtype,
});

/** Feeds and fetches by name, the same tensors in every run. */
async function fixed(
  ort: Ort,
  graph: OnnxGraph,
  feeds: Values,
  threads: number,
): Promise<{ step: () => Promise<Values>; fetches: Values }> {
  const run = await sessionOf(ort, graph, threads);
  const fetches = Object.fromEntries(
    graph.outputs.map(({ name, shape }) => [name, room(ort, graph.dtype, shape)]),
  );
  return { fetches, step: () => run(feeds, fetches) };
}

const forwardPass: readonly OnnxNode[] = [
  { op: "Mul", inputs: ["a", "b"], output: "ab" },
  { op: "Add", inputs: ["ab", "c"], output: "z" },
  { op: "Sigmoid", inputs: ["z"], output: "y" },
];
const gradientPass: readonly OnnxNode[] = [
  { op: "ReduceSum", inputs: ["y"], output: "J", integers: { keepdims: 0 } },
  { op: "Mul", inputs: ["y", "y"], output: "square" },
  { op: "Sub", inputs: ["y", "square"], output: "dc" },
  { op: "Mul", inputs: ["dc", "b"], output: "da" },
  { op: "Mul", inputs: ["dc", "a"], output: "db" },
];

async function elementwise(ort: Ort, task: Elementwise, arrays: Arrays): Promise<Variant> {
  const { dtype, pass } = task;
  const { shape } = arrays["a"];
  const isForward = pass === "forward";
  const gradients = ["da", "db", "dc"].map((name) => ({ name, shape }));
  const graph: OnnxGraph = {
    dtype,
    nodes: isForward ? forwardPass : [...forwardPass, ...gradientPass],
    constants: [],
    inputs: ["a", "b", "c"].map((name) => ({ name, shape })),
    outputs: isForward ? [{ name: "y", shape }] : [{ name: "J", shape: [] }, ...gradients],
  };
  const feeds = Object.fromEntries(
    ["a", "b", "c"].map((name) => [name, toTensor(ort, arrays[name], dtype)]),
  );
  const { step, fetches } = await fixed(ort, graph, feeds, 2);
  const check = async (): Promise<number[]> => {
    await step();
    if (isForward) return fingerprint(fetches["y"].data);
    const mean = fetches["J"].data[0] / arrays["a"].data.length;
    return [mean, ...gradients.flatMap(({ name }) => fingerprint(fetches[name].data))];
  };
  return { ...about(dtype, 2), check, step };
}

/** One output C, compared as a whole. */
async function single(
  ort: Ort,
  graph: OnnxGraph,
  feeds: Values,
  threads: number,
): Promise<Variant> {
  const { step, fetches } = await fixed(ort, graph, feeds, threads);
  const check = async (): Promise<number[]> => {
    await step();
    return fingerprint(fetches[graph.outputs[0].name].data);
  };
  return { ...about(graph.dtype, threads), check, step };
}

function chain(ort: Ort, { dtype, ops }: Chain, arrays: Arrays): Promise<Variant> {
  const { shape } = arrays["x"];
  const nodes = Array.from({ length: ops }, (_, i) => ({
    op: i % 2 === 0 ? "Mul" : "Add",
    inputs: [`y${i}`, i % 2 === 0 ? "shrink" : "grow"],
    output: `y${i + 1}`,
  }));
  const graph: OnnxGraph = {
    dtype,
    nodes,
    constants: [scalar("shrink", SHRINK, dtype), scalar("grow", GROW, dtype)],
    inputs: [{ name: "y0", shape }],
    outputs: [{ name: `y${ops}`, shape }],
  };
  return single(ort, graph, { y0: toTensor(ort, arrays["x"], dtype) }, 1);
}

async function load(): Promise<Abilities> {
  const ort = (await loadPackage("onnxruntime-node", "InferenceSession")) as unknown as Ort;
  const version = await versionOf("onnxruntime-node");
  const stamped = async (variant: Promise<Variant>): Promise<Variant[]> => {
    const made = await variant;
    return [{ ...made, note: `${made.note}, ${version}` }];
  };
  return {
    training: (task, arrays) => stamped(training(ort, task, arrays)),
    elementwise: (task, arrays) => stamped(elementwise(ort, task, arrays)),
    product: ({ dtype }, arrays) => {
      const { A, B } = arrays;
      const [inputs, shape] = [
        ["A", "B"],
        [A.shape[0], B.shape[1]],
      ];
      const graph: OnnxGraph = {
        dtype,
        nodes: [{ op: "MatMul", inputs, output: "C" }],
        constants: [],
        inputs: inputs.map((name) => ({ name, shape: arrays[name].shape })),
        outputs: [{ name: "C", shape }],
      };
      const feeds = { A: toTensor(ort, A, dtype), B: toTensor(ort, B, dtype) };
      return stamped(single(ort, graph, feeds, 2));
    },
    chain: (task, arrays) => stamped(chain(ort, task, arrays)),
  };
}

export const onnx: Peer = { load };

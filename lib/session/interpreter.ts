/** A plan carried out node by node: each op binds its steps to buffers of its own. For first runs, and for ops of notebooks. */
import { Shared, viewOf, type Backend, type Buffer, type Step } from "../backend/backend.ts";
import { sameShape } from "../core/shape.ts";
import { Tensor } from "../core/tensor.ts";
import { Constant, locate } from "../graph/build.ts";
import { GraphError, label, type Node } from "../graph/node.ts";
import { compute, Operation } from "../graph/operation.ts";
import { Places } from "../graph/places.ts";
import { checkTargets, deliver } from "./deliver.ts";
import type { Fed } from "./feeds.ts";
import { checkAfter } from "./numerics.ts";
import { Recycler } from "./recycler.ts";
import { inputsOf, shapeOf, taskOf, type Ends } from "./tasks.ts";

/** What a task is bound with. */
interface Means {
  readonly shared: Shared;
  readonly memory: Pick<Backend, "alloc">;
}

/** The steps of a plan, as its nodes come. */
export class Interpreter {
  readonly #fetches: readonly Node[];
  readonly #backend: Backend;
  readonly #nodes: readonly Node[];
  readonly #ends: Ends;
  readonly #places: Places;
  /** The places of what the nodes are computed from, and by node where its own begin. */
  readonly #inputs: Int32Array;
  readonly #starts: Int32Array;
  #values: (Buffer | undefined)[] = [];
  readonly #numbers = new Map<number, Buffer>();
  /** The steps in order, and the place of the node that each one belongs to. */
  #steps: Step[] = [];
  #owners: number[] = [];
  #bound = false;
  #hasRun = false;

  constructor(fetches: readonly Node[], nodes: readonly Node[], ends: Ends, backend: Backend) {
    this.#fetches = fetches;
    this.#nodes = nodes;
    this.#ends = ends;
    this.#backend = backend;
    this.#places = new Places(nodes);
    this.#starts = new Int32Array(nodes.length + 1);
    for (let i = 0; i < nodes.length; i++) {
      this.#starts[i + 1] = this.#starts[i] + inputsOf(nodes[i]).length;
    }
    this.#inputs = new Int32Array(this.#starts[nodes.length]);
    let at = 0;
    for (const node of nodes) {
      const inputs = inputsOf(node);
      for (let i = 0; i < inputs.length; i++) this.#inputs[at++] = this.#places.of(inputs[i]);
    }
  }

  /** Computes everything; results are written into the tensors given, or into new ones. */
  run(
    fed: Fed,
    into?: readonly Tensor[],
    { checkNumerics = false }: { readonly checkNumerics?: boolean } = {},
  ): readonly Tensor[] {
    if (!this.#bound) this.#values = Array<undefined>(this.#nodes.length).fill(undefined);
    this.#load(fed);
    const isOnce = !this.#hasRun && !checkNumerics && this.#ends.assigns.length === 0;
    if (isOnce) this.#runOnce();
    else if (!this.#bound) this.#bindFrom(0);
    else this.#runSteps();
    if (checkNumerics) checkAfter(this.#nodes.map(taskOf), this.#valueOf);
    const buffers = this.#fetches.map(this.#valueOf);
    if (into !== undefined) checkTargets(this.#fetches, buffers, into);
    const results = deliver(buffers, into);
    this.#commit();
    if (isOnce) this.#values = [];
    this.#hasRun = true;
    return results;
  }

  readonly #valueOf = (node: Node): Buffer => this.#values[this.#places.of(node)]!;

  #load(fed: Fed): void {
    for (const target of this.#ends.placeholders) this.#source(target, fed.get(target)!);
    for (const variable of this.#ends.variables) this.#source(variable, variable.buffer);
  }

  /** Values from outside are read where they lie. */
  #source(node: Node, value: Omit<Buffer, "dtype">): void {
    const place = this.#places.of(node);
    const buffer = this.#values[place];
    if (buffer !== undefined) buffer.data = value.data;
    else this.#values[place] = { shape: value.shape, dtype: node.dtype, data: value.data };
  }

  /**
   * A first run is often the only one, unless it changes a variable: no step is kept, and a value no longer than it is read. Its memory serves the next
   * of its size, so that a long chain takes that of a short one.
   */
  #runOnce(): void {
    const memory = new Recycler(this.#backend);
    const means = { shared: new Shared(), memory };
    const [starts, inputs, values] = [this.#starts, this.#inputs, this.#values];
    const lastReads = this.#lastReads();
    /** By place: 1 where no other value lies in the same memory. */
    const isAlone = new Uint8Array(this.#nodes.length);
    for (let i = 0; i < this.#nodes.length; i++) {
      const node = this.#nodes[i];
      try {
        const step = this.#bind(i, means);
        if (step !== undefined) isAlone[i] = 1;
        else if (starts[i] < starts[i + 1]) isAlone[inputs[starts[i]]] = 0;
        if (step !== undefined && !(node instanceof Operation)) step();
      } catch (error) {
        throw locate(error, node.origin);
      }
      for (let at = starts[i]; at < starts[i + 1]; at++) {
        const place = inputs[at];
        const value = values[place];
        if (lastReads[place] !== i || value === undefined) continue;
        values[place] = undefined;
        if (isAlone[place] === 1) memory.give(value);
      }
    }
  }

  /** The place of the last node that reads each value; what is read after the run is read by none. */
  #lastReads(): Int32Array {
    const last = new Int32Array(this.#nodes.length);
    const [starts, inputs] = [this.#starts, this.#inputs];
    for (let i = 0; i < last.length; i++) {
      for (let at = starts[i]; at < starts[i + 1]; at++) last[inputs[at]] = i;
    }
    for (const node of this.#fetches) last[this.#places.of(node)] = -1;
    for (const node of this.#ends.assigns) last[this.#places.of(node)] = -1;
    return last;
  }

  /** Gives the nodes from `start` on their buffers and steps, running each step at once. */
  #bindFrom(start: number): void {
    this.#bound = false;
    const means = { shared: new Shared(), memory: this.#backend };
    const kept = this.#owners.filter((owner) => owner < start).length;
    this.#steps = this.#steps.slice(0, kept);
    this.#owners = this.#owners.slice(0, kept);
    for (let i = start; i < this.#nodes.length; i++) {
      const node = this.#nodes[i];
      try {
        const step = this.#bind(i, means);
        if (step === undefined) continue;
        this.#steps.push(step);
        this.#owners.push(i);
        if (!(node instanceof Operation)) step();
      } catch (error) {
        throw locate(error, node.origin);
      }
    }
    this.#bound = true;
  }

  #runSteps(): void {
    const steps = this.#steps;
    let i = 0;
    try {
      for (; i < steps.length; i++) steps[i]();
    } catch (error) {
      const owner = this.#owners[i];
      if (!(error instanceof ShapeChanged)) throw locate(error, this.#nodes[owner].origin);
      this.#bindFrom(owner + 1);
    }
  }

  #bind(place: number, { shared, memory }: Means): Step | undefined {
    const task = taskOf(this.#nodes[place]);
    const { node, op, attrs } = task;
    if (node instanceof Constant) this.#constant(node, place);
    if (node instanceof Operation) return this.#bindOperation(node);
    if (op.kernel === undefined && op.view === undefined) return undefined;
    const start = this.#starts[place];
    const buffers = task.inputs.map((_, i) => this.#values[this.#inputs[start + i]]!);
    const shapes = buffers.map((x) => x.shape);
    const shape = shapeOf(task, shapes);
    if (op.view?.(shapes, attrs) === true) {
      const [source] = buffers;
      this.#values[place] = sameShape(source.shape, shape) ? source : viewOf(source, shape);
      return undefined;
    }
    const out = memory.alloc(shape, node.dtype);
    this.#values[place] = out;
    return op.kernel!(this.#backend, buffers, out, attrs, shared);
  }

  /** Single numbers are most of the constants of a long chain, and few of them differ. */
  #constant(node: Constant, place: number): void {
    const number = node.shape!.length === 0 ? node.uniform! : undefined;
    // A map takes −0 for 0.
    if (number === undefined || node.dtype !== "float64" || Object.is(number, -0)) {
      const { shape, dtype, data } = node.value;
      this.#values[place] = { shape, dtype, data };
      return;
    }
    let known = this.#numbers.get(number);
    if (known === undefined) {
      const { shape, dtype, data } = node.value;
      this.#numbers.set(number, (known = { shape, dtype, data }));
    }
    this.#values[place] = known;
  }

  /** An op of a notebook: its shape is known only once it has run, and may change from run to run. */
  #bindOperation(node: Operation): Step {
    const inputs = node.inputs.map(this.#valueOf);
    const place = this.#places.of(node);
    const evaluate = (): Tensor => {
      const values = inputs.map((x) => new Tensor(x.data.slice(), x.shape));
      try {
        return compute(node, values);
      } catch (error) {
        throw failed(node, error);
      }
    };
    let out = toBuffer(evaluate());
    this.#values[place] = out;
    return () => {
      const result = evaluate();
      if (sameShape(result.shape, out.shape)) return out.data.set(result.data);
      out = toBuffer(result);
      this.#values[place] = out;
      throw new ShapeChanged();
    };
  }

  /** Variables take their new values, and the plan their old memory. */
  #commit(): void {
    for (const assign of this.#ends.assigns) {
      const buffer = this.#valueOf(assign);
      const { buffer: own } = assign.variable;
      [own.data, buffer.data] = [buffer.data, own.data];
    }
  }
}

/** Thrown within a plan when a notebook's op returned another shape than before: what follows is bound anew. */
class ShapeChanged extends Error {}

function toBuffer({ shape, dtype, data }: Tensor): Buffer {
  return { shape, dtype, data: data.slice() };
}

function failed(node: Operation, error: unknown): unknown {
  const message = error instanceof Error ? error.message : String(error);
  const text = message.startsWith(label(node))
    ? message
    : `${label(node)}: compute threw: ${message}`;
  const place = ` (made at ${node.origin.place})`;
  // An op that runs itself fails once, however deep.
  const placed = text.endsWith(place) ? text : `${text}${place}`;
  const failure = new GraphError(placed, { cause: error });
  // The line to look at is the one that threw, not that of this wrapper.
  const frames = error instanceof Error ? /\n {4}at [^]*$/.exec(error.stack ?? "") : null;
  if (frames !== null) failure.stack = `${failure.name}: ${failure.message}${frames[0]}`;
  return failure;
}

/** A plan carried out node by node: each op binds its steps to buffers of its own. For first runs, and for ops of notebooks. */
import { Shared, viewOf, type Backend, type Buffer, type Step } from "../backend/backend.ts";
import { sameShape } from "../core/shape.ts";
import { Tensor } from "../core/tensor.ts";
import { Constant, locate } from "../graph/build.ts";
import { GraphError, label, type Node } from "../graph/node.ts";
import { compute, Operation } from "../graph/operation.ts";
import { Assign, Placeholder, Variable } from "../ops/state.ts";
import type { Fed } from "./feeds.ts";
import { checkAfter } from "./numerics.ts";
import { shapeOf, type Task } from "./tasks.ts";

/** The steps of a plan, as its tasks come. */
export class Interpreter {
  readonly #fetches: readonly Node[];
  readonly #backend: Backend;
  readonly #tasks: readonly Task[];
  readonly #placeholders: readonly Placeholder[];
  readonly #variables: readonly Variable[];
  readonly #assigns: readonly Assign[];
  readonly #buffers = new Map<Node, Buffer>();
  /** The steps in order, and the task that each one belongs to. */
  #steps: Step[] = [];
  #owners: number[] = [];
  #bound = false;

  constructor(fetches: readonly Node[], tasks: readonly Task[], backend: Backend) {
    this.#fetches = fetches;
    this.#tasks = tasks;
    this.#backend = backend;
    const nodes = tasks.map((task) => task.node);
    this.#placeholders = nodes.filter((node) => node instanceof Placeholder);
    this.#variables = nodes.filter((node) => node instanceof Variable);
    this.#assigns = nodes.filter((node) => node instanceof Assign);
  }

  /** Computes everything; `deliver` is given the fetched buffers before variables take their new values. */
  run<R>(
    fed: Fed,
    deliver: (buffers: readonly Buffer[]) => R,
    { checkNumerics = false }: { readonly checkNumerics?: boolean } = {},
  ): R {
    this.#load(fed);
    if (!this.#bound) this.#bindFrom(0, checkNumerics);
    else this.#runSteps(checkNumerics);
    const result = deliver(this.#fetches.map((node) => this.#buffers.get(node)!));
    this.#commit();
    return result;
  }

  #load(fed: Fed): void {
    for (const target of this.#placeholders) this.#source(target, fed.get(target)!);
    for (const variable of this.#variables) this.#source(variable, variable.buffer);
  }

  /** Values from outside are read where they lie. */
  #source(node: Node, value: Omit<Buffer, "dtype">): void {
    const buffer = this.#buffers.get(node);
    if (buffer !== undefined) buffer.data = value.data;
    else this.#buffers.set(node, { shape: value.shape, dtype: node.dtype, data: value.data });
  }

  /** Gives the tasks from `start` on their buffers and steps, running each step at once. */
  #bindFrom(start: number, checkNumerics: boolean): void {
    this.#bound = false;
    const shared = new Shared();
    const kept = this.#owners.filter((owner) => owner < start).length;
    this.#steps = this.#steps.slice(0, kept);
    this.#owners = this.#owners.slice(0, kept);
    for (let i = start; i < this.#tasks.length; i++) {
      const task = this.#tasks[i];
      try {
        const step = this.#bind(task, shared);
        if (step === undefined) continue;
        this.#steps.push(step);
        this.#owners.push(i);
        if (!(task.node instanceof Operation)) step();
      } catch (error) {
        throw locate(error, task.node.origin);
      }
    }
    this.#bound = true;
    if (checkNumerics) checkAfter(this.#tasks, this.#tasks.length - 1, this.#buffers);
  }

  #runSteps(checkNumerics: boolean): void {
    const steps = this.#steps;
    let i = 0;
    try {
      for (; i < steps.length; i++) steps[i]();
    } catch (error) {
      const owner = this.#owners[i];
      if (!(error instanceof ShapeChanged)) throw locate(error, this.#tasks[owner].node.origin);
      this.#bindFrom(owner + 1, checkNumerics);
    }
    if (checkNumerics) checkAfter(this.#tasks, this.#tasks.length - 1, this.#buffers);
  }

  #bind(task: Task, shared: Shared): Step | undefined {
    const { node, op, inputs, attrs } = task;
    if (node instanceof Constant) this.#source(node, node.value);
    if (node instanceof Operation) return this.#bindOperation(node);
    if (op.kernel === undefined && op.view === undefined) return undefined;
    const buffers = inputs.map((x) => this.#buffers.get(x)!);
    const shapes = buffers.map((x) => x.shape);
    const shape = shapeOf(task, shapes);
    if (op.view?.(shapes, attrs) === true) {
      const [source] = buffers;
      this.#buffers.set(node, sameShape(source.shape, shape) ? source : viewOf(source, shape));
      return undefined;
    }
    const out = this.#backend.alloc(shape, node.dtype);
    this.#buffers.set(node, out);
    return op.kernel!(this.#backend, buffers, out, attrs, shared);
  }

  /** An op of a notebook: its shape is known only once it has run, and may change from run to run. */
  #bindOperation(node: Operation): Step {
    const inputs = node.inputs.map((x) => this.#buffers.get(x)!);
    const evaluate = (): Tensor => {
      const values = inputs.map((x) => new Tensor(x.data.slice(), x.shape));
      try {
        return compute(node, values);
      } catch (error) {
        throw failed(node, error);
      }
    };
    let out = toBuffer(evaluate());
    this.#buffers.set(node, out);
    return () => {
      const result = evaluate();
      if (sameShape(result.shape, out.shape)) return out.data.set(result.data);
      out = toBuffer(result);
      this.#buffers.set(node, out);
      throw new ShapeChanged();
    };
  }

  /** Variables take their new values, and the plan their old memory. */
  #commit(): void {
    for (const assign of this.#assigns) {
      const buffer = this.#buffers.get(assign)!;
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
  const failure = new GraphError(`${text} (made at ${node.origin.place})`, { cause: error });
  // The line to look at is the one that threw, not that of this wrapper.
  const frames = error instanceof Error ? /\n {4}at [^]*$/.exec(error.stack ?? "") : null;
  if (frames !== null) failure.stack = `${failure.name}: ${failure.message}${frames[0]}`;
  return failure;
}

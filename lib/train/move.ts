/** One variable's part of a training step, written in the scalar language: its value, its gradient, its slots. */
import { evaluate, input, s, type Scalar } from "../core/scalar.ts";
import { Tensor } from "../core/tensor.ts";
import { allocate } from "../core/dtype.ts";
import { Node } from "../graph/node.ts";
import { assign, Variable, type Assign } from "../ops/state.ts";
import { add } from "../ops/elementwise.ts";
import { cast } from "../ops/structure.ts";
import { formula, inputsOf } from "./formula.ts";
import { Schedule } from "./schedule.ts";

/** A learning rate: fixed, following the steps, or a scalar node, such as a placeholder. */
export type LearningRate = number | Schedule | Node;

/** The numbers that change once a step and are the same for every variable. They are float64, whatever the graph's type. */
export class StepNumbers {
  /** The steps counted, if anything asks: a variable, and its value after this step. */
  #count: Assign | undefined;
  readonly #rate: LearningRate;
  readonly #made = new Map<string, Node>();
  /** What this step changes besides the trained variables. */
  readonly updates: Assign[] = [];

  constructor(rate: LearningRate) {
    this.#rate = rate;
  }

  /** The expression that `build` makes of the rate and the number of this step, counted from 1: a node, or a plain number. */
  number(name: string, build: (rate: Scalar, step: Scalar) => Scalar): Node | number {
    const made = this.#made.get(name);
    if (made !== undefined) return made;
    const [step, given] = [input(0), input(1)];
    const rate = this.#rate;
    const expression = build(rateExpression(rate, step, given), step);
    const used = inputsOf(expression);
    if (used.length === 0) return evaluate(expression, []);
    // A fixed rate alone counts no steps.
    const nodes: Node[] = [];
    if (used.includes(0)) nodes[0] = this.#counting();
    if (used.includes(1)) nodes[1] = asFloat64(rate as Node);
    const node = formula(name, expression, nodes);
    this.#made.set(name, node);
    return node;
  }

  /** The variable that counts the steps, if anything asked for it. */
  get counter(): Variable | undefined {
    return this.#count?.variable;
  }

  #counting(): Assign {
    if (this.#count === undefined) {
      const step = new Variable(0, { name: "step", trainable: false, dtype: "float64" });
      this.#count = assign(step, add(step, 1), { name: "count" });
      this.updates.push(this.#count);
    }
    return this.#count;
  }
}

function asFloat64(node: Node): Node {
  return node.dtype === "float64" ? node : cast(node, { dtype: "float64" });
}

function rateExpression(rate: LearningRate, step: Scalar, given: Scalar): Scalar {
  if (rate instanceof Node) return given;
  return rate instanceof Schedule ? rate.of(s.subtract(step, 1)) : { kind: "number", value: rate };
}

/** What an optimizer's formula may use: all of it expressions, of which only those it mentions become inputs. */
export class Move {
  readonly variable: Variable;
  /** The variable's value before the step. */
  readonly w: Scalar;
  /** The gradient, clipped, with the weight decay that the optimizer adds to it. */
  readonly g: Scalar;
  readonly #step: StepNumbers;
  readonly #nodes: Node[] = [];

  constructor(variable: Variable, gradient: Node, step: StepNumbers, weightDecay: number) {
    this.variable = variable;
    this.#step = step;
    this.w = this.#read(variable);
    const g = this.#read(gradient);
    this.g = weightDecay === 0 ? g : s.add(g, s.multiply(this.w, weightDecay));
  }

  /** A variable of the same shape that lives beside this one: given its value so far, `next` says its new one, which is returned. */
  slot(name: string, next: (value: Scalar) => Scalar, start = 0): Scalar {
    const { dtype, shape, name: own } = this.variable;
    const value = new Tensor(allocate(dtype, this.variable.buffer.data.length).fill(start), shape);
    const slot = new Variable(value, { name: `${own}/${name}`, trainable: false, dtype });
    this.variable.slots.push(slot);
    const update = assign(slot, this.node(name, next(this.#read(slot))));
    this.#step.updates.push(update);
    return this.#read(update);
  }

  /** A number that changes once a step, from the rate and the step's number, counted from 1. */
  number(name: string, build: (rate: Scalar, step: Scalar) => Scalar): Scalar {
    const made = this.#step.number(name, build);
    if (typeof made === "number") return { kind: "number", value: made };
    const { dtype } = this.variable;
    return this.#read(made.dtype === dtype ? made : cast(made, { dtype }));
  }

  /** A node for an expression of what was read. */
  node(name: string, expression: Scalar): Node {
    return formula(name, expression, this.#nodes);
  }

  #read(node: Node): Scalar {
    return input(this.#nodes.push(node) - 1);
  }
}

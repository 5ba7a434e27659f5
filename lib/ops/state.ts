/** Where values come from: placeholders, variables, constants; and how a variable gets a new one. */
import { allocBuffer, type Buffer } from "../backend/backend.ts";
import { checkDtype, isFloat, type Dtype } from "../core/dtype.ts";
import { noOption } from "../core/options.ts";
import { input, s } from "../core/scalar.ts";
import {
  checkShape,
  fits,
  ShapeError,
  show,
  type PartialShape,
  type Shape,
} from "../core/shape.ts";
import { describe } from "../core/describe.ts";
import {
  areBooleans,
  parseTensor,
  Tensor,
  type TensorLike,
  type TensorOf,
} from "../core/tensor.ts";
import {
  atCall,
  checkNode,
  Constant,
  copy,
  locating,
  makeNode,
  sourceOp,
  toNodes,
  type NodeLike,
} from "../graph/build.ts";
import { defaultGraph } from "../graph/graph.ts";
import { checkList } from "../graph/list_op.ts";
import { GraphError, label, Node, type OpSpec } from "../graph/node.ts";
import type { IsKnown } from "../graph/shaped.ts";
import { add } from "./elementwise.ts";

/** Throws, showing how, if a name was given where options are wanted, or an option that there is not. */
function checkOptions(
  options: unknown,
  what: string,
  known: readonly string[],
  call: string,
): void {
  const wrong = wrongOptions(options, known, call);
  if (wrong === null) return;
  throw new GraphError(`${what}: ${wrong} (made at ${defaultGraph().here().place})`);
}

function wrongOptions(options: unknown, known: readonly string[], call: string): string | null {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    const name = typeof options === "string" ? options : "x";
    return `options are ${describe(options)}; write ${call}{ name: ${JSON.stringify(name)} })`;
  }
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  return unknown === undefined ? null : noOption(unknown, known);
}

const placeholderOp = sourceOp("placeholder");
const variableOp = sourceOp("variable");

/** A node whose value is fed to each run. */
export class Placeholder extends Node {
  readonly kind = "placeholder";

  constructor(options: { name?: string; shape?: PartialShape; dtype?: Dtype } = {}) {
    checkOptions(options, "placeholder", ["name", "shape", "dtype"], "placeholder(");
    const graph = defaultGraph();
    const { name = "placeholder", shape = null, dtype = graph.dtype } = options;
    if (Array.isArray(shape) && shape.includes(-1)) {
      const open = JSON.stringify(shape.map((size: number) => (size === -1 ? null : size)));
      throw new ShapeError(
        `placeholder ${name}: shape ${show(shape)}: a size that is open is null; write placeholder({ shape: ${open} })`,
      );
    }
    super({
      graph,
      op: placeholderOp,
      inputs: [],
      attrs: {},
      name,
      dtype: checkDtype(dtype),
      shape: checkShape(`placeholder ${name}`, shape),
      origin: graph.here(),
    });
  }
}

/** A placeholder whose shape the compiler knows. */
export interface PlaceholderOf<S extends PartialShape> extends Placeholder {
  readonly shape: S;
}

/** A placeholder of that shape; if the compiler does not know it, any placeholder. */
type Declared<S extends PartialShape> = IsKnown<S> extends true ? PlaceholderOf<S> : Placeholder;

/** A node whose value is fed to each run; sizes that may differ from run to run are `null`. */
export function placeholder<const S extends PartialShape = PartialShape>(
  options: { name?: string; shape?: S; dtype?: Dtype } = {},
): Declared<S> {
  return atCall(() => new Placeholder(options)) as Declared<S>;
}

/** A node whose value stays from run to run, until an `assign` or a training step changes it. */
export class Variable<S extends Shape = Shape> extends Node {
  readonly kind = "variable";
  declare readonly shape: S;
  /** Whether optimizers change it when they are not told which variables to train. */
  readonly trainable: boolean;
  /** Variables that live as long as this one does: what optimizers keep beside it. */
  readonly slots: Variable[] = [];
  /** Where the value lies; sessions read and exchange its data. */
  readonly buffer: Buffer;

  constructor(
    value: TensorOf<S> | TensorLike,
    options: { name?: string; trainable?: boolean; dtype?: Dtype } = {},
  ) {
    checkOptions(options, "Variable", ["name", "trainable", "dtype"], "new Variable(value, ");
    const graph = defaultGraph();
    const { name = "variable", trainable = true, dtype = graph.dtype } = options;
    if (value instanceof Node) {
      throw new GraphError(
        `Variable: its first value is the node ${value.name} (made at ${value.origin.place}); wanted numbers: run the node first, or use assign`,
      );
    }
    const start = atCall(() => parseTensor("Variable: its value", value, checkDtype(dtype)));
    super({
      graph,
      op: variableOp,
      inputs: [],
      attrs: {},
      name,
      dtype,
      shape: [...start.shape],
      origin: graph.here(),
    });
    this.trainable = trainable;
    this.buffer = allocBuffer([...start.shape], dtype);
    this.buffer.data.set(start.data);
  }

  /** A copy of the value between runs. */
  get value(): Tensor {
    return new Tensor(this.buffer.data.slice(), this.buffer.shape);
  }

  /** Replaces the value at once; the shape stays. */
  set value(value: TensorLike) {
    const next = parseTensor(`Variable ${this.name}: its value`, value, this.dtype);
    checkAssigned(this, next.shape);
    this.buffer.data.set(next.data);
  }

  /** A node that gives this variable a new value when it is run. */
  assign(value: NodeLike, options: { name?: string } = {}): Assign {
    return assign(this, value, options);
  }

  /** A node that adds to this variable's value when it is run. */
  assignAdd(value: NodeLike, options: { name?: string } = {}): Assign {
    return assignAdd(this, value, options);
  }
}

/**
 * A node that always has the same value. Without `dtype` an int32 or bool `Tensor` keeps its type and booleans are bool;
 * all else has the graph's type.
 */
export function constant(
  value: TensorLike,
  options: { name?: string; dtype?: Dtype } = {},
): Constant {
  checkOptions(options, "constant", ["name", "dtype"], "constant(value, ");
  const graph = defaultGraph();
  const { name = "constant", dtype = discreteDtype(value) ?? graph.dtype } = options;
  const own = atCall(() => parseTensor("constant: its value", value, checkDtype(dtype)));
  return new Constant(copy(own), graph, name);
}

/** The type of a value that says it is not of floats. */
function discreteDtype(value: TensorLike): Dtype | undefined {
  if (value instanceof Tensor && !isFloat(value.dtype)) return value.dtype;
  return areBooleans(value) ? "bool" : undefined;
}

const assignOp: OpSpec = {
  name: "assign",
  shape: ([variable, value]) => {
    if (value !== null && !fits(variable as readonly number[], value)) {
      throw new ShapeError(
        `assign: value ${show(value)} into a variable ${show(variable)}: shapes must be equal`,
      );
    }
    return variable!;
  },
  dtype: ([variable]) => variable,
  kernel: (backend, [, value], out) => backend.map(input(0), [value], out),
  vjp: "none",
};

/** A node that gives a variable a new value when it is run. Its own value is the new one. */
export class Assign extends Node {
  readonly kind = "assign";
  readonly variable: Variable;

  constructor(variable: Variable, value: NodeLike, options: { name?: string } = {}) {
    if (!(variable instanceof Variable)) throw notAssignable("assign", variable);
    const inputs = toNodes("assign", ["variable", "value"], [variable, value]);
    const { graph, dtype } = variable;
    const origin = graph.here();
    const shapes = inputs.map((x) => x.shape);
    const shape = locating(origin, () => assignOp.shape(shapes, {}));
    const { name = `assign_${variable.name}` } = options;
    super({ graph, op: assignOp, inputs, attrs: {}, name, dtype, shape, origin });
    this.variable = variable;
  }
}

/** A node that gives `variable` the value of another node; every read in the same run still sees the old one. */
export function assign(
  variable: Variable,
  value: NodeLike,
  options: { name?: string } = {},
): Assign {
  return atCall(() => new Assign(variable, value, options));
}

/** A node that adds another node's value to `variable`; every read in the same run still sees the old value. */
export function assignAdd(
  variable: Variable,
  value: NodeLike,
  { name = `assignAdd_${variable.name}` }: { name?: string } = {},
): Assign {
  if (!(variable instanceof Variable)) throw notAssignable("assignAdd", variable);
  const { graph } = variable;
  return graph.inheriting(graph.here(), () => assign(variable, add(variable, value), { name }));
}

/** A node that computes all of the given ones when it is run; its own value is how many they are. */
export function group(nodes: readonly Node[], { name = "group" }: { name?: string } = {}): Node {
  return atCall(() => {
    const inputs = checkList("group", nodes).map((node) => checkNode("group", node));
    return makeNode(groupOp, inputs, { attrs: {}, name });
  });
}

const groupOp: OpSpec = {
  name: "group",
  shape: () => [],
  dtype: () => "int32",
  kernel: (backend, inputs, out) => backend.map(s.add(inputs.length, 0), [], out),
  vjp: "none",
};

function notAssignable(name: string, target: unknown): GraphError {
  const what =
    target instanceof Node ? `${label(target)} (made at ${target.origin.place})` : describe(target);
  return new GraphError(`${name}: got ${what}; wanted a Variable to assign to`);
}

function checkAssigned(variable: Variable, shape: readonly number[]): void {
  if (fits(shape, variable.shape)) return;
  throw new ShapeError(
    `Variable ${variable.name}: value ${show(shape)} into shape ${show(variable.shape)}: shapes must be equal (made at ${variable.origin.place})`,
  );
}

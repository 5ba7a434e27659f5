/** op(): what an op is. One value that knows its shape, kernel, gradient, documentation and samples. */
import type { Backend, Buffer, Shared, Step } from "../backend/backend.ts";
import { isFloat, type Dtype } from "../core/dtype.ts";
import { noOption } from "../core/options.ts";
import { input, type Scalar } from "../core/scalar.ts";
import { broadcastShapes, type PartialShape, type Shape } from "../core/shape.ts";
import { describe } from "../core/describe.ts";
import { called, inheritedBy, makeNode, toNodes, type Literals, type NodeLike } from "./build.ts";
import { Origin } from "./origin.ts";
import { GraphError, type Call, type Node, type OpSpec, type Shortcut } from "./node.ts";

/** The numbers that the laws draw for an input: from `low` to below `high`; whole ones for integers. */
export type Domain = readonly [low: number, high: number];

/** Shapes, one per input, at which the laws try an op. */
export interface Sample<Attrs = object> {
  readonly shapes: readonly Shape[];
  readonly attrs?: Attrs;
  /** For all inputs; −1 to 1 by default. */
  readonly domain?: Domain;
  /** For inputs that differ from the others. */
  readonly domains?: readonly (Domain | undefined)[];
  /** The types of inputs that are not floats. */
  readonly dtypes?: readonly (Dtype | undefined)[];
}

/** The attributes of an op that has none. */
// oxlint-disable-next-line typescript/no-generated-empty-object-type -- no attributes is what it means
export type NoAttrs = Readonly<Record<never, never>>;

/** One of `T` per name in `I`. */
export type PerInput<I extends readonly string[], T> = { readonly [K in keyof I]: T };

/** What `op()` takes. Exactly one of `scalar`, `kernel` is given. */
export interface OpDefinition<I extends readonly string[], A extends object> {
  readonly name: string;
  readonly inputs: I;
  readonly doc: string;
  /** The names of the attributes, for callers that TypeScript has not checked. */
  readonly attrs?: readonly (keyof NoInfer<A> & string)[];
  /** By default: what the inputs broadcast to. */
  shape?(shapes: PerInput<I, PartialShape>, attrs: A): PartialShape;
  /** By default: the inputs' common float type. */
  dtype?(dtypes: PerInput<I, Dtype>, attrs: A): Dtype;
  /** One expression, for elementwise ops. */
  readonly scalar?: (...x: PerInput<I, Scalar>) => Scalar;
  kernel?(
    backend: Backend,
    inputs: PerInput<I, Buffer>,
    out: Buffer,
    attrs: A,
    shared: Shared,
  ): Step;
  view?(shapes: PerInput<I, Shape>, attrs: A): boolean;
  readonly vjp: "none" | ((call: Call<PerInput<I, Node>, A>, g: Node) => PerInput<I, Node | null>);
  readonly through?: Readonly<Record<string, Shortcut>>;
  readonly stateful?: true;
  /** The types of inputs given as literals, where they are not those of the other inputs. */
  readonly literals?: Literals;
  readonly samples: readonly Sample<NoInfer<A>>[];
}

/** An attribute object, optional where every attribute is, and the node's name. */
export type Options<A> = NoAttrs extends A
  ? [options?: A & { name?: string }]
  : [options: A & { name?: string }];

/** How an op is called, unless it says more about shapes. */
export type OpCall<I extends readonly string[], A extends object> = (
  ...args: [...inputs: { [K in keyof I]: NodeLike }, ...options: Options<A>]
) => Node;

/** What an op tells about itself. */
export interface OpFields<I extends readonly string[], A extends object> extends OpSpec {
  readonly inputs: I;
  readonly doc: string;
  readonly attrs: readonly string[];
  readonly samples: readonly Sample<A>[];
  /** The op as a method of its first input. */
  readonly method: (this: Node, ...rest: readonly unknown[]) => Node;
}

/** An op: call it with nodes to get a node. */
export type Op<I extends readonly string[], A extends object = NoAttrs, F = OpCall<I, A>> = F &
  OpFields<I, A>;

/** Any op. */
export type AnyOp = OpFields<readonly string[], NoAttrs>;

/** The op itself, as a function or as a method, and the line of the call. */
const FRAMES = 2;

/** Makes an op from what it knows about itself. */
export function op<const I extends readonly string[], A extends object = NoAttrs, F = OpCall<I, A>>(
  definition: OpDefinition<I, A>,
): Op<I, A, F> {
  const { name, inputs, attrs = [], scalar, literals } = definition;
  const expression = scalar?.(
    ...(inputs.map((_, i) => input(i)) as unknown as PerInput<I, Scalar>),
  );
  const defaults = {
    shape: (shapes: readonly PartialShape[]) => broadcastShapes(name, shapes),
    dtype: (dtypes: readonly Dtype[]) => commonFloat(name, dtypes),
    ...(expression && {
      kernel: (backend: Backend, xs: readonly Buffer[], out: Buffer) =>
        backend.map(expression, xs, out),
    }),
  };
  // V8 reads all that a frame holds to note it down: the line is noted in a function that does nothing else.
  const entry = (isMethod: boolean) =>
    function (this: unknown, ...args: readonly unknown[]): Node {
      let origin = isMethod ? (this as Node).graph.inherited : inheritedBy(args);
      if (origin === undefined) {
        const limit = Error.stackTraceLimit;
        Error.stackTraceLimit = FRAMES;
        origin = new Origin(new Error());
        Error.stackTraceLimit = limit;
      }
      return isMethod ? make(origin, this, ...args) : make(origin, ...args);
    };
  const make = (origin: Origin, ...args: readonly unknown[]): Node => {
    try {
      const options = checkOptions(definition, args);
      const given = args.length === inputs.length ? args : args.slice(0, inputs.length);
      // Constants made of literals belong to the same line as the node.
      const nodes = toNodes(name, inputs, given, { literals, origin });
      return makeNode(made, nodes, optionsOf(options), origin);
    } catch (error) {
      throw called(error);
    }
  };
  const known = { ...defaults, ...definition, attrs, method: entry(true) };
  const made = Object.defineProperties(entry(false), {
    ...Object.getOwnPropertyDescriptors(known),
    // `name` is read-only on functions, but can be defined anew.
    name: { value: name },
  }) as unknown as OpSpec;
  return made as Op<I, A, F>;
}

/** Whether a value is an op; how the registry tells ops from the other exports of their modules. */
export function isOp(value: unknown): value is AnyOp {
  return typeof value === "function" && "vjp" in value && "samples" in value;
}

const none: { name?: string } = {};
const noOptions = { attrs: none };

/** Options as attributes and a name. */
export function optionsOf(options: { name?: string }): { attrs: object; name?: string } {
  if (options === none) return noOptions;
  const { name, ...attrs } = options;
  return name === undefined ? { attrs } : { attrs, name };
}

/** The options among the arguments; throws, listing those there are, at any other. */
export function checkOptions(
  definition: { name: string; inputs: readonly string[]; attrs?: readonly string[] },
  args: readonly unknown[],
): { name?: string } {
  if (args.length === definition.inputs.length) return none;
  const { name, inputs, attrs = [] } = definition;
  const known = ["name", ...attrs];
  if (args.length < inputs.length || args.length > inputs.length + 1) {
    const got = args.length === 1 ? "1 argument" : `${args.length} arguments`;
    const and = attrs.length === 0 ? "" : `, and options { ${known.join(", ")} }`;
    throw new GraphError(`${name}: takes ${inputs.join(", ")}${and}; got ${got}`);
  }
  const options = args[inputs.length];
  if (options === undefined) return none;
  if (
    typeof options !== "object" ||
    options === null ||
    Object.getPrototypeOf(options) !== Object.prototype
  ) {
    throw new GraphError(
      `${name}: after ${inputs.join(", ")} come options { ${known.join(", ")} }; got ${describe(options)}${byName(definition, options)}`,
    );
  }
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    throw new GraphError(`${name}: ${noOption(unknown, known)}`);
  }
  return options;
}

/** How to write an option that was written by itself. */
function byName(
  { name, inputs, attrs = [] }: Parameters<typeof checkOptions>[0],
  value: unknown,
): string {
  if (attrs.length === 0 || (typeof value === "object" && !Array.isArray(value))) return "";
  return `; write ${name}(${inputs.join(", ")}, { ${attrs[0]}: ${JSON.stringify(value)} })`;
}

/** The one type of all inputs, floats or integers. */
export function commonNumber(name: string, dtypes: readonly Dtype[]): Dtype {
  const first = dtypes[0];
  if (first === "bool" || dtypes.some((dtype) => dtype !== first)) {
    throw new GraphError(
      `${name}: got ${dtypes.join(" and ")}; wanted one number type throughout; use cast(x, { dtype })`,
    );
  }
  return first;
}

/** Booleans, and nothing else. */
export function onlyBooleans(name: string, dtypes: readonly Dtype[]): Dtype {
  if (dtypes.every((dtype) => dtype === "bool")) return "bool";
  throw new GraphError(
    `${name}: got ${dtypes.join(" and ")}; wanted booleans; compare first, as in notEqual(x, 0)`,
  );
}

/** The type of `indices`, which has to be int32. */
export function checkIndices(name: string, dtype: Dtype, what = "indices"): void {
  if (dtype === "int32") return;
  throw new GraphError(
    `${name}: ${what} are ${dtype}; wanted int32; use cast(${what}, { dtype: "int32" })`,
  );
}

/** The one float type of all inputs. */
export function commonFloat(name: string, dtypes: readonly Dtype[]): Dtype {
  const first = dtypes[0];
  if (!isFloat(first) || dtypes.some((dtype) => dtype !== first)) {
    throw new GraphError(
      `${name}: got ${dtypes.join(" and ")}; wanted one float type throughout; use cast(x, { dtype })`,
    );
  }
  return first;
}

/** The type of a comparison; throws if the compared are of two types. */
export function comparison(name: string, [x, y]: readonly [Dtype, Dtype]): Dtype {
  if (x === y) return "bool";
  throw new GraphError(`${name}: got ${x} and ${y}; wanted one type; use cast(x, { dtype })`);
}

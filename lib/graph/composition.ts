/** composition(): a function of nodes that is made of ops, and needs no kernel and no gradient of its own. */
import { graphOf, locate, toNodes, type Literals, type NodeLike } from "./build.ts";
import { ShapeError } from "../core/shape.ts";
import { GraphError, type Node } from "./node.ts";
import {
  checkOptions,
  optionsOf,
  type NoAttrs,
  type Options,
  type PerInput,
  type Sample,
} from "./op.ts";

/** What `composition()` takes. */
export interface CompositionDefinition<I extends readonly string[], A extends object> {
  readonly name: string;
  readonly inputs: I;
  readonly doc: string;
  /** The names of the attributes, for callers that TypeScript has not checked. */
  readonly attrs?: readonly (keyof NoInfer<A> & string)[];
  /** Builds the nodes, of which the last is the value. */
  readonly compose: (inputs: PerInput<I, Node>, attrs: A) => Node;
  /** The types of inputs given as literals, where they are not those of the other inputs. */
  readonly literals?: Literals;
  /** What the laws leave out: a gradient where there is none, comparisons of what is drawn anew, shapes that must be known. */
  readonly traits?: readonly Trait[];
  readonly samples: readonly Sample<NoInfer<A>>[];
}

/** Why a law does not hold for a composition. */
export type Trait = "no gradient" | "random" | "known shapes";

/** A composition: call it with nodes to get a node. */
export interface Composition<I extends readonly string[], A extends object = NoAttrs> {
  (...args: [...inputs: { [K in keyof I]: NodeLike }, ...options: Options<A>]): Node;
  readonly name: string;
  readonly inputs: I;
  readonly doc: string;
  readonly attrs: readonly string[];
  readonly traits: readonly Trait[];
  readonly samples: readonly Sample<A>[];
}

/** Any composition. */
export type AnyComposition = Pick<
  Composition<readonly string[]>,
  "name" | "inputs" | "doc" | "attrs" | "traits" | "samples"
>;

/** Makes a composition: its nodes stand in a name scope, on the line of the call. */
export function composition<const I extends readonly string[], A extends object = NoAttrs>(
  definition: CompositionDefinition<I, A>,
): Composition<I, A> {
  const { name, inputs, attrs = [], compose, literals, doc, traits = [], samples } = definition;
  const build = (...args: readonly unknown[]): Node => {
    const options = optionsOf(checkOptions(definition, args));
    const given = args.slice(0, inputs.length);
    const graph = graphOf(name, given);
    const origin = graph.here();
    const nodes = graph.inheriting(origin, () => toNodes(name, inputs, given, literals));
    return graph.inheriting(origin, () =>
      graph.inScope(options.name ?? name, () => {
        try {
          return compose(nodes as PerInput<I, Node>, options.attrs as A);
        } catch (error) {
          throw locate(prefixed(name, error), origin);
        }
      }),
    );
  };
  const known = { name, inputs, doc, attrs, traits, samples };
  return Object.defineProperties(build, {
    ...Object.getOwnPropertyDescriptors(known),
  }) as unknown as Composition<I, A>;
}

/** An error of an op inside says first which function the user called. */
function prefixed(name: string, error: unknown): unknown {
  const ours = error instanceof ShapeError || error instanceof GraphError;
  if (!ours || error.message.startsWith(`${name}: `)) return error;
  const Kind = error instanceof ShapeError ? ShapeError : GraphError;
  return new Kind(`${name}: ${error.message}`);
}

/** Whether a value is a composition. */
export function isComposition(value: unknown): value is AnyComposition {
  return typeof value === "function" && "traits" in value && "samples" in value;
}

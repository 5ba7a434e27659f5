/** composition(): a function of nodes that is made of ops, and needs no kernel and no gradient of its own. */
import { atCall, graphOf, toNodes, type Literals } from "./build.ts";
import { ShapeError } from "../core/shape.ts";
import { GraphError, type Node } from "./node.ts";
import {
  checkOptions,
  optionsOf,
  type NoAttrs,
  type OpCall,
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

/** What a composition tells about itself. */
export interface CompositionFields<I extends readonly string[], A extends object> {
  readonly name: string;
  readonly inputs: I;
  readonly doc: string;
  readonly attrs: readonly string[];
  readonly traits: readonly Trait[];
  readonly samples: readonly Sample<A>[];
}

/** A composition: call it with nodes to get a node. */
export type Composition<
  I extends readonly string[],
  A extends object = NoAttrs,
  F = OpCall<I, A>,
> = F & CompositionFields<I, A>;

/** Any composition. */
export type AnyComposition = CompositionFields<readonly string[], NoAttrs>;

/** Makes a composition: its nodes stand in a name scope, on the line of the call. */
export function composition<
  const I extends readonly string[],
  A extends object = NoAttrs,
  F = OpCall<I, A>,
>(definition: CompositionDefinition<I, A>): Composition<I, A, F> {
  const { name, inputs, attrs = [], compose, literals, doc, traits = [], samples } = definition;
  const build = (...args: readonly unknown[]): Node =>
    atCall(() => {
      const options = optionsOf(checkOptions(definition, args));
      const given = args.slice(0, inputs.length);
      const graph = graphOf(name, given);
      return graph.inheriting(graph.here(), () => {
        const nodes = toNodes(name, inputs, given, { literals }) as PerInput<I, Node>;
        const { name: scope = name, attrs: own } = options;
        return graph.inScope(scope, () => prefixing(name, () => compose(nodes, own as A)));
      });
    });
  const known = { name, inputs, doc, attrs, traits, samples };
  return Object.defineProperties(build, {
    ...Object.getOwnPropertyDescriptors(known),
  }) as unknown as Composition<I, A, F>;
}

/** An error of an op inside names the function that the user called. */
function prefixing<T>(name: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    const ours = error instanceof ShapeError || error instanceof GraphError;
    if (!ours || error.message.startsWith(`${name}: `)) throw error;
    const Kind = error instanceof ShapeError ? ShapeError : GraphError;
    throw new Kind(`${name}: ${error.message.replace(/^\w+: /, "")}`);
  }
}

/** Whether a value is a composition. */
export function isComposition(value: unknown): value is AnyComposition {
  return typeof value === "function" && "traits" in value && "samples" in value;
}

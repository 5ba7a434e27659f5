/** listOp(): an op of any number of inputs, given as one array. */
import type { Backend, Buffer, Step } from "../backend/backend.ts";
import type { Dtype } from "../core/dtype.ts";
import type { PartialShape } from "../core/shape.ts";
import { describe } from "../core/describe.ts";
import { atCall, graphOf, makeNode, toNodes, type NodeLike } from "./build.ts";
import { GraphError, type Call, type Node, type OpSpec } from "./node.ts";
import { checkOptions, optionsOf, type NoAttrs, type Options, type Sample } from "./op.ts";

/** What `listOp()` takes. */
export interface ListOpDefinition<A extends object> {
  readonly name: string;
  readonly doc: string;
  readonly attrs?: readonly (keyof NoInfer<A> & string)[];
  shape(shapes: readonly PartialShape[], attrs: A): PartialShape;
  dtype(dtypes: readonly Dtype[], attrs: A): Dtype;
  kernel(backend: Backend, inputs: readonly Buffer[], out: Buffer, attrs: A): Step;
  readonly vjp: "none" | ((call: Call<readonly Node[], A>, g: Node) => readonly (Node | null)[]);
  readonly samples: readonly Sample<NoInfer<A>>[];
}

/** An op of a list: call it with an array of nodes to get a node. */
export interface ListOp<A extends object = NoAttrs> extends OpSpec {
  (xs: readonly NodeLike[], ...options: Options<A>): Node;
  readonly inputs: readonly ["xs"];
  readonly list: true;
  readonly doc: string;
  readonly attrs: readonly string[];
  readonly samples: readonly Sample<A>[];
}

/** Makes an op of a list from what it knows about itself. */
export function listOp<A extends object = NoAttrs>(definition: ListOpDefinition<A>): ListOp<A> {
  const { name, attrs = [] } = definition;
  const inputs = ["xs"] as const;
  const build = (...args: readonly unknown[]): Node =>
    atCall(() => {
      const options = optionsOf(checkOptions({ name, inputs, attrs }, args));
      const given = checkList(name, args[0]);
      const graph = graphOf(name, given);
      return graph.inheriting(graph.here(), () =>
        makeNode(made, toNodes(name, [], given), options),
      );
    });
  const made = Object.defineProperties(build, {
    ...Object.getOwnPropertyDescriptors({ ...definition, attrs, inputs, list: true }),
    // `name` is read-only on functions, but can be defined anew.
    name: { value: name },
  }) as unknown as ListOp<A>;
  return made;
}

/** The nodes of a list; throws if it is no array, or an empty one. */
export function checkList(name: string, xs: unknown): readonly unknown[] {
  if (Array.isArray(xs) && xs.length > 0) return xs;
  const got = Array.isArray(xs) ? "an empty array" : describe(xs);
  throw new GraphError(`${name}: got ${got}; wanted an array of nodes: ${name}([x, y])`);
}

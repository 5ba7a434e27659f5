/** Every op and composition as a method of Node: X.matmul(W).add(b). The one place where a prototype is extended. */
import { isComposition, type AnyComposition } from "../graph/composition.ts";
import { Node } from "../graph/node.ts";
import { isOp } from "../graph/op.ts";
import type { Axes } from "../core/shape.ts";
import type {
  BroadcastsMethod,
  Follows,
  MultipliesMethod,
  Named,
  ReducesMethod,
  SameShapeMethod,
} from "../graph/shaped.ts";
import * as ops from "./index.ts";

type Ops = typeof ops;

/** What remains of an op's arguments when the first is `this`. */
type Rest<F> = F extends (first: never, ...rest: infer R) => Node ? R : never;

/** What is a method: ops and compositions that take nodes one by one. */
type Method<F> = F extends { readonly list: true }
  ? false
  : F extends { readonly inputs: readonly string[]; readonly samples: unknown }
    ? true
    : false;

/** An op without its first input, which knows as much about shapes as the op. */
type MethodOf<F> =
  F extends Follows<"broadcasts">
    ? BroadcastsMethod
    : F extends Follows<"multiplies">
      ? MultipliesMethod
      : F extends Follows<"reduces">
        ? ReducesMethod<Axes>
        : F extends Follows<"same shape">
          ? SameShapeMethod<OptionsOf<F>>
          : (...rest: Rest<F>) => Node;

type OptionsOf<F> = F extends (x: never, options?: infer A extends object) => unknown ? A : Named;

/** The ops, each without its first input. */
export type NodeMethods = {
  [Name in keyof Ops as Method<Ops[Name]> extends true ? Name : never]: MethodOf<Ops[Name]>;
};

declare module "../graph/node.ts" {
  // oxlint-disable-next-line typescript/no-empty-object-type -- the members are the ops
  interface Node extends NodeMethods {}
}

for (const [name, op] of Object.entries(ops)) {
  if (!(isOp(op) || isComposition(op)) || "list" in op) continue;
  const value = isOp(op) ? op.method : methodOf(op);
  Object.defineProperty(Node.prototype, name, { value, configurable: true, writable: true });
}

function methodOf(composition: AnyComposition): (this: Node, ...rest: readonly unknown[]) => Node {
  const call = composition as unknown as (...args: readonly unknown[]) => Node;
  return function (...rest) {
    return call(this, ...rest);
  };
}

/** Every op and composition as a method of Node: X.matmul(W).add(b). The one place where a prototype is extended. */
import { isComposition, type Composition } from "../graph/composition.ts";
import { Node } from "../graph/node.ts";
import { isOp, type Op } from "../graph/op.ts";
import * as ops from "./index.ts";

type Ops = typeof ops;

/** What remains of an op's arguments when the first is `this`. */
type Rest<F> = F extends (first: never, ...rest: infer R) => Node ? R : never;

/** What is a method: ops and compositions that take nodes one by one. */
type Method<F> =
  F extends Op<infer _I, infer _A>
    ? true
    : F extends Composition<infer _J, infer _B>
      ? true
      : false;

/** The ops, each without its first input. */
export type NodeMethods = {
  [Name in keyof Ops as Method<Ops[Name]> extends true ? Name : never]: (
    ...rest: Rest<Ops[Name]>
  ) => Node;
};

declare module "../graph/node.ts" {
  // oxlint-disable-next-line typescript/no-empty-object-type -- the members are the ops
  interface Node extends NodeMethods {}
}

for (const [name, op] of Object.entries(ops)) {
  if (!(isOp(op) || isComposition(op)) || "list" in op) continue;
  const method = op as unknown as (...args: readonly unknown[]) => Node;
  Object.defineProperty(Node.prototype, name, {
    value(this: Node, ...rest: readonly unknown[]) {
      return method(this, ...rest);
    },
    configurable: true,
    writable: true,
  });
}

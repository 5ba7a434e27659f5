/** What `training` may be. */
import { describe } from "../core/describe.ts";
import { GraphError, Node } from "../graph/node.ts";

/** Throws unless `training` is a boolean or a boolean node. */
export function checkTraining(name: string, training: unknown): void {
  if (typeof training === "boolean") return;
  if (training instanceof Node && training.dtype === "bool") return;
  const got = training instanceof Node ? `a node of ${training.dtype}` : describe(training);
  throw new GraphError(
    `${name}: training is ${got}; wanted true, false, or a boolean node such as placeholder({ dtype: "bool", shape: [] })`,
  );
}

/** checkGradients: the public door to gradient checks. */
import { compareGradients, type CheckOptions, type GradientCheck } from "../grad/check.ts";
import type { Node } from "../graph/node.ts";
import type { Feeds } from "./feeds.ts";
import { Session } from "./session.ts";

/**
 * Compares the gradients of a scalar loss with finite differences; the result prints as a table, and has `ok` and `worst`.
 * Runs on the reference backend unless told otherwise. Variables are nudged, and are afterwards what they were.
 */
export function checkGradients(
  loss: Node,
  feeds: Feeds = [],
  {
    session = new Session({ backend: "reference" }),
    ...options
  }: CheckOptions & { session?: Session } = {},
): GradientCheck {
  return compareGradients(session, loss, feeds, options);
}

/** checkGradients: the public door to gradient checks. */
import { checkOptions } from "../core/options.ts";
import { compareGradients, type CheckOptions, type GradientCheck } from "../grad/check.ts";
import type { Node } from "../graph/node.ts";
import { readFeeds, type Feeds } from "./feeds.ts";
import { Session } from "./session.ts";

/**
 * Compares the gradients of a scalar loss with finite differences; the result prints as a table, and has `ok` and `worst`.
 * Runs on the reference backend unless told otherwise. Variables are nudged, and are afterwards what they were.
 */
export function checkGradients(
  loss: Node,
  feeds: Feeds = [],
  options: CheckOptions & { session?: Session } = {},
): GradientCheck {
  const call = "checkGradients(loss, [[X, points]], { order: 2 })";
  const known = ["xs", "order", "tolerance", "entries", "seed", "session"];
  checkOptions("checkGradients", options, known, call);
  const fed = readFeeds(feeds);
  const { session = new Session({ backend: "reference" }), ...rest } = options;
  return compareGradients(session, loss, fed, rest);
}

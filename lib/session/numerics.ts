/** The hunt for the node that first made a NaN or an infinity. */
import type { Buffer } from "../backend/backend.ts";
import { isFloat } from "../core/dtype.ts";
import { show } from "../core/shape.ts";
import { GraphError, label, type Node } from "../graph/node.ts";
import type { Task } from "./tasks.ts";

/** Throws at the first task whose value holds a NaN, or an infinity that came from finite inputs. */
export function checkAfter(tasks: readonly Task[], valueOf: (node: Node) => Buffer): void {
  for (const { node, inputs } of tasks) {
    if (!isFloat(node.dtype)) continue;
    const { data, shape } = valueOf(node);
    const index = data.findIndex((x) => !Number.isFinite(x));
    if (index < 0) continue;
    const fresh = inputs.length > 0 && inputs.every((x) => isFinite(valueOf(x)));
    if (!fresh && !data.some(Number.isNaN)) continue;
    throw new GraphError(
      `checkNumerics: ${label(node)} made ${data[index]} (made at ${node.origin.place}): number ${index} of its value ${show(shape)}` +
        inputs.map((x) => `; ${x.name} was ${range(valueOf(x))}`).join(""),
    );
  }
}

function isFinite({ data }: Buffer): boolean {
  return data.every((x) => Number.isFinite(x));
}

function range({ data }: Buffer): string {
  if (data.length === 0) return "empty";
  const numbers = Array.from<number>(data);
  const least = numbers.reduce((a, b) => Math.min(a, b), Infinity);
  const most = numbers.reduce((a, b) => Math.max(a, b), -Infinity);
  return `between ${least} and ${most}`;
}

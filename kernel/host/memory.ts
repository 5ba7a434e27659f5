/** The memory there is. */
import { totalmem } from "node:os";

/** What the machine has, or the container where that has less, in bytes. */
export function availableMemory(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}

/** Loops over several axes at once: neighbours that are laid out as one axis become one. */
import { broadcastStrides, type Shape } from "../../core/shape.ts";

/** A nest of loops: a size per axis and, per operand, a stride per axis. */
export interface Nest {
  readonly sizes: readonly number[];
  readonly strides: readonly (readonly number[])[];
}

/** The loops over `out` in which every operand is read broadcast, merged as far as the layouts allow. */
export function broadcastNest(operands: readonly Shape[], out: Shape): Nest {
  return merge({ sizes: out, strides: operands.map((shape) => broadcastStrides(shape, out)) });
}

/** Drops axes of size 1, and joins an axis to its right neighbour where every operand steps through both evenly. */
export function merge({ sizes, strides }: Nest): Nest {
  const merged: number[] = [];
  const steps: number[][] = strides.map(() => []);
  for (let axis = sizes.length - 1; axis >= 0; axis--) {
    const size = sizes[axis];
    if (size === 1) continue;
    const inner = merged[0];
    const joins = inner !== undefined && strides.every((s, i) => s[axis] === steps[i][0] * inner);
    if (joins) {
      merged[0] = inner * size;
      continue;
    }
    merged.unshift(size);
    for (const [i, s] of strides.entries()) steps[i].unshift(s[axis]);
  }
  return { sizes: merged, strides: steps };
}

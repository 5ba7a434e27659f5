/** How results reach who asked for them: copied into new tensors, or into those that were given. */
import type { Buffer } from "../backend/backend.ts";
import { sameShape, ShapeError, show } from "../core/shape.ts";
import { describe } from "../core/describe.ts";
import { Tensor } from "../core/tensor.ts";
import { label, type Node } from "../graph/node.ts";

/** Throws unless every result fits into the tensor that was given for it. */
export function checkTargets(
  nodes: readonly Node[],
  buffers: readonly Buffer[],
  into: readonly Tensor[],
): void {
  for (const [i, { shape, dtype }] of buffers.entries()) {
    const target: unknown = into[i];
    const fits =
      target instanceof Tensor && target.dtype === dtype && sameShape(target.shape, shape);
    if (fits) continue;
    const got =
      target instanceof Tensor ? `${target.dtype} ${show(target.shape)}` : describe(target);
    throw new ShapeError(
      `run: into for ${label(nodes[i])} is ${got}; wanted a Tensor, ${dtype} ${show(shape)}`,
    );
  }
}

/** The results as tensors of the caller's: those given, or new ones; `written` are there already. */
export function deliver(
  buffers: readonly Buffer[],
  into: readonly Tensor[] | undefined,
  written?: ReadonlyMap<number, Tensor>,
): readonly Tensor[] {
  if (into === undefined) {
    if (written === undefined) return buffers.map(copyOf);
    return buffers.map((buffer, i) => written.get(i) ?? copyOf(buffer));
  }
  for (const [i, { data }] of buffers.entries()) if (!written?.has(i)) into[i].data.set(data);
  return into;
}

function copyOf({ data, shape }: Buffer): Tensor {
  return new Tensor(data.slice(), shape);
}

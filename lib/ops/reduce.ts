/** Reductions that gradients do not pass. */
import { normalizeAxes, reduceAxes } from "../core/shape.ts";
import { op, type Op } from "../graph/op.ts";

/** The position of the largest number along an axis, the first if there are several. */
export const argMax: Op<["x"], { readonly axis?: number }> = op({
  name: "argMax",
  inputs: ["x"],
  doc: "The position of the largest number along an axis, by default the last.",
  attrs: ["axis"],
  shape: ([x], { axis = -1 }) => reduceAxes("argMax", x, { axis }),
  dtype: () => "int32",
  kernel: (backend, [x], out, { axis = -1 }) =>
    backend.reduce("argMax", x, out, normalizeAxes("argMax", axis, x.shape.length)),
  vjp: "none",
  samples: [{ shapes: [[3, 4]] }, { shapes: [[3, 4]], attrs: { axis: 0 } }],
});

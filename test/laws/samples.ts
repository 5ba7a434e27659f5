/** What all laws share: the ops, their samples, and seeded numbers to try them on. */
import type { Buffer } from "../../lib/backend/backend.ts";
import { allocate, type Dtype } from "../../lib/core/dtype.ts";
import { random } from "../../lib/core/random.ts";
import { isKnown, sizeOf, type Shape } from "../../lib/core/shape.ts";
import { isOp, type AnyOp } from "../../lib/graph/op.ts";
import * as ops from "../../lib/ops/index.ts";

/** One op at one of its samples. */
export interface Case {
  readonly op: AnyOp;
  readonly title: string;
  readonly shapes: readonly Shape[];
  readonly attrs: object;
  readonly domain: readonly [number, number];
}

/** Every op of the registry. */
export const allOps: readonly AnyOp[] = Object.values(ops).filter((value) => isOp(value));

/** Every op at each of its samples. */
export const allCases: readonly Case[] = allOps.flatMap((op) =>
  op.samples.map(({ shapes, attrs = {}, domain = [-1, 1] }) => {
    const text = shapes.map((shape) => `[${shape.join(", ")}]`).join(" ");
    return { op, title: `${op.name} ${text} ${JSON.stringify(attrs)}`, shapes, attrs, domain };
  }),
);

/** Input types at which an op can be tried. */
export function dtypesOf({ op, shapes }: Case, float: Dtype = "float64"): readonly Dtype[] {
  return shapes.map((_, i) => (op.name === "where" && i === 0 ? "bool" : float));
}

/** Seeded inputs of a case, drawn from its domain. */
export function inputsOf(
  { shapes, domain: [low, high] }: Case,
  dtypes: readonly Dtype[],
): Buffer[] {
  return shapes.map((shape, i) => {
    const drawn = random(100 + i).uniform([sizeOf(shape)], { low, high }).data;
    const data = allocate(dtypes[i], drawn.length);
    for (const [j, x] of drawn.entries()) data[j] = dtypes[i] === "bool" ? Number(x > 0) : x;
    return { shape, dtype: dtypes[i], data };
  });
}

/** The shape an op's rule gives at known shapes. */
export function ruledShape(op: AnyOp, shapes: readonly Shape[], attrs: object): Shape {
  const shape = op.shape(shapes, attrs);
  if (!isKnown(shape)) throw new Error(`${op.name}: its rule leaves a known case open`);
  return shape;
}

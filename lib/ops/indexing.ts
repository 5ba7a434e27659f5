/** Reading and adding at positions that are values themselves. */
import { sequence, type GatherLayout, type Step } from "../backend/backend.ts";
import type { Buffer } from "../backend/backend.ts";
import type { Dtype } from "../core/dtype.ts";
import {
  fits,
  isKnown,
  normalizeAxis,
  ShapeError,
  show,
  sizeOf,
  type PartialShape,
  type Shape,
} from "../core/shape.ts";
import { describe } from "../core/describe.ts";
import { makeNode } from "../graph/build.ts";
import { composition, type Composition } from "../graph/composition.ts";
import { GraphError, type OpSpec } from "../graph/node.ts";
import { checkIndices, commonNumber, op, type Op } from "../graph/op.ts";
import { add } from "./elementwise.ts";

/** Along which axis indices count, by default the first that is no batch axis, and how many leading axes x and indices share. */
export interface Gather {
  readonly axis?: number;
  readonly batchDims?: number;
}

/** A gather that is part of something else, whose name its errors have. */
interface Labels extends Gather {
  readonly of?: string;
}

/**
 * What x has at the given indices of an axis, by default the first; the axis is replaced by those of indices. With
 * `batchDims`, that many leading axes belong together. Indices are int32; a run throws a `GraphError` at one outside
 * of 0 to size − 1, negative ones included.
 */
export const gather: Op<["x", "indices"], Gather> = op({
  name: "gather",
  inputs: ["x", "indices"],
  doc: "What x has at the given indices of an axis, by default the first; the axis is replaced by those of indices. With `batchDims`, that many leading axes belong together.",
  attrs: ["axis", "batchDims"],
  shape: ([x, indices], attrs) => gatherShape("gather", x, indices, attrs),
  dtype: ([x, indices]) => {
    checkIndices("gather", indices);
    return x;
  },
  literals: { indices: "int32" },
  kernel: (backend, [x, indices], out, attrs) => {
    const layout = layoutOf(x.shape, indices.shape, attrs);
    return sequence(
      checkRange((attrs as Labels).of ?? "gather", indices, layout.length),
      backend.gather(x, indices, out, layout),
    );
  },
  vjp: ({ inputs: [x, indices], attrs }, g) => {
    const { of: _of, ...places } = attrs as Labels;
    return [scatterLike(g, indices, x, places), null];
  },
  samples: [
    { shapes: [[4, 3], [5]], domains: [undefined, [0, 4]], dtypes: [undefined, "int32"] },
    {
      shapes: [
        [3, 4],
        [2, 2],
      ],
      attrs: { axis: 1 },
      domains: [undefined, [0, 4]],
      dtypes: [undefined, "int32"],
    },
    {
      shapes: [
        [2, 4],
        [2, 3],
      ],
      attrs: { axis: -1, batchDims: -1 },
      domains: [undefined, [0, 4]],
      dtypes: [undefined, "int32"],
    },
  ],
});

/** Adjoint of `gather`: zeros in the shape of `like`, to which x is added at indices. */
export const scatterLike: Op<["x", "indices", "like"], Gather> = op({
  name: "scatterLike",
  inputs: ["x", "indices", "like"],
  doc: "Zeros in the shape of `like`, to which x is added where gather would read.",
  attrs: ["axis", "batchDims"],
  shape: ([x, indices, like], attrs) => {
    const wanted = gatherShape("scatterLike", like, indices, attrs);
    if (isKnown(x) && !fits(x, wanted)) {
      throw new ShapeError(
        `scatterLike: updates ${show(x)} at indices ${show(indices)} of ${show(like)}; wanted updates ${show(wanted)}`,
      );
    }
    return like;
  },
  dtype: ([x, indices]) => {
    checkIndices("scatterLike", indices);
    return commonNumber("scatterLike", [x]);
  },
  literals: { indices: "int32" },
  kernel: (backend, [x, indices], out, attrs) => {
    const layout = layoutOf(out.shape, indices.shape, attrs);
    return sequence(
      checkRange("scatterAdd", indices, layout.length),
      backend.scatter(x, indices, out, layout),
    );
  },
  vjp: ({ inputs: [, indices], attrs }, g) => [gather(g, indices, attrs), null, null],
  samples: [
    {
      shapes: [[5, 3], [5], [4, 3]],
      domains: [undefined, [0, 4]],
      dtypes: [undefined, "int32"],
    },
  ],
});

/**
 * x with updates added at the given indices of an axis, by default the first; updates for one index add up. Updates
 * have the shape that gather would give. A run throws a `GraphError` at an index outside of the axis.
 */
export const scatterAdd: Composition<["x", "indices", "updates"], Gather> = composition({
  name: "scatterAdd",
  inputs: ["x", "indices", "updates"],
  doc: "x with updates added at the given indices of an axis, by default the first; updates for one index add up.",
  attrs: ["axis", "batchDims"],
  compose: ([x, indices, updates], attrs) => add(x, scatterLike(updates, indices, x, attrs)),
  literals: { indices: "int32" },
  samples: [
    {
      shapes: [[4, 2], [3], [3, 2]],
      domains: [undefined, [0, 4]],
      dtypes: [undefined, "int32"],
    },
  ],
});

interface Resolved {
  readonly axis: number;
  readonly batchDims: number;
}

function resolve(x: PartialShape, indices: PartialShape, attrs: Gather): Resolved | null {
  if (x === null || indices === null) return null;
  const { batchDims: asked = 0 } = attrs;
  const batchDims = asked < 0 ? asked + indices.length : asked;
  const axis = normalizeAxis("gather", attrs.axis ?? batchDims, x.length);
  const leading = indices.slice(0, batchDims);
  const fitting = leading.every((size, i) => size === null || x[i] === null || x[i] === size);
  if (batchDims < 0 || batchDims > Math.min(axis, indices.length) || !fitting) {
    throw new ShapeError(
      `gather: x ${show(x)}, indices ${show(indices)}, axis ${axis}, batchDims ${asked}: the first batchDims axes must be equal, and stand before axis`,
    );
  }
  return { axis, batchDims };
}

function gatherShape(
  name: string,
  x: PartialShape,
  indices: PartialShape,
  attrs: Gather,
): PartialShape {
  if (x?.length === 0) {
    throw new ShapeError(
      `${name}: x is a scalar, of which nothing can be picked; wanted a vector or more axes`,
    );
  }
  const resolved = resolve(x, indices, attrs);
  if (resolved === null) return null;
  const { axis, batchDims } = resolved;
  return [...x!.slice(0, axis), ...indices!.slice(batchDims), ...x!.slice(axis + 1)];
}

function layoutOf(x: Shape, indices: Shape, attrs: Gather): GatherLayout {
  const { axis, batchDims } = resolve(x, indices, attrs)!;
  return {
    batch: sizeOf(x.slice(0, batchDims)),
    before: sizeOf(x.slice(batchDims, axis)),
    length: x[axis],
    count: sizeOf(indices.slice(batchDims)),
    after: sizeOf(x.slice(axis + 1)),
  };
}

/** A step that throws at an index outside of the axis. */
function checkRange(name: string, indices: Buffer, length: number, what = "index"): Step {
  return () => {
    const { data } = indices;
    for (let i = 0; i < data.length; i++) {
      if (data[i] >= 0 && data[i] < length) continue;
      throw new GraphError(
        `${name}: ${what} ${data[i]}, number ${i} of ${show(indices.shape)}, is outside of 0 to ${length - 1}`,
      );
    }
  };
}

/** How many classes there are, and the type of the ones. */
export interface OneHot {
  readonly depth: number;
  /** By default that of the graph. */
  readonly dtype?: Dtype;
}

/**
 * Class numbers as rows of `depth` numbers, 1 at the class and else 0. [...] → [..., depth]. A run throws a
 * `GraphError` at a class outside of 0 to depth − 1.
 */
export const oneHot: Composition<["indices"], OneHot> = composition({
  name: "oneHot",
  inputs: ["indices"],
  doc: "Class numbers as rows of `depth` numbers, 1 at the class and else 0.",
  attrs: ["depth", "dtype"],
  literals: { indices: "int32" },
  compose: ([indices], { depth, dtype = indices.graph.dtype }) => {
    if (!Number.isInteger(depth) || depth < 1) {
      throw new GraphError(
        `oneHot: depth is ${describe(depth)}; wanted how many classes there are`,
      );
    }
    return makeNode(oneHotOp, [indices], { attrs: { depth, dtype } });
  },
  traits: ["no gradient"],
  samples: [
    { shapes: [[4]], attrs: { depth: 3 }, dtypes: ["int32"], domain: [0, 3] },
    { shapes: [[2, 2]], attrs: { depth: 2, dtype: "int32" }, dtypes: ["int32"], domain: [0, 2] },
  ],
});

const oneHotOp: OpSpec = {
  name: "oneHot",
  shape: ([indices], attrs) => (indices === null ? null : [...indices, (attrs as OneHot).depth]),
  dtype: ([indices], attrs) => {
    checkIndices("oneHot", indices);
    return (attrs as { dtype: Dtype }).dtype;
  },
  kernel: (_, [indices], out, attrs) => {
    const { depth } = attrs as OneHot;
    const check = checkRange("oneHot", indices, depth, "class");
    return () => {
      check();
      out.data.fill(0);
      for (const [i, index] of indices.data.entries()) out.data[i * depth + index] = 1;
    };
  },
  vjp: "none",
};

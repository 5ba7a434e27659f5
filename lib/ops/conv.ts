/** Convolution and pooling over images [batch, height, width, channels], all of them made of windows. */
import { sequence, type Buffer, type CopyLayout, type Step } from "../backend/backend.ts";
import type { Backend } from "../backend/backend.ts";
import { s } from "../core/scalar.ts";
import {
  isKnown,
  sameShape,
  ShapeError,
  show,
  stridesOf,
  type PartialShape,
  type Shape,
} from "../core/shape.ts";
import { composition, type Composition } from "../graph/composition.ts";
import { labelWithShape } from "../graph/build.ts";
import { op, type Op } from "../graph/op.ts";
import { contract } from "./contract.ts";
import { onesLike } from "./create.ts";
import { divide } from "./elementwise.ts";
import { reduceMax } from "./reduce.ts";
import { slice } from "./slices.ts";
import { reduceSum } from "./structure.ts";
import { alongAxis, pairOf, type AlongAxis, type Pair, type Padding } from "./windows.ts";

/** How windows lie on an image; sizes are [height, width], or one number for both. */
export interface Windows {
  readonly size: Pair;
  /** How far apart windows begin; 1 by default. */
  readonly strides?: Pair;
  /** How far apart the pixels of a window are; 1 by default. */
  readonly dilation?: Pair;
  /** "valid", the default, none; "same", so that windows begin at every stride; or [before, after] for both axes. */
  readonly padding?: Padding;
  /** What pixels outside of the image count as; 0 by default. */
  readonly outside?: number;
}

/**
 * The windows of images [batch, height, width, channels], as [batch, rows, columns, window height, window width,
 * channels]. Throws a `ShapeError` where a window does not fit.
 */
export const windows: Op<["x"], Windows> = op({
  name: "windows",
  inputs: ["x"],
  doc: "The windows of images [batch, height, width, channels], as [batch, rows, columns, window height, window width, channels].",
  attrs: ["size", "strides", "dilation", "padding", "outside"],
  shape: ([x], attrs) => windowsShape(x, attrs),
  dtype: ([x]) => x,
  kernel: (backend, [x], out, attrs) => {
    const { padded, image, cut } = layouts(x.shape, out.shape, attrs);
    if (sameShape(padded, x.shape)) return backend.copy(x, out, cut);
    const wide = backend.alloc(padded, x.dtype);
    const { outside = 0 } = attrs;
    return sequence(
      backend.map(s.add(outside, 0), [], wide),
      backend.copy(x, wide, image),
      backend.copy(wide, out, cut),
    );
  },
  vjp: ({ inputs: [x], attrs }, g) => [windowsInto(g, x, { ...attrs, outside: 0 })],
  samples: [
    { shapes: [[2, 3, 3, 1]], attrs: { size: 2 } },
    { shapes: [[1, 4, 5, 2]], attrs: { size: [2, 1], strides: 2, padding: "same" } },
    {
      shapes: [[1, 5, 3, 1]],
      attrs: {
        size: [2, 2],
        dilation: [2, 1],
        padding: [
          [1, 0],
          [0, 1],
        ],
        outside: 3,
      },
    },
  ],
});

/** Adjoint of `windows`: windows laid back into an image, where they overlap added up. */
export const windowsInto: Op<["x", "like"], Windows> = op({
  name: "windowsInto",
  inputs: ["x", "like"],
  doc: "Windows x added up where they lie in an image of the shape of `like`.",
  attrs: ["size", "strides", "dilation", "padding", "outside"],
  shape: ([x, like], attrs) => {
    const wanted = windowsShape(like, attrs);
    if (isKnown(x) && isKnown(wanted) && !sameShape(x, wanted)) {
      throw new ShapeError(`windowsInto: x ${show(x)}; wanted ${show(wanted)}`);
    }
    return like;
  },
  dtype: ([x]) => x,
  kernel: (backend, [x], out, attrs) => layBack(backend, x, out, attrs),
  vjp: ({ attrs }, g) => [windows(g, attrs), null],
  samples: [
    {
      shapes: [
        [2, 2, 2, 2, 2, 1],
        [2, 3, 3, 1],
      ],
      attrs: { size: 2 },
    },
  ],
});

function layBack(backend: Backend, x: Buffer, out: Buffer, attrs: Windows): Step {
  const { padded, image, cut } = layouts(out.shape, x.shape, attrs);
  const back: CopyLayout = { sizes: cut.sizes, from: cut.to, to: cut.from, add: true };
  const zero = s.add(0, 0);
  if (sameShape(padded, out.shape)) {
    return sequence(backend.map(zero, [], out), backend.copy(x, out, back));
  }
  const wide = backend.alloc(padded, out.dtype);
  return sequence(
    backend.map(zero, [], wide),
    backend.copy(x, wide, back),
    backend.copy(wide, out, { sizes: image.sizes, from: image.to, to: image.from }),
  );
}

function axesOf(x: readonly (number | null)[], attrs: Windows): readonly [AlongAxis, AlongAxis] {
  return [alongAxis("windows", x[1], attrs, 0), alongAxis("windows", x[2], attrs, 1)];
}

function windowsShape(x: PartialShape, attrs: Windows): PartialShape {
  const [height, width] = pairOf("windows: size", attrs.size);
  if (x === null) return [null, null, null, height, width, null];
  if (x.length !== 4) {
    throw new ShapeError(
      `windows: x ${show(x)}; wanted images [batch, height, width, channels]; expandDims?`,
    );
  }
  const [rows, columns] = axesOf(x, attrs);
  return [x[0], rows.count, columns.count, height, width, x[3]];
}

/** The padded image, the image's place in it, and the windows' place. */
function layouts(
  x: Shape,
  out: Shape,
  attrs: Windows,
): { padded: Shape; image: CopyLayout; cut: CopyLayout } {
  const [rows, columns] = axesOf(x, attrs);
  const padded = [
    x[0],
    rows.before + x[1] + rows.after,
    columns.before + x[2] + columns.after,
    x[3],
  ];
  const [n, h, w, c] = stridesOf(padded);
  const offset = rows.before * h + columns.before * w;
  const strides = [
    n,
    rows.stride * h,
    columns.stride * w,
    rows.dilation * h,
    columns.dilation * w,
    c,
  ];
  return {
    padded,
    image: {
      sizes: x,
      from: { offset: 0, strides: stridesOf(x) },
      to: { offset, strides: [n, h, w, c] },
    },
    cut: {
      sizes: out,
      from: { offset: 0, strides },
      to: { offset: 0, strides: stridesOf(out) },
    },
  };
}

/**
 * Images [batch, height, width, channels] convolved (without turning the filter) with filter [height, width, channels,
 * filters] → [batch, rows, columns, filters]. Throws a `ShapeError` where channels differ, or a filter does not fit.
 */
export const conv2d: Composition<["x", "filter"], Omit<Windows, "size" | "outside">> = composition({
  name: "conv2d",
  inputs: ["x", "filter"],
  doc: "Images [batch, height, width, channels] convolved (without turning the filter) with filter [height, width, channels, filters] → [batch, rows, columns, filters].",
  attrs: ["strides", "dilation", "padding"],
  compose: ([x, filter], attrs) => {
    const { shape } = filter;
    const [height, width, channels] = shape?.length === 4 ? shape : [null, null, null];
    if (typeof height !== "number" || typeof width !== "number") {
      throw new ShapeError(
        `conv2d: filter ${labelWithShape(filter)}; wanted [height, width, channels, filters], of which height and width are known when the graph is built`,
      );
    }
    const own = x.shape?.[3] ?? null;
    if (x.shape?.length === 4 && own !== null && channels !== null && own !== channels) {
      throw new ShapeError(
        `conv2d: x ${show(x.shape)} has ${own} channels, filter ${show(shape)} takes ${channels}; the last size of x and the third of the filter must be equal`,
      );
    }
    const cut = windows(x, { ...attrs, size: [height, width] });
    return contract(cut, filter, { a: "nxyijc", b: "ijco", out: "nxyo" });
  },
  traits: ["known shapes"],
  samples: [
    {
      shapes: [
        [2, 4, 4, 1],
        [2, 2, 1, 2],
      ],
    },
    {
      shapes: [
        [1, 5, 4, 2],
        [3, 2, 2, 2],
      ],
      attrs: { strides: [2, 1], padding: "same" },
    },
    {
      shapes: [
        [1, 5, 5, 1],
        [2, 2, 1, 1],
      ],
      attrs: { dilation: 2, padding: 1 },
    },
  ],
});

/** Where pooling windows lie; by default side by side. */
export type Pooling = Pick<Windows, "size" | "strides" | "padding">;

/**
 * The largest number of each window of images [batch, height, width, channels]; windows lie side by side unless
 * `strides` says otherwise. → [batch, rows, columns, channels]. Equal ones share the gradient. Throws a `ShapeError`
 * where a window does not fit.
 */
export const maxPool: Composition<["x"], Pooling> = composition({
  name: "maxPool",
  inputs: ["x"],
  doc: "The largest number of each window of images [batch, height, width, channels]; windows lie side by side unless `strides` says otherwise.",
  attrs: ["size", "strides", "padding"],
  compose: ([x], attrs) =>
    reduceMax(windows(x, { strides: attrs.size, ...attrs, outside: -Infinity }), { axis: [3, 4] }),
  samples: [
    { shapes: [[2, 4, 4, 1]], attrs: { size: 2 } },
    { shapes: [[1, 5, 4, 2]], attrs: { size: [3, 2], strides: 2, padding: "same" } },
  ],
});

/**
 * The mean of each window of images [batch, height, width, channels]; pixels outside of the image do not count. →
 * [batch, rows, columns, channels]. Throws a `ShapeError` where a window does not fit.
 */
export const avgPool: Composition<["x"], Pooling> = composition({
  name: "avgPool",
  inputs: ["x"],
  doc: "The mean of each window of images [batch, height, width, channels]; pixels outside of the image do not count.",
  attrs: ["size", "strides", "padding"],
  compose: ([x], attrs) => {
    const all = { strides: attrs.size, ...attrs };
    // How many pixels of a window lie in the image is the same for every image and channel.
    const one = slice(x, { begin: [0, null, null, 0], end: [1, null, null, 1] });
    const count = reduceSum(windows(onesLike(one), all), { axis: [3, 4] });
    return divide(reduceSum(windows(x, all), { axis: [3, 4] }), count);
  },
  samples: [
    { shapes: [[2, 4, 4, 1]], attrs: { size: 2 } },
    { shapes: [[1, 5, 4, 2]], attrs: { size: [3, 2], strides: 2, padding: "same" } },
  ],
});

/** Copies between strided places, gathers, scatters and scans as flat loops. */
import type { Data } from "../../core/dtype.ts";
import { sizeOf } from "../../core/shape.ts";
import type { Buffer, CopyLayout, GatherLayout, ScanInputs, ScanLayout, Step } from "../backend.ts";
import { merge } from "./loops.ts";

/** The two innermost axes of a copy are loops, the others an odometer. */
interface Walk {
  readonly rows: number;
  readonly columns: number;
  readonly fromRow: number;
  readonly fromColumn: number;
  readonly toRow: number;
  readonly toColumn: number;
}

/** Binds a strided copy; axes through which both sides step evenly become one. */
export function bindCopy(x: Buffer, out: Buffer, layout: CopyLayout): Step {
  if (sizeOf(layout.sizes) === 0) return () => undefined;
  const { sizes, strides } = merge({
    sizes: layout.sizes,
    strides: [layout.from.strides, layout.to.strides],
  });
  const [from, to] = strides;
  const outer = Math.max(0, sizes.length - 2);
  const walk: Walk = {
    rows: sizes.at(-2) ?? 1,
    columns: sizes.at(-1) ?? 1,
    fromRow: from.at(-2) ?? 0,
    fromColumn: from.at(-1) ?? 0,
    toRow: to.at(-2) ?? 0,
    toColumn: to.at(-1) ?? 0,
  };
  const { add = false, from: source, to: target } = layout;
  const move = add ? addBlock : copyBlock;
  const index = new Int32Array(outer);
  return () => {
    let [at, into] = [source.offset, target.offset];
    index.fill(0);
    for (;;) {
      move(x.data, out.data, at, into, walk);
      let axis = outer - 1;
      for (; axis >= 0; axis--) {
        at += from[axis];
        into += to[axis];
        index[axis] += 1;
        if (index[axis] < sizes[axis]) break;
        at -= from[axis] * sizes[axis];
        into -= to[axis] * sizes[axis];
        index[axis] = 0;
      }
      if (axis < 0) return;
    }
  };
}

function copyBlock(x: Data, out: Data, from: number, to: number, walk: Walk): void {
  const { rows, columns, fromRow, fromColumn, toRow, toColumn } = walk;
  for (let row = 0; row < rows; row++) {
    let at = from + row * fromRow;
    let into = to + row * toRow;
    for (let column = 0; column < columns; column++) {
      out[into] = x[at];
      at = (at + fromColumn) | 0;
      into = (into + toColumn) | 0;
    }
  }
}

function addBlock(x: Data, out: Data, from: number, to: number, walk: Walk): void {
  const { rows, columns, fromRow, fromColumn, toRow, toColumn } = walk;
  for (let row = 0; row < rows; row++) {
    let at = from + row * fromRow;
    let into = to + row * toRow;
    for (let column = 0; column < columns; column++) {
      out[into] += x[at];
      at = (at + fromColumn) | 0;
      into = (into + toColumn) | 0;
    }
  }
}

/** Binds a gather. */
export function bindGather(x: Buffer, indices: Buffer, out: Buffer, layout: GatherLayout): Step {
  return () => gather(x.data, indices.data, out.data, layout);
}

function gather(x: Data, indices: Data, out: Data, layout: GatherLayout): void {
  const { batch, before, length, count, after } = layout;
  let to = 0;
  for (let b = 0; b < batch; b++) {
    for (let i = 0; i < before; i++) {
      const base = (b * before + i) * length * after;
      for (let j = 0; j < count; j++) {
        const from = base + indices[b * count + j] * after;
        for (let k = 0; k < after; k++) out[to++] = x[from + k];
      }
    }
  }
}

/** Binds a scatter. */
export function bindScatter(x: Buffer, indices: Buffer, out: Buffer, layout: GatherLayout): Step {
  return () => scatter(x.data, indices.data, out.data, layout);
}

function scatter(x: Data, indices: Data, out: Data, layout: GatherLayout): void {
  const { batch, before, length, count, after } = layout;
  out.fill(0);
  let from = 0;
  for (let b = 0; b < batch; b++) {
    for (let i = 0; i < before; i++) {
      const base = (b * before + i) * length * after;
      for (let j = 0; j < count; j++) {
        const to = base + indices[b * count + j] * after;
        for (let k = 0; k < after; k++) out[to + k] += x[from++];
      }
    }
  }
}

/** Binds a scan; rows of numbers that lie next to each other are scanned side by side. */
export function bindScan({ a, b }: ScanInputs, out: Buffer, layout: ScanLayout): Step {
  return () => scan(a?.data, b?.data, out.data, layout);
}

function scan(a: Data | undefined, b: Data | undefined, out: Data, layout: ScanLayout): void {
  const { before, length, after, start, reverse, exclusive } = layout;
  const step = reverse ? -after : after;
  for (let row = 0; row < before; row++) {
    const first = (row * length + (reverse ? length - 1 : 0)) * after;
    for (let column = 0; column < after; column++) {
      let s = start;
      let i = first + column;
      for (let j = 0; j < length; j++, i += step) {
        const next = (a === undefined ? s : a[i] * s) + (b === undefined ? 0 : b[i]);
        out[i] = exclusive ? s : next;
        s = next;
      }
    }
  }
}

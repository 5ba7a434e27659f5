/** A Plotly figure: plain JSON, checked and cleaned of everything that JSON cannot say. */
import { described, isTensor } from "./numbers.ts";

/** One trace of a Plotly figure. */
export type Trace = { readonly [attribute: string]: unknown };

/** The layout of a Plotly figure. */
export type Layout = {
  readonly width?: number;
  readonly height?: number;
  readonly [attribute: string]: unknown;
};

/** One step of an animated figure: new values for some of its traces. */
export interface Frame {
  readonly name: string;
  readonly data: readonly Trace[];
  readonly traces?: readonly number[];
  readonly layout?: Layout;
}

/** A figure as Plotly's documentation describes it. */
export interface Figure {
  readonly data: readonly Trace[];
  readonly layout?: Layout;
  readonly config?: { readonly [option: string]: unknown };
  readonly frames?: readonly Frame[] | undefined;
}

/** Nested lists of a tensor's values, by its shape. */
function nested(values: readonly unknown[], shape: readonly number[]): unknown {
  const [count, ...inner] = shape;
  if (count === undefined) return values[0];
  if (inner.length === 0) return values;
  const size = values.length / Math.max(count, 1);
  return Array.from({ length: count }, (_, i) =>
    nested(values.slice(i * size, (i + 1) * size), inner),
  );
}

function plain(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (isTensor(value)) return nested(Array.from(value.data), value.shape);
  if (ArrayBuffer.isView(value) && "length" in value) {
    return Array.from(value as unknown as ArrayLike<unknown>);
  }
  if (value instanceof Map || value instanceof Set) return [...value];
  return value;
}

/** The same value as JSON: tensors and typed arrays become lists, NaN and infinities null. */
export function json<T>(value: T): T {
  const text = JSON.stringify(value, function (this: Record<string, unknown>, key, given) {
    // The raw value, because toJSON (of a Buffer or a Tensor) has already been applied to `given`.
    const raw = this[key];
    const simple = plain(raw);
    return typeof simple === "object" && simple === raw ? given : simple;
  });
  return JSON.parse(text) as T;
}

/** A checked copy of a figure that shares nothing with the value it was made from. */
export function checkedFigure(value: unknown): Figure {
  if (typeof value !== "object" || value === null || !("data" in value)) {
    throw new TypeError(`plot: wanted a Plotly figure { data, layout? }, got ${described(value)}`);
  }
  const { data } = value;
  if (!Array.isArray(data)) {
    throw new TypeError(`plot: a figure's data is a list of traces, got ${described(data)}`);
  }
  const wrong = (data as unknown[]).findIndex(
    (trace) => typeof trace !== "object" || trace === null,
  );
  if (wrong >= 0) {
    throw new TypeError(
      `plot: trace ${wrong} is an object such as { x, y }, got ${described(data[wrong])}`,
    );
  }
  return json(value as Figure);
}

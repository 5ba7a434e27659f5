/** Reading what a notebook has at hand (tensors, nested arrays, typed arrays) as plain numbers. */

/** The part of a tensor that a picture needs. */
export interface TensorLike {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number | bigint | boolean>;
}

/** Numbers in any of the forms that a cell may hold. */
export type Numbers = number | boolean | TensorLike | ArrayLike<number> | readonly Numbers[];

/** Names a value in an error message: what was got. */
export function described(value: unknown): string {
  if (isTensor(value)) return `a tensor of shape [${value.shape.join(", ")}]`;
  if (ArrayBuffer.isView(value)) return `a ${value.constructor.name}`;
  if (Array.isArray(value))
    return value.length === 0 ? "an empty array" : `an array of ${value.length}`;
  if (value === null || value === undefined) return String(value);
  if (typeof value === "function") return "a function";
  if (typeof value === "bigint" || typeof value === "symbol") return `a ${typeof value}`;
  return typeof value === "object"
    ? `an object with ${keysOf(value)}`
    : `the ${typeof value} ${JSON.stringify(value)}`;
}

function keysOf(value: object): string {
  const keys = Object.keys(value);
  return keys.length === 0 ? "no properties" : keys.slice(0, 5).join(", ");
}

export function isTensor(value: unknown): value is TensorLike {
  if (typeof value !== "object" || value === null) return false;
  if (!("shape" in value) || !("data" in value)) return false;
  return Array.isArray(value.shape) && typeof value.data === "object";
}

function isTyped(value: unknown): value is ArrayLike<number | bigint> {
  return ArrayBuffer.isView(value) && "length" in value;
}

/** The sizes and the flat values of any numbers, or an error that starts with `what`. */
export function flat(value: unknown, what: string): { shape: readonly number[]; data: number[] } {
  if (isTensor(value)) return { shape: value.shape, data: Array.from(value.data, Number) };
  if (isTyped(value)) return { shape: [value.length], data: Array.from(value, Number) };
  if (!Array.isArray(value)) return { shape: [], data: [scalar(value, what)] };
  const parts = (value as unknown[]).map((part) => flat(part, what));
  const inner = parts[0]?.shape ?? [];
  const ragged = parts.find((part) => part.shape.join() !== inner.join());
  if (ragged !== undefined) {
    throw new TypeError(
      `${what}: rows differ in shape: [${inner.join(", ")}] and [${ragged.shape.join(", ")}]`,
    );
  }
  return { shape: [parts.length, ...inner], data: parts.flatMap((part) => part.data) };
}

function scalar(value: unknown, what: string): number {
  if (typeof value === "number") return value;
  if (typeof value === "bigint" || typeof value === "boolean") return Number(value);
  if (value === null) return Number.NaN;
  throw new TypeError(`${what}: wanted numbers, got ${described(value)}`);
}

/** A list of numbers; a column or a row of a matrix is one too. */
export function vector(value: unknown, what: string): number[] {
  const { shape, data } = flat(value, what);
  if (shape.filter((size) => size !== 1).length > 1) {
    throw new TypeError(`${what}: wanted a list of numbers, got the shape [${shape.join(", ")}]`);
  }
  return data;
}

/** The rows of a matrix. */
export function rows(value: unknown, what: string): number[][] {
  const { shape, data } = flat(value, what);
  const [count = 0, width = 0] = shape;
  if (shape.length !== 2) {
    throw new TypeError(
      `${what}: wanted rows of numbers, [n, m], got the shape [${shape.join(", ")}]`,
    );
  }
  return Array.from({ length: count }, (_, i) => data.slice(i * width, (i + 1) * width));
}

/** Points in the plane: n rows of two. */
export function planePoints(value: unknown, what: string): { x: number[]; y: number[] } {
  const { shape, data } = flat(value, what);
  const empty = shape.length === 1 && shape[0] === 0;
  if (!empty && (shape.length !== 2 || shape[1] !== 2)) {
    throw new TypeError(
      `${what}: wanted points in the plane, [n, 2], got the shape [${shape.join(", ")}]`,
    );
  }
  return { x: data.filter((_, i) => i % 2 === 0), y: data.filter((_, i) => i % 2 === 1) };
}

/** Six significant digits: finer than a pixel, and a figure half as large in a saved notebook. */
export function rounded(values: readonly number[]): number[] {
  return values.map((value) =>
    Number.isFinite(value) ? Number(value.toPrecision(6)) : Number.NaN,
  );
}

/** Tensor: a shape, a dtype and flat data. A value, never a node. */
import { describe } from "./describe.ts";
import { allocate, checkDtype, dtypeOf, isFloat, stored, type Data, type Dtype } from "./dtype.ts";
import { formatTensor } from "./format.ts";
import { DISPLAY, type Displayable, type MimeBundle } from "./mime.ts";
import { readNested } from "./nested.ts";
import {
  checkShape,
  checkSize,
  openSize,
  quoted,
  sameShape,
  ShapeError,
  show,
  sizeOf,
  type Shape,
} from "./shape.ts";
import { htmlTable } from "./table.ts";

/** Numbers in arrays in arrays, all rows of one depth equally long; a row may be a typed array or a `Tensor`. */
export type NestedArray = readonly (number | boolean | Data | Tensor | NestedArray)[];

/** A tensor whose shape the compiler knows. */
export interface TensorOf<S extends Shape> extends Tensor {
  readonly shape: S;
}

/** Whatever can be read as a tensor: a number, nested arrays, a typed array, data with a shape, a `Tensor`. */
export type TensorLike =
  | number
  | boolean
  | NestedArray
  | Data
  | Tensor
  | { readonly data: Data | readonly number[]; readonly shape: Shape };

/** A number, or numbers in arrays in arrays. */
export type Nested = number | Nested[];

/** An n-dimensional array of numbers, row-major. Ops take it as they take a node: `session.run(reduceMean(x, { axis: 0 }))`. */
export class Tensor implements Displayable {
  readonly data: Data;
  readonly shape: Shape;
  readonly dtype: Dtype;

  /** Wraps `data`, which is not copied; throws if its length is not what `shape` holds. */
  constructor(data: Data, shape: Shape) {
    const dtype = dtypeOf(data);
    if (dtype === undefined) {
      throw new TypeError(
        `Tensor: data is ${describe(data)}; wanted a typed array, or use tensor()`,
      );
    }
    if (!Array.isArray(shape)) {
      throw new ShapeError(
        `Tensor: shape is ${quoted(shape)}; wanted an array of sizes, as [2, 3]`,
      );
    }
    if (sizeOf(shape) !== data.length) {
      throw new ShapeError(
        `Tensor: shape ${show(shape)} holds ${sizeOf(shape)} numbers, data has ${data.length}`,
      );
    }
    this.data = data;
    this.shape = shape;
    this.dtype = dtype;
  }

  /** How many numbers there are. */
  get size(): number {
    return this.data.length;
  }

  /** How many axes there are. */
  get rank(): number {
    return this.shape.length;
  }

  /** The only number of a tensor that has one. */
  item(): number {
    if (this.data.length !== 1) {
      throw new ShapeError(
        `item: a tensor of shape ${show(this.shape)} is not one number; use toArray() or at()`,
      );
    }
    return this.data[0];
  }

  /** The same as `item()`, so that arithmetic works on scalars: `history.push(+loss)`. */
  valueOf(): number {
    return this.item();
  }

  /** A number for arithmetic, text for text; a scalar joined to a string prints its number. */
  [Symbol.toPrimitive](hint: string): number | string {
    if (hint === "number" || (hint === "default" && this.data.length === 1)) return this.item();
    return this.toString();
  }

  /** The number at an index per axis; negative indices count from the end. */
  at(...indices: number[]): number {
    if (indices.length !== this.rank) {
      throw new RangeError(
        `at: shape ${show(this.shape)} takes ${this.rank} indices, got ${indices.length}; toArray() gives whole rows`,
      );
    }
    let offset = 0;
    for (const [axis, length] of this.shape.entries()) {
      const index = indices[axis];
      if (!Number.isInteger(index) || index < -length || index >= length) {
        throw new RangeError(
          `at: index [${indices.join(", ")}] is outside of shape ${show(this.shape)}`,
        );
      }
      offset = offset * length + (index < 0 ? index + length : index);
    }
    return this.data[offset];
  }

  /** A tensor of `f(x)` for each number x, of the same type; throws if that cannot hold one. */
  map(f: (x: number, index: number) => number): Tensor {
    if (typeof f !== "function") {
      throw new TypeError(`map: got ${describe(f)}; wanted a function: map((x) => 2 * x)`);
    }
    const data = allocate(isFloat(this.dtype) ? this.dtype : "float64", this.size);
    for (let i = 0; i < data.length; i++) data[i] = f(this.data[i], i);
    const kept = stored(data, this.dtype);
    const changed = data.findIndex((x, i) => x !== kept[i]);
    if (kept !== data && changed >= 0) {
      throw new TypeError(
        `map: ${data[changed]} is no ${this.dtype}; make floats first: tensor(x, { dtype: "float64" }).map(…)`,
      );
    }
    return new Tensor(kept, this.shape);
  }

  /** A tensor of `f(x, y)` for each pair of numbers; `other` has the same shape or is one number. */
  zip(other: Tensor | number, f: (x: number, y: number) => number): Tensor {
    if (typeof other === "number") return this.map((x) => f(x, other));
    if (!(other instanceof Tensor) || typeof f !== "function") {
      const wrong: unknown = other instanceof Tensor ? f : other;
      throw new TypeError(
        `zip: got ${describe(wrong)}; wanted a Tensor or a number, and a function: zip(other, (x, y) => x + y)`,
      );
    }
    if (!sameShape(this.shape, other.shape)) {
      throw new ShapeError(`zip: shapes ${show(this.shape)} and ${show(other.shape)} differ`);
    }
    return this.map((x, i) => f(x, other.data[i]));
  }

  /** The same numbers in another shape, in which one size may be −1; throws if it does not hold as many. */
  reshape(shape: Shape): Tensor {
    const wanted = openSize("reshape", this.shape, shape) as Shape;
    checkSize("reshape", this.shape, wanted);
    return new Tensor(this.data.slice(), [...wanted]);
  }

  /** Its parts along the first axis, as tensors: the rows of a matrix, the numbers of a vector. */
  *[Symbol.iterator](): Generator<Tensor, void> {
    const [length, ...part] = this.shape;
    if (length === undefined) {
      throw new ShapeError("a scalar has no parts to iterate over; item() gives its number");
    }
    const size = sizeOf(part);
    for (let i = 0; i < length; i++) {
      yield new Tensor(this.data.slice(i * size, (i + 1) * size), part);
    }
  }

  /** The numbers as nested arrays, or as a number if there are no axes. */
  toArray(): Nested {
    let level: Nested[] = Array.from(this.data);
    for (let axis = this.rank - 1; axis > 0; axis--) level = chunk(level, this.shape, axis);
    return this.rank === 0 ? level[0] : level;
  }

  /** The values as JSON takes them: nested arrays. */
  toJSON(): Nested {
    return this.toArray();
  }

  /** The numbers as NumPy prints them. */
  toString(): string {
    return formatTensor(this);
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  [DISPLAY](): MimeBundle {
    const text = this.toString();
    return this.rank === 0
      ? { "text/plain": text }
      : { "text/plain": text, "text/html": htmlTable(this) };
  }
}

function chunk(flat: readonly Nested[], shape: Shape, axis: number): Nested[] {
  const length = shape[axis];
  const count = sizeOf(shape.slice(0, axis));
  return Array.from({ length: count }, (_, row) => flat.slice(row * length, (row + 1) * length));
}

/** Any value that reads as a tensor, as one; `shape` lays flat numbers out. The numbers are copied. */
export function tensor(value: TensorLike, options: { shape?: Shape; dtype?: Dtype } = {}): Tensor {
  const known = ["shape", "dtype"];
  const wrong = Object.keys(options).find((key) => !known.includes(key));
  if (wrong !== undefined || Array.isArray(options)) {
    throw new TypeError(
      `tensor: options are ${describe(options)}; write tensor([1, 2, 3, 4], { shape: [2, 2], dtype: "float32" })`,
    );
  }
  const natural = naturalDtype(value);
  if (options.dtype === undefined && natural === "bool") checkTruths(value);
  const parsed = parseTensor("tensor", value, options.dtype ?? natural);
  return new Tensor(parsed.data.slice(), [...checkShape("tensor", options.shape ?? parsed.shape)]);
}

function naturalDtype(value: TensorLike): Dtype {
  if (areBooleans(value)) return "bool";
  const shaped = typeof value === "object" && value !== null && "data" in value;
  return dtypeOf(shaped ? value.data : value) ?? "float64";
}

/** Whether a value is a boolean, or nested arrays of nothing else. */
export function areBooleans(value: unknown): boolean {
  if (!Array.isArray(value)) return typeof value === "boolean";
  return value.length > 0 && value.every(areBooleans);
}

/** Throws at bytes that are no booleans: they would have to be numbers. */
function checkTruths(value: TensorLike): void {
  const { data } = parseTensor("tensor", value, "float64");
  const byte = data.find((x) => x > 1);
  if (byte === undefined) return;
  throw new TypeError(
    `tensor: a Uint8Array is read as booleans, 0 and 1, and this one holds ${byte}; for numbers, say so: tensor(bytes, { dtype: "float64" })`,
  );
}

/** Reads `value` as a tensor of `dtype`, without a copy where it already is one; `what` begins the message of an error. */
export function parseTensor(what: string, value: unknown, dtype: Dtype): Tensor {
  checkDtype(dtype);
  if (value instanceof Tensor) return convertTensor(value, dtype);
  if (typeof value === "number" || typeof value === "boolean")
    return new Tensor(stored([Number(value)], dtype), []);
  if (Array.isArray(value)) return parseNested(what, value, dtype);
  if (isNumbers(value)) return new Tensor(stored(value, dtype), [value.length]);
  if (typeof value === "object" && value !== null && "data" in value && "shape" in value) {
    const { data, shape } = value as { data: Data; shape: Shape };
    checkShape(what, shape);
    return new Tensor(stored(data, dtype), shape);
  }
  throw new TypeError(
    `${what}: got ${describe(value)}; wanted a number, nested arrays of numbers, a typed array or a Tensor`,
  );
}

function isNumbers(value: unknown): value is Data {
  if (!ArrayBuffer.isView(value) || value instanceof DataView) return false;
  return !(value instanceof BigInt64Array || value instanceof BigUint64Array);
}

function convertTensor(x: Tensor, dtype: Dtype): Tensor {
  const data = stored(x.data, dtype);
  return data === x.data ? x : new Tensor(data, x.shape);
}

function parseNested(what: string, value: readonly unknown[], dtype: Dtype): Tensor {
  let first: unknown = value;
  while (Array.isArray(first)) first = first[0];
  const plain = typeof first === "number" ? value : value.map(unwrapped);
  const { data, shape } = readNested(what, plain, dtype === "bool" ? "float64" : dtype);
  return convertTensor(new Tensor(data, shape), dtype);
}

/** Tensors and typed arrays, wherever they stand, as nested arrays. */
function unwrapped(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(unwrapped);
  if (part instanceof Tensor) return part.toArray();
  return isNumbers(part) ? Array.from(part) : part;
}

/** The number types of files, read into ours. */
import { allocate, type Data, type Dtype } from "../core/dtype.ts";
import { fromBfloat16, fromFloat16 } from "./half.ts";

/** How one number lies in a file, and which of our types holds it without loss. */
export interface NumberType {
  readonly bytes: number;
  readonly dtype: Dtype;
  read(view: DataView, offset: number, littleEndian: boolean): number;
}

/** By kind and size in bytes, as NumPy letters them: f float, i integer, u unsigned, b boolean; `bf` is bfloat16. */
export const numberTypes: Readonly<Record<string, NumberType>> = {
  f8: { bytes: 8, dtype: "float64", read: (view, at, little) => view.getFloat64(at, little) },
  f4: { bytes: 4, dtype: "float32", read: (view, at, little) => view.getFloat32(at, little) },
  f2: {
    bytes: 2,
    dtype: "float32",
    read: (view, at, little) => fromFloat16(view.getUint16(at, little)),
  },
  bf2: {
    bytes: 2,
    dtype: "float32",
    read: (view, at, little) => fromBfloat16(view.getUint16(at, little)),
  },
  // Beyond 2³¹ an int32 would lie, and a float64 is exact up to 2⁵³.
  i8: {
    bytes: 8,
    dtype: "float64",
    read: (view, at, little) => exact(view.getBigInt64(at, little)),
  },
  u8: {
    bytes: 8,
    dtype: "float64",
    read: (view, at, little) => exact(view.getBigUint64(at, little)),
  },
  i4: { bytes: 4, dtype: "int32", read: (view, at, little) => view.getInt32(at, little) },
  u4: { bytes: 4, dtype: "float64", read: (view, at, little) => view.getUint32(at, little) },
  i2: { bytes: 2, dtype: "int32", read: (view, at, little) => view.getInt16(at, little) },
  u2: { bytes: 2, dtype: "int32", read: (view, at, little) => view.getUint16(at, little) },
  i1: { bytes: 1, dtype: "int32", read: (view, at) => view.getInt8(at) },
  u1: { bytes: 1, dtype: "int32", read: (view, at) => view.getUint8(at) },
  b1: { bytes: 1, dtype: "bool", read: (view, at) => view.getUint8(at) },
};

function exact(value: bigint): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw new RangeError(
    `the whole number ${value} is beyond 2⁵³, which is as far as ours are exact`,
  );
}

/** `count` numbers from the beginning of `bytes`, which need not be aligned. */
export function readNumbers(
  bytes: Uint8Array,
  count: number,
  type: NumberType,
  littleEndian = true,
): Data {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const data = allocate(type.dtype, count);
  for (let i = 0; i < count; i++) data[i] = type.read(view, i * type.bytes, littleEndian);
  return data;
}

/** The numbers as little-endian bytes. */
export function writeNumbers(data: Data): Uint8Array {
  const bytes = new Uint8Array(data.byteLength);
  const view = new DataView(bytes.buffer);
  const size = data.BYTES_PER_ELEMENT;
  for (let i = 0; i < data.length; i++) {
    if (data instanceof Float64Array) view.setFloat64(i * size, data[i], true);
    else if (data instanceof Float32Array) view.setFloat32(i * size, data[i], true);
    else if (data instanceof Int32Array) view.setInt32(i * size, data[i], true);
    else view.setUint8(i, data[i]);
  }
  return bytes;
}

/** The element types and the typed arrays that hold them. */

/** The element type of a tensor or node. */
export type Dtype = "float64" | "float32" | "int32" | "bool";

/** Flat storage; `bool` is a `Uint8Array` of zeros and ones. */
export type Data = Float64Array | Float32Array | Int32Array | Uint8Array;

/** Every dtype, in order of preference. */
export const dtypes: readonly Dtype[] = ["float64", "float32", "int32", "bool"];

/** Whether gradients can flow through values of this type. */
export function isFloat(dtype: Dtype): boolean {
  return dtype === "float64" || dtype === "float32";
}

/** Zeroed storage for `size` elements; throws, saying how much memory that is, if there is not as much. */
export function allocate(dtype: Dtype, size: number): Data {
  try {
    return storage(dtype, size);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const gigabytes = (size * storage(dtype, 1).BYTES_PER_ELEMENT) / 1e9;
    throw new RangeError(
      `a tensor of ${size} numbers in ${dtype} takes ${Number(gigabytes.toPrecision(3))} GB of memory, more than there is; make its shape smaller`,
      { cause: error },
    );
  }
}

function storage(dtype: Dtype, size: number): Data {
  switch (dtype) {
    case "float64":
      return new Float64Array(size);
    case "float32":
      return new Float32Array(size);
    case "int32":
      return new Int32Array(size);
    case "bool":
      return new Uint8Array(size);
    default:
      throw unknownDtype(dtype);
  }
}

/** The dtype that an array already is, or `undefined` if none of ours. */
export function dtypeOf(data: unknown): Dtype | undefined {
  if (data instanceof Float64Array) return "float64";
  if (data instanceof Float32Array) return "float32";
  if (data instanceof Int32Array) return "int32";
  if (data instanceof Uint8Array) return "bool";
  return undefined;
}

/** Numbers in storage of `dtype`: the array itself where it is that. Of bytes, only zeros and ones are booleans. */
export function stored(source: Data | readonly number[], dtype: Dtype): Data {
  const isStored = dtypeOf(source) === dtype;
  if (isStored && (dtype !== "bool" || source.every((x) => x <= 1))) return source as Data;
  const data = allocate(dtype, source.length);
  if (dtype === "bool") for (let i = 0; i < data.length; i++) data[i] = source[i] === 0 ? 0 : 1;
  else data.set(source);
  return data;
}

/** Throws unless `dtype` is one of ours; for callers that TypeScript has not checked. */
export function checkDtype(dtype: Dtype): Dtype {
  if (!dtypes.includes(dtype)) throw unknownDtype(dtype);
  return dtype;
}

function unknownDtype(dtype: unknown): TypeError {
  return new TypeError(`dtype ${String(dtype)} is unknown; use one of ${dtypes.join(", ")}`);
}

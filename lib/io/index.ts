/** Files: checkpoints of variables, and tensors in the formats of others. */
import { checkOptions } from "../core/options.ts";
import { describe } from "../core/describe.ts";
import { parseTensor, Tensor, tensor, type TensorLike } from "../core/tensor.ts";
import { readBytes, writeBytes, type Path } from "./files.ts";
import { decodeNpy, encodeNpy } from "./npy.ts";
import { decodeSafetensors, encodeSafetensors, type Tensors } from "./safetensors.ts";
import { unzip, zip } from "./zip.ts";

export { type Path } from "./files.ts";
export { loadVariables, saveVariables, type LoadOptions, type Of } from "./variables.ts";

/** Writes one tensor as NumPy's `numpy.save` does. */
export function saveNpy(path: Path, value: TensorLike): void {
  writeBytes("io.saveNpy", path, encodeNpy(asTensor("io.saveNpy: the value", value)));
}

/** The tensor of a `.npy` file. Whole numbers beyond int32 and their like become float64, half floats float32. */
export function loadNpy(path: Path): Tensor {
  return decodeNpy(`io.loadNpy: ${String(path)}`, readBytes("io.loadNpy", path));
}

/** Writes tensors by name as NumPy's `numpy.savez` does, or `numpy.savez_compressed`. */
export function saveNpz(
  path: Path,
  values: Readonly<Record<string, TensorLike>>,
  options: { compress?: boolean } = {},
): void {
  const call = `io.saveNpz("data.npz", { points, labels })`;
  checkOptions("io.saveNpz", options, ["compress"], `${call}, or with { compress: true } behind`);
  const entries = Object.entries(named("io.saveNpz", values, call)).map(([name, value]) => ({
    name: `${name}.npy`,
    bytes: encodeNpy(asTensor(`io.saveNpz: ${name}`, value)),
  }));
  writeBytes("io.saveNpz", path, zip(entries, options));
}

/** The tensors of a `.npz` file by name. */
export function loadNpz(path: Path): Record<string, Tensor> {
  const what = `io.loadNpz: ${String(path)}`;
  const entries = unzip(what, readBytes("io.loadNpz", path)).map(
    ({ name, bytes }): [string, Tensor] => [
      name.replace(/\.npy$/, ""),
      decodeNpy(`${what}: ${name}`, bytes),
    ],
  );
  return Object.fromEntries(entries);
}

/** Writes tensors by name, and texts by name as metadata, into a safetensors file. */
export function saveSafetensors(
  path: Path,
  values: Readonly<Record<string, TensorLike>>,
  options: { metadata?: Readonly<Record<string, string>> } = {},
): void {
  const call = `io.saveSafetensors("data.safetensors", { points, labels })`;
  checkOptions("io.saveSafetensors", options, ["metadata"], call);
  const tensors = Object.entries(named("io.saveSafetensors", values, call)).map(
    ([name, value]): [string, Tensor] => [name, asTensor(`io.saveSafetensors: ${name}`, value)],
  );
  const { metadata = {} } = options;
  const bytes = encodeSafetensors({ tensors: Object.fromEntries(tensors), metadata });
  writeBytes("io.saveSafetensors", path, bytes);
}

/** The tensors of a safetensors file by name, and its metadata. */
export function loadSafetensors(path: Path): Tensors {
  return decodeSafetensors(
    `io.loadSafetensors: ${String(path)}`,
    readBytes("io.loadSafetensors", path),
  );
}

function asTensor(what: string, value: TensorLike): Tensor {
  if (value instanceof Tensor) return value;
  // Said with this name in front, before it is read in its own type.
  if (typeof value !== "object" || value === null) return parseTensor(what, value, "float64");
  return Array.isArray(value) ? parseTensor(what, value, "float64") : tensor(value);
}

function named<T>(
  what: string,
  values: Readonly<Record<string, T>>,
  call: string,
): Readonly<Record<string, T>> {
  if (
    typeof values === "object" &&
    values !== null &&
    !Array.isArray(values) &&
    !(values instanceof Tensor)
  ) {
    return values;
  }
  throw new TypeError(`${what}: got ${describe(values)}; wanted tensors by name: ${call}`);
}

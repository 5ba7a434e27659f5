/**
 * The safetensors format: 8 bytes with the length of a header, the header in JSON, the numbers.
 * https://github.com/huggingface/safetensors, "Format".
 */
import type { Dtype } from "../core/dtype.ts";
import { sizeOf } from "../core/shape.ts";
import { Tensor } from "../core/tensor.ts";
import { numberTypes, readNumbers, writeNumbers } from "./number_type.ts";

/** Tensors by name, and what else the file says. */
export interface Tensors {
  readonly tensors: Readonly<Record<string, Tensor>>;
  readonly metadata: Readonly<Record<string, string>>;
}

const order: readonly Dtype[] = ["float64", "float32", "int32", "bool"];

const typeNames: Readonly<Record<Dtype, string>> = {
  float64: "F64",
  float32: "F32",
  int32: "I32",
  bool: "BOOL",
};

const typesOf: Readonly<Record<string, keyof typeof numberTypes>> = {
  F64: "f8",
  F32: "f4",
  F16: "f2",
  BF16: "bf2",
  I64: "i8",
  U64: "u8",
  I32: "i4",
  U32: "u4",
  I16: "i2",
  U16: "u2",
  I8: "i1",
  U8: "u1",
  BOOL: "b1",
};

/** Tensors as the bytes of a safetensors file. */
export function encodeSafetensors({ tensors, metadata }: Tensors): Uint8Array {
  // As the reference does: the largest numbers first, so that every tensor is aligned, then by name.
  const entries = Object.entries(tensors).toSorted(
    ([a, x], [b, y]) => order.indexOf(x.dtype) - order.indexOf(y.dtype) || (a < b ? -1 : 1),
  );
  let offset = 0;
  const described = entries.map(([name, { dtype, shape, data }]): [string, object] => {
    const start = offset;
    offset += data.byteLength;
    return [name, { dtype: typeNames[dtype], shape, data_offsets: [start, offset] }];
  });
  const extra: [string, object][] =
    Object.keys(metadata).length === 0 ? [] : [["__metadata__", metadata]];
  const json = JSON.stringify(Object.fromEntries([...extra, ...described]));
  const header = new TextEncoder().encode(json);
  const padding = (8 - (header.length % 8)) % 8;
  const start = 8 + header.length + padding;
  const bytes = new Uint8Array(start + offset).fill(0x20, 0, start);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length + padding), true);
  bytes.set(header, 8);
  let at = start;
  for (const [, { data }] of entries) {
    bytes.set(writeNumbers(data), at);
    at += data.byteLength;
  }
  return bytes;
}

/** The tensors of a safetensors file; `what` names it in the message of an error. */
export function decodeSafetensors(what: string, bytes: Uint8Array): Tensors {
  const fail = (reason: string): never => {
    throw new TypeError(
      `${what} is no safetensors file: ${reason}; write one with io.saveVariables, or with safetensors in Python`,
    );
  };
  if (bytes.length < 8) fail(`it has ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getBigUint64(0, true);
  if (length > BigInt(bytes.length - 8)) fail(`its header would be longer than the file`);
  const end = 8 + Number(length);
  const header = parseHeader(bytes.subarray(8, end), fail);
  const { __metadata__: metadata = {}, ...entries } = header;
  const body = bytes.subarray(end);
  const tensors = Object.entries(entries).map(([name, entry]): [string, Tensor] => [
    name,
    tensorOf(name, entry, body, fail),
  ]);
  return { tensors: Object.fromEntries(tensors), metadata: textsOf(metadata) };
}

type Fail = (reason: string) => never;

function parseHeader(bytes: Uint8Array, fail: Fail): Readonly<Record<string, unknown>> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return fail("its header is no JSON");
  }
  if (typeof header !== "object" || header === null || Array.isArray(header)) {
    return fail("its header is no JSON object");
  }
  return header as Readonly<Record<string, unknown>>;
}

function textsOf(metadata: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(metadata as object).map(([key, value]) => [key, String(value)]),
  );
}

function tensorOf(name: string, entry: unknown, body: Uint8Array, fail: Fail): Tensor {
  const {
    dtype,
    shape,
    data_offsets: offsets,
  } = Object(entry) as Readonly<Record<string, unknown>>;
  if (!isCounts(shape) || !isCounts(offsets) || offsets.length !== 2 || typeof dtype !== "string") {
    return fail(`its tensor ${name} has no dtype, shape and data_offsets`);
  }
  const type = numberTypes[typesOf[dtype] ?? ""];
  if (type === undefined)
    return fail(
      `its tensor ${name} has the type ${dtype}, which is none of ${Object.keys(typesOf).join(", ")}`,
    );
  const [start, end] = offsets;
  const count = sizeOf(shape);
  if (end > body.length || end - start !== count * type.bytes) {
    return fail(`its tensor ${name} lies outside of the file; it may have been cut off`);
  }
  return new Tensor(readNumbers(body.subarray(start, end), count, type), shape);
}

function isCounts(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((x) => Number.isSafeInteger(x) && (x as number) >= 0);
}

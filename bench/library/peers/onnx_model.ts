/**
 * Writes ONNX models: the few messages of onnx.proto3 that a graph of tensors needs, in protobuf's wire format.
 * Field numbers are those of github.com/onnx/onnx, onnx/onnx.proto3.
 */
import type { Float } from "../task.ts";

/** An operator call; the only attributes that are needed here are integers. */
export interface OnnxNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly integers?: Readonly<Record<string, number>>;
}

export interface OnnxValue {
  readonly name: string;
  readonly shape: readonly number[];
}

export interface OnnxConstant extends OnnxValue {
  readonly data: readonly number[];
  readonly type: Float | "int64";
}

export interface OnnxGraph {
  readonly dtype: Float;
  readonly nodes: readonly OnnxNode[];
  readonly constants: readonly OnnxConstant[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
}

/** TensorProto.DataType. */
const TYPES = { float32: 1, int64: 7, float64: 11 } as const;
/** AttributeProto.AttributeType. */
const INT = 2;
const IR_VERSION = 8;
const OPSET = 17;

/** One field, tag and all. */
type Field = Uint8Array;

function varint(value: number): number[] {
  const digits: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) digits.push((rest % 0x80) | 0x80);
  return [...digits, rest];
}

const VARINT = 0;
const BYTES = 2;

function integer(field: number, value: number): Field {
  return Uint8Array.from([...varint(field * 8 + VARINT), ...varint(value)]);
}

function bytes(field: number, content: Uint8Array): Field {
  return joined([
    Uint8Array.from([...varint(field * 8 + BYTES), ...varint(content.length)]),
    content,
  ]);
}

const text = (field: number, value: string): Field => bytes(field, Buffer.from(value, "utf8"));
const message = (field: number, fields: readonly Field[]): Field => bytes(field, joined(fields));

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts);
}

function node({ op, inputs, output, integers = {} }: OnnxNode): Field[] {
  return [
    ...inputs.map((name) => text(1, name)),
    text(2, output),
    text(4, op),
    ...Object.entries(integers).map(([name, value]) =>
      message(5, [text(1, name), integer(3, value), integer(20, INT)]),
    ),
  ];
}

function valueInfo({ name, shape }: OnnxValue, dtype: Float): Field[] {
  const dimensions = shape.map((size) => message(1, [integer(1, size)]));
  const tensor = [integer(1, TYPES[dtype]), message(2, dimensions)];
  return [text(1, name), message(2, [message(1, tensor)])];
}

function raw({ data, type }: OnnxConstant): Uint8Array {
  const typed =
    type === "int64"
      ? BigInt64Array.from(data, BigInt)
      : type === "float64"
        ? Float64Array.from(data)
        : Float32Array.from(data);
  return new Uint8Array(typed.buffer);
}

function constant(value: OnnxConstant): Field[] {
  return [
    ...value.shape.map((size) => integer(1, size)),
    integer(2, TYPES[value.type]),
    text(8, value.name),
    bytes(9, raw(value)),
  ];
}

/** The bytes of a ModelProto. */
export function onnxModel({ dtype, nodes, constants, inputs, outputs }: OnnxGraph): Uint8Array {
  const graph = [
    ...nodes.map((each) => message(1, node(each))),
    text(2, "graph"),
    ...constants.map((each) => message(5, constant(each))),
    ...inputs.map((each) => message(11, valueInfo(each, dtype))),
    ...outputs.map((each) => message(12, valueInfo(each, dtype))),
  ];
  return joined([
    integer(1, IR_VERSION),
    message(7, graph),
    message(8, [text(1, ""), integer(2, OPSET)]),
  ]);
}

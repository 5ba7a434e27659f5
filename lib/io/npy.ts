/** NumPy's .npy format: a magic word, a version, a header that is a Python dictionary, the numbers. NumPy Enhancement Proposal 1. */
import type { Dtype } from "../core/dtype.ts";
import { sizeOf, stridesOf, type Shape } from "../core/shape.ts";
import { Tensor } from "../core/tensor.ts";
import { numberTypes, readNumbers, writeNumbers } from "./number_type.ts";

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

const descriptions: Readonly<Record<Dtype, string>> = {
  float64: "<f8",
  float32: "<f4",
  int32: "<i4",
  bool: "|b1",
};

/** A tensor as the bytes of a .npy file, format 1.0. */
export function encodeNpy({ dtype, shape, data }: Tensor): Uint8Array {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const text = `{'descr': '${descriptions[dtype]}', 'fortran_order': False, 'shape': (${sizes}), }`;
  // The numbers begin at a multiple of 64, behind a line's end.
  const length = Math.ceil((10 + text.length + 1) / 64) * 64 - 10;
  const header = new TextEncoder().encode(`${text.padEnd(length - 1)}\n`);
  const numbers = writeNumbers(data);
  const bytes = new Uint8Array(10 + length + numbers.length);
  bytes.set([...magic, 1, 0, length & 0xff, length >>> 8]);
  bytes.set(header, 10);
  bytes.set(numbers, 10 + length);
  return bytes;
}

/** The tensor of a .npy file; `what` names it in the message of an error. */
export function decodeNpy(what: string, bytes: Uint8Array): Tensor {
  const fail = (reason: string): never => {
    throw new TypeError(`${what} is no .npy file that can be read: ${reason}`);
  };
  if (bytes.length < 12 || magic.some((byte, i) => bytes[i] !== byte)) {
    return fail("it does not begin as one; write one with io.saveNpy, or with numpy.save");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [start, length] =
    bytes[6] === 1 ? [10, view.getUint16(8, true)] : [12, view.getUint32(8, true)];
  const header = new TextDecoder("latin1").decode(bytes.subarray(start, start + length));
  const { description, isFortran, shape } = parseHeader(header, fail);
  const match = /^([<>|=])(f8|f4|f2|i8|u8|i4|u4|i2|u2|i1|u1|b1)$/.exec(description);
  if (match === null) {
    return fail(
      `its numbers are ${description}; store floats, integers or booleans: x.astype("float64")`,
    );
  }
  const type = numberTypes[match[2]];
  const count = sizeOf(shape);
  const body = bytes.subarray(start + length);
  if (body.length < count * type.bytes) {
    return fail(
      `its ${count} numbers take ${count * type.bytes} bytes, and it has ${body.length}; it may have been cut off`,
    );
  }
  const data = readNumbers(body, count, type, match[1] !== ">");
  const x = new Tensor(data, shape);
  return isFortran ? fromFortran(x) : x;
}

interface Header {
  readonly description: string;
  readonly isFortran: boolean;
  readonly shape: Shape;
}

function parseHeader(header: string, fail: (reason: string) => never): Header {
  const description = /'descr':\s*'([^']*)'/.exec(header);
  const order = /'fortran_order':\s*(True|False)/.exec(header);
  const shape = /'shape':\s*\(([\d,\s]*)\)/.exec(header);
  if (order === null || shape === null) return fail("its header has no fortran_order or no shape");
  if (description === null) return fail("its numbers are records; store one array for each field");
  const sizes = shape[1].split(",").map((part) => part.trim());
  return {
    description: description[1],
    isFortran: order[1] === "True",
    shape: sizes.filter((part) => part !== "").map(Number),
  };
}

/** Numbers that were laid out column by column, row by row. */
function fromFortran({ data, shape }: Tensor): Tensor {
  const strides = stridesOf(shape.toReversed()).toReversed();
  const out = data.slice();
  const index = shape.map(() => 0);
  for (let i = 0; i < out.length; i++) {
    out[i] = data[index.reduce((sum, at, axis) => sum + at * strides[axis], 0)];
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis] === shape[axis]; axis--) {
      index[axis] = 0;
    }
  }
  return new Tensor(out, shape);
}

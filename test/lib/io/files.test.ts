import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Dtype, Tensor, tensor, type TensorLike } from "../../../lib/index.ts";
import * as io from "../../../lib/io/index.ts";

const golden = fileURLToPath(new URL("../../../../test/golden/files/", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "gradbook-io-"));
after(() => rmSync(folder, { recursive: true }));

function seen({ dtype, shape, data }: Tensor): unknown {
  return [dtype, shape, Array.from<number>(data)];
}

function as(dtype: Dtype, value: TensorLike): Tensor {
  return tensor(value, { dtype });
}

const grid = as("float64", [
  [-2.5, -1.5, -0.5],
  [0.5, 1.5, 2.5],
]);
// Whole numbers have no −0.
const truncated = grid.map((x) => Math.trunc(x) + 0);

/** What test/golden/files.py gave to the safetensors package. */
const ours: Record<string, Tensor> = {
  "layer/W": grid,
  "layer/b": as("float32", [1.5, -0.25]),
  count: as("int32", 7),
  mask: as("bool", [true, false, true]),
  nothing: new Tensor(new Float64Array(0), [0, 4]),
  special: as("float64", [NaN, Infinity, -Infinity, -0, 5e-324]),
};

describe("safetensors", () => {
  test("a file of the Python package is read, names, types, shapes and metadata", () => {
    const { tensors, metadata } = io.loadSafetensors(join(golden, "ours.safetensors"));
    assert.deepEqual(metadata, { by: "numpy" });
    assert.deepEqual(Object.keys(tensors).toSorted(), Object.keys(ours).toSorted());
    for (const [name, x] of Object.entries(tensors))
      assert.deepEqual(seen(x), seen(ours[name]), name);
  });

  test("what we write is byte for byte what the Python package writes", () => {
    const path = join(folder, "ours.safetensors");
    io.saveSafetensors(path, ours, { metadata: { by: "numpy" } });
    assert.deepEqual(readFileSync(path), readFileSync(join(golden, "ours.safetensors")));
  });

  test("types that we do not have are read into ones that hold them", () => {
    const { tensors, metadata } = io.loadSafetensors(join(golden, "foreign.safetensors"));
    assert.deepEqual(metadata, {});
    const expected: Record<string, [Dtype, number[]]> = {
      // 6e-8 and 6.1e-5 lie below and above the smallest normal half.
      half: ["float32", [1, -2.5, 65504, 2 ** -24, 1023 * 2 ** -24, Infinity, NaN]],
      long: ["float64", [2 ** 53 - 1, -3]],
      unsigned: ["float64", [2 ** 32 - 1, 0]],
      short: ["int32", [-300, 300]],
      word: ["int32", [65535]],
      byte: ["int32", [200, 3]],
      sbyte: ["int32", [-100]],
    };
    for (const [name, [dtype, values]] of Object.entries(expected)) {
      assert.deepEqual(seen(tensors[name]), [dtype, [values.length], values], name);
    }
  });

  test("bfloat16 is the upper half of a float32", () => {
    const header = JSON.stringify({ x: { dtype: "BF16", shape: [3], data_offsets: [0, 6] } });
    const bytes = Buffer.alloc(8 + header.length + 6);
    bytes.writeBigUInt64LE(BigInt(header.length));
    bytes.write(header, 8);
    for (const [i, half] of [0x3f80, 0xc020, 0x7f80].entries())
      bytes.writeUInt16LE(half, 8 + header.length + 2 * i);
    const path = join(folder, "bf16.safetensors");
    writeFileSync(path, bytes);
    assert.deepEqual(seen(io.loadSafetensors(path).tensors["x"]), [
      "float32",
      [3],
      [1, -2.5, Infinity],
    ]);
  });
});

describe("NumPy's files", () => {
  const arrays: Record<string, Tensor> = {
    float64: grid,
    float32: as("float32", grid),
    int32: as("int32", truncated),
    bool: as(
      "bool",
      grid.map((x) => Number(x > 0)),
    ),
    scalar: as("float64", 2.5),
    vector: as("float64", [1, 2]),
  };

  for (const [name, x] of Object.entries(arrays)) {
    test(`${name}.npy is read, and written byte for byte the same`, () => {
      const file = join(golden, `${name}.npy`);
      assert.deepEqual(seen(io.loadNpy(file)), seen(x));
      const path = join(folder, `${name}.npy`);
      io.saveNpy(pathToFileURL(path), x);
      assert.deepEqual(readFileSync(path), readFileSync(file));
    });
  }

  test("other layouts and types are read into ours", () => {
    const read = (name: string): Tensor => io.loadNpy(join(golden, `${name}.npy`));
    const cube = Array.from({ length: 24 }, (_, i) => i);
    assert.deepEqual(seen(read("fortran")), ["float64", [2, 3, 4], cube]);
    assert.deepEqual(seen(read("bigendian")), seen(as("float32", grid)));
    assert.deepEqual(seen(read("long")), seen(truncated));
    assert.deepEqual(seen(read("half")), seen(as("float32", grid)));
  });

  test("npz: stored and deflated archives are read; ours are read again", () => {
    for (const name of ["stored", "deflated"]) {
      const { points, count } = io.loadNpz(join(golden, `${name}.npz`));
      assert.deepEqual([seen(points), seen(count)], [seen(grid), seen(as("int32", 7))]);
    }
    for (const compress of [false, true]) {
      const path = join(folder, "data.npz");
      io.saveNpz(path, { points: [[1, 2]], "größe/α": 3, rows: new Int32Array([1]) }, { compress });
      const read = io.loadNpz(path);
      assert.deepEqual(Object.keys(read), ["points", "größe/α", "rows"]);
      assert.deepEqual(seen(read["points"]), ["float64", [1, 2], [1, 2]]);
      assert.deepEqual(seen(read["größe/α"]), ["float64", [], [3]]);
      assert.deepEqual(seen(read["rows"]), ["int32", [1], [1]]);
    }
  });
});

describe("mistakes", () => {
  /** A file with these bytes. */
  function file(name: string, bytes: string | Uint8Array): string {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return path;
  }

  function safetensors(header: string, body = ""): Buffer {
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(Buffer.byteLength(header)));
    return Buffer.concat([length, Buffer.from(header + body)]);
  }

  const wayOut = "write one with io.saveVariables, or with safetensors in Python";
  const npz = readFileSync(join(golden, "deflated.npz"));
  const npy = readFileSync(join(golden, "float64.npy"));
  const damaged = Buffer.from(npz);
  damaged[120] ^= 0xff;
  const safe: readonly [string, string | Uint8Array, string][] = [
    ["short", "abc", `is no safetensors file: it has 3 bytes; ${wayOut}`],
    [
      "text",
      "a text that is longer",
      `is no safetensors file: its header would be longer than the file; ${wayOut}`,
    ],
    ["nojson", safetensors("{]"), `is no safetensors file: its header is no JSON; ${wayOut}`],
    ["list", safetensors("[]"), `is no safetensors file: its header is no JSON object; ${wayOut}`],
    [
      "bare",
      safetensors('{"x":1}'),
      `is no safetensors file: its tensor x has no dtype, shape and data_offsets; ${wayOut}`,
    ],
    [
      "type",
      safetensors('{"x":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}}', "1"),
      `is no safetensors file: its tensor x has the type F8_E4M3, which is none of F64, F32, F16, BF16, I64, U64, I32, U32, I16, U16, I8, U8, BOOL; ${wayOut}`,
    ],
    [
      "cut",
      safetensors('{"x":{"dtype":"F64","shape":[2],"data_offsets":[0,16]}}', "12345678"),
      `is no safetensors file: its tensor x lies outside of the file; it may have been cut off; ${wayOut}`,
    ],
  ];
  for (const [name, bytes, message] of safe) {
    test(`a safetensors file that ${message.slice(3, 60)}`, () => {
      const path = file(`${name}.safetensors`, bytes);
      const wanted = { message: `io.loadSafetensors: ${path} ${message}` };
      assert.throws(() => io.loadSafetensors(path), wanted);
    });
  }

  const arrays: readonly [string, Uint8Array, string][] = [
    [
      "no.npy",
      npz,
      "is no .npy file that can be read: it does not begin as one; write one with io.saveNpy, or with numpy.save",
    ],
    [
      "cut.npy",
      npy.subarray(0, 140),
      "is no .npy file that can be read: its 6 numbers take 48 bytes, and it has 12; it may have been cut off",
    ],
    [
      "complex.npy",
      readFileSync(join(golden, "complex.npy")),
      'is no .npy file that can be read: its numbers are <c16; store floats, integers or booleans: x.astype("float64")',
    ],
    [
      "records.npy",
      readFileSync(join(golden, "records.npy")),
      "is no .npy file that can be read: its numbers are records; store one array for each field",
    ],
  ];
  for (const [name, bytes, message] of arrays) {
    test(`${name} ${message.slice(0, 70)}`, () => {
      const path = file(name, bytes);
      assert.throws(() => io.loadNpy(path), { message: `io.loadNpy: ${path} ${message}` });
    });
  }

  const archives: readonly [string, Uint8Array, string][] = [
    [
      "no.npz",
      npy,
      "is no .npz file: it is no ZIP archive; write one with io.saveNpz, or with numpy.savez",
    ],
    [
      "damaged.npz",
      damaged,
      "is damaged or was cut off: its contents do not agree with its list of them; write it anew",
    ],
    [
      "cut.npz",
      npz.subarray(50),
      "is damaged or was cut off: its contents do not agree with its list of them; write it anew",
    ],
  ];
  for (const [name, bytes, message] of archives) {
    test(`${name} ${message}`, () => {
      const path = file(name, bytes);
      assert.throws(() => io.loadNpz(path), { message: `io.loadNpz: ${path} ${message}` });
    });
  }

  test("files that cannot be read or written", () => {
    const none = join(folder, "none.npy");
    const place = `the path counts from ${process.cwd()}`;
    assert.throws(() => io.loadNpy(none), {
      message: `io.loadNpy: ${none} cannot be read: there is no such file; ${place}`,
    });
    assert.throws(() => io.loadNpy(folder), {
      message: `io.loadNpy: ${folder} cannot be read: it is a folder; ${place}`,
    });
    const deep = join(folder, "none", "x.npy");
    assert.throws(() => io.saveNpy(deep, 1), {
      message: `io.saveNpy: ${deep} cannot be written: there is no such folder; ${place}`,
    });
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.endsWith(".part")),
      [],
    );
  });

  test("values that are no tensors, and numbers that ours cannot hold", () => {
    const path = join(folder, "x.npz");
    assert.throws(() => io.saveNpz(path, [1] as never), {
      message:
        'io.saveNpz: got an array of 1; wanted tensors by name: io.saveNpz("data.npz", { points, labels })',
    });
    assert.throws(() => io.saveNpz(path, { x: "1" as never }), {
      message:
        'io.saveNpz: x: got the text "1"; wanted a number, nested arrays of numbers, a typed array or a Tensor',
    });
    assert.throws(() => io.loadSafetensors(join(golden, "huge.safetensors")), {
      message: "the whole number 9007199254740992 is beyond 2⁵³, which is as far as ours are exact",
    });
  });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { DISPLAY } from "../../../lib/core/mime.ts";
import { Tensor, tensor } from "../../../lib/core/tensor.ts";

test("numbers, nested arrays, typed arrays and data with a shape read as tensors", () => {
  assert.deepEqual(tensor(3).shape, []);
  assert.deepEqual(tensor([[1, 2, 3]]).shape, [1, 3]);
  assert.deepEqual(tensor([]).shape, [0]);
  assert.deepEqual(tensor([[], []]).shape, [2, 0]);
  assert.deepEqual(tensor(new Float32Array([1, 2])).dtype, "float32");
  assert.deepEqual(tensor({ data: [1, 2, 3, 4], shape: [2, 2] }).toArray(), [
    [1, 2],
    [3, 4],
  ]);
  assert.deepEqual(tensor([1, 2, 3, 4], { shape: [2, 2] }).at(1, 0), 3);
  assert.deepEqual(tensor([0, 2], { dtype: "bool" }).toArray(), [0, 1]);
  assert.deepEqual(tensor(new Uint8Array([0, 1])).dtype, "bool");
  assert.deepEqual(tensor(new Uint8Array([0, 255]), { dtype: "float64" }).toArray(), [0, 255]);
  assert.deepEqual(tensor(new Uint8Array([0, 255]), { dtype: "bool" }).toArray(), [0, 1]);
});

test("rows may be typed arrays and tensors, and a tensor of one number is a number", () => {
  const rows = [tensor([1, 2]), new Float32Array([3, 4]), [5, tensor(6)]];
  assert.deepEqual(tensor(rows).toArray(), [
    [1, 2],
    [3, 4],
    [5, 6],
  ]);
  assert.deepEqual(tensor([tensor(1), tensor(2)]).shape, [2]);
  assert.throws(() => tensor([tensor([1, 2]), tensor([3])]), /ragged: found a row of 1/);
});

test("a tensor is made of a copy of the numbers it is given", () => {
  const numbers = new Float64Array([1, 2]);
  const made = tensor(numbers);
  numbers[0] = 9;
  assert.equal(made.at(0), 1);
});

test("what does not read as a tensor is named", () => {
  assert.throws(() => tensor([[1, 2], [3]]), /ragged: found a row of 1 where the first row has 2/);
  assert.throws(() => tensor([[1], 2]), /ragged: found number 2 where/);
  assert.throws(() => tensor([[1], [[2]]] as never), /hold an array of 1 where a number/);
  assert.throws(() => tensor("12" as never), /got the text "12"; wanted a number, nested arrays/);
  assert.throws(() => tensor(null as never), /got null/);
  assert.throws(
    () => tensor(new BigInt64Array(2) as never),
    /got a BigInt64Array; wanted a number/,
  );
  assert.throws(
    () => tensor([1, 2, 3], { shape: [2, 2] }),
    /shape \[2, 2\] holds 4 numbers, data has 3/,
  );
});

test("a scalar is a number wherever a number is wanted", () => {
  const loss = tensor(0.5);
  assert.equal(+loss, 0.5);
  assert.equal(Number(loss) * 2, 1);
  assert.equal(`J = ${String(loss)}`, "J = 0.5");
  assert.equal(loss.toArray(), 0.5);
  assert.equal(tensor([[7]]).item(), 7);
});

test("a tensor of several numbers is no number", () => {
  assert.throws(() => tensor([1, 2]).item(), /shape \[2\] is not one number; use toArray/);
  assert.throws(() => +tensor([1, 2]), /is not one number/);
});

test("at takes an index per axis, from either end", () => {
  const x = tensor([
    [1, 2],
    [3, 4],
  ]);
  assert.equal(x.at(0, 1), 2);
  assert.equal(x.at(-1, -1), 4);
  assert.throws(() => x.at(2, 0), /index \[2, 0\] is outside of shape \[2, 2\]/);
  assert.throws(() => x.at(0), /takes 2 indices, got 1/);
});

test("map, zip and reshape make new tensors", () => {
  const x = tensor([1, 2, 3, 4]);
  assert.deepEqual(x.map((v) => v * v).toArray(), [1, 4, 9, 16]);
  assert.deepEqual(x.zip(x, (a, b) => a + b).toArray(), [2, 4, 6, 8]);
  assert.deepEqual(x.zip(10, (a, b) => a * b).toArray(), [10, 20, 30, 40]);
  assert.deepEqual(x.reshape([2, 2]).toArray(), [
    [1, 2],
    [3, 4],
  ]);
  assert.deepEqual(x.reshape([-1, 2]).shape, [2, 2]);
  assert.throws(
    () => x.reshape([3, -1]),
    /reshape: x \[4\] has 4 numbers, which do not divide into \[3, -1\]/,
  );
  assert.throws(() => x.reshape([-1, -1]), /has -1 twice/);
  assert.throws(() => x.reshape([3]), /reshape: x \[4\] has 4 numbers, \[3\] holds 3/);
  assert.throws(() => x.zip(tensor([1]), (a) => a), /zip: shapes \[4\] and \[1\] differ/);
  assert.deepEqual(x.toArray(), [1, 2, 3, 4]);
});

test("booleans are bool; booleans among numbers are numbers", () => {
  assert.equal(tensor([[true], [false]]).dtype, "bool");
  assert.equal(tensor(true).dtype, "bool");
  assert.equal(tensor([true, 2]).dtype, "float64");
  assert.equal(tensor([]).dtype, "float64");
  assert.equal(tensor([true], { dtype: "float32" }).dtype, "float32");
});

test("map keeps the type, and throws where it cannot", () => {
  const ints = tensor([1, 2], { dtype: "int32" });
  assert.equal(String(ints.map((x) => 2 * x)), "[2 4]");
  assert.throws(
    () => ints.map((x) => x / 2),
    /map: 0.5 is no int32; make floats first: tensor\(x, /,
  );
  assert.throws(() => tensor([true]).map((x) => x + 1), /map: 2 is no bool/);
  assert.ok(
    Number.isNaN(
      tensor([1])
        .map(() => NaN)
        .item(),
    ),
  );
});

test("a tensor gives its parts along the first axis", () => {
  const [first, second] = tensor([
    [1, 2],
    [3, 4],
  ]);
  assert.deepEqual([first.toArray(), second.shape], [[1, 2], [2]]);
  assert.deepEqual(Array.from(tensor([5, 6]), Number), [5, 6]);
  assert.deepEqual([...tensor([[], []])].length, 2);
  assert.throws(() => [...tensor(1)], /a scalar has no parts to iterate over; item\(\) gives/);
});

test("nested arrays come back as they went in", () => {
  const cube = [
    [
      [1, 2],
      [3, 4],
    ],
    [
      [5, 6],
      [7, 8],
    ],
  ];
  assert.deepEqual(tensor(cube).toArray(), cube);
  assert.deepEqual(JSON.parse(JSON.stringify({ W: tensor(cube) })), { W: cube });
  assert.deepEqual(tensor([[], []]).toArray(), [[], []]);
});

test("a tensor prints as NumPy's, in the console too", () => {
  assert.equal(
    String(
      tensor([
        [1, 0],
        [0, -1],
      ]),
    ),
    "[[ 1.  0.]\n [ 0. -1.]]",
  );
  assert.equal(inspect(tensor([0.5])), "[0.5]");
  assert.equal(String(tensor([0.1], { dtype: "float32" })), "[0.1]");
  assert.equal(String(tensor([0, -0])), "[ 0. -0.]");
  assert.equal(String(tensor([1.5, -0, 1e300])), "[ 1.5e+000 -0.0e+000  1.0e+300]");
  assert.equal(String(tensor([-0, 1e16])), "[-0.e+00  1.e+16]");
  const large = tensor([1610095.75, 2], { dtype: "float32" });
  assert.equal(String(large), "[1.6100958e+06 2.0000000e+00]");
  assert.equal(String(tensor([100000, 200], { dtype: "float32" })), "[100000.    200.]");
  assert.equal(String(tensor([true, false], { dtype: "bool" })), "[ true false]");
  assert.equal(String(tensor([3, -10], { dtype: "int32" })), "[  3 -10]");
});

test("a tensor shows as a table, negative numbers in another colour", () => {
  const bundle = tensor([[1, -2]])[DISPLAY]();
  assert.equal(bundle["text/plain"], "[[ 1. -2.]]");
  const html = String(bundle["text/html"]);
  assert.match(html, /<table.*<td[^>]*rgba\(52[^>]*>1\.<\/td><td[^>]*rgba\(214[^>]*>-2\.<\/td>/);
  assert.equal(tensor(1)[DISPLAY]()["text/html"], undefined);
});

test("a large tensor shows the first rows and columns, and says so", () => {
  const html = String(new Tensor(new Float64Array(10_000), [100, 100])[DISPLAY]()["text/html"]);
  assert.match(html, /88 more rows/);
  assert.match(
    html,
    /<table[^>]*white-space:nowrap/,
    "in JupyterLab numbers would break at their signs",
  );
  assert.ok(html.length < 20_000);
});

test("misuse does not compile", () => {
  // @ts-expect-error a tensor's fields cannot be replaced
  assert.doesNotThrow(() => (tensor(1).shape = [2]));
  // @ts-expect-error text is no number
  assert.throws(() => tensor(["1"]), TypeError);
});

const tables: readonly [of: string, numbers: number[], words: string][] = [
  ["whole numbers", [1, 20, -3], "1. 20. -3."],
  ["numbers of a size", [1.5, -0.25], "1.5 -0.25"],
  ["one tiny number among others", [1.23456789, -20.5, 1.7e-5, 0], "1.2346 -20.5000 1.7e-5 0.0000"],
  ["what is not finite", [1.5, 1e-7, NaN, -Infinity], "1.50000 1.0e-7 nan -inf"],
  ["huge numbers", [1e12, 1.5], "1.0e+12 1.5e+00"],
  ["tiny numbers", [2e-7, 3e-9], "2.e-07 3.e-09"],
];
for (const [of, numbers, words] of tables) {
  test(`in a table of ${of} as few as possible have an exponent`, () => {
    const html = String(tensor(numbers)[DISPLAY]()["text/html"]);
    const shown = [...html.matchAll(/<td[^>]*>([^<]*)/g)].map(([, word]) => word);
    assert.equal(shown.join(" "), words);
  });
}

/** Long sums in float32 do not drift: each number is rounded once, not once for every number that is added to it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  Graph,
  matmul,
  reduceMean,
  reduceSum,
  Session,
  Tensor,
  transpose,
  Variable,
  type Node,
} from "../../../lib/index.ts";

const LENGTH = 1_000_000;
const TENTH = Math.fround(0.1);

function filled(...shape: number[]): Variable {
  const size = shape.reduce((product, length) => product * length, 1);
  return new Variable(new Tensor(new Float32Array(size).fill(TENTH), shape));
}

const sums: Readonly<Record<string, () => readonly [Node, number]>> = {
  "of all": () => [reduceSum(filled(LENGTH)), LENGTH * TENTH],
  "of columns": () => [reduceSum(filled(LENGTH, 3), { axis: 0 }), LENGTH * TENTH],
  "of many columns": () => [reduceSum(filled(LENGTH / 10, 40), { axis: 0 }), (LENGTH / 10) * TENTH],
  "for a mean": () => [reduceMean(filled(LENGTH)), TENTH],
  "of a product of vectors": () => [matmul(filled(LENGTH), filled(LENGTH)), LENGTH * TENTH ** 2],
  "of a matrix and a vector": () => [
    matmul(filled(8, LENGTH), filled(LENGTH)),
    LENGTH * TENTH ** 2,
  ],
  "of two matrices": () => [
    matmul(transpose(filled(LENGTH / 4, 6)), filled(LENGTH / 4, 5)),
    (LENGTH / 4) * TENTH ** 2,
  ],
};

for (const backend of ["javascript", "wasm"] as const) {
  for (const [name, make] of Object.entries(sums)) {
    test(`a long sum ${name} is near the last bit (${backend})`, () => {
      new Graph({ dtype: "float32" }).asDefault();
      const [node, wanted] = make();
      const { data } = new Session({ backend }).run(node);
      for (const x of data) assert.ok(Math.abs(x / wanted - 1) < 2e-5, `${x}, not ${wanted}`);
    });
  }
}

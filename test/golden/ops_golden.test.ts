/** Values and gradients of every op as PyTorch and NumPy have them, in both float types. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import type { Dtype } from "../../lib/core/dtype.ts";
import * as gradbook from "../../lib/index.ts";
import { Tensor, type Node } from "../../lib/index.ts";
import { allCompositions, allOps } from "../laws/samples.ts";

interface Numbers {
  readonly data: (number | string)[];
  readonly shape: number[];
}

interface OpCase {
  readonly op: string;
  readonly attrs: { readonly equation?: string };
  readonly dtypes: Dtype[];
  readonly inputs: Numbers[];
  readonly output: Numbers;
  readonly g?: Numbers;
  readonly gradients?: (Numbers | null)[];
}

function read(name: string): unknown {
  const source = new URL(`../../../test/golden/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(source, "utf8"));
}

const cases = read("ops_golden") as OpCase[];
const older = (read("numpy_golden") as { ops: { op: string }[] }).ops;

function parse({ data, shape }: Numbers): Tensor {
  const numbers = data.map((x) => (x === "inf" ? Infinity : x === "-inf" ? -Infinity : Number(x)));
  return new Tensor(Float64Array.from(numbers), shape);
}

// Another order of summation costs a few roundings; LIBRARY's tolerances.
const rtol = { float64: 1e-12, float32: 1e-5 } as const;

function assertClose(
  got: Tensor,
  wanted: Numbers,
  float: "float64" | "float32",
  what: string,
): void {
  const expected = parse(wanted);
  assert.deepEqual(got.shape, expected.shape, what);
  const scale = Math.max(1e-3, ...expected.data.map((y) => (Number.isFinite(y) ? Math.abs(y) : 0)));
  for (const [i, y] of expected.data.entries()) {
    const x = got.data[i];
    // In float32, numbers that cancel are known to the precision of what cancelled.
    const size = float === "float64" ? Math.max(Math.abs(y), 1e-3) : scale;
    const close = Object.is(x, y) || x === y || Math.abs(x - y) <= rtol[float] * size;
    assert.ok(close, `${what}: number ${i} is ${x}, wanted ${y}`);
  }
}

/** Calls the function of that name as its users do. */
function call(name: string, xs: readonly Node[], { equation, ...attrs }: OpCase["attrs"]): Node {
  const named = gradbook as unknown as Record<string, (...args: readonly unknown[]) => unknown>;
  if (name === "einsum") return named[name](equation, ...xs) as Node;
  if (name === "concat" || name === "stack") return named[name](xs, attrs) as Node;
  const result = named[name](...xs, attrs);
  return name === "topK" ? (result as { values: Node }).values : (result as Node);
}

function compare(golden: OpCase, float: "float64" | "float32"): void {
  new gradbook.Graph({ dtype: float }).asDefault();
  const xs = golden.inputs.map((x, i) => {
    const dtype = golden.dtypes[i];
    return new gradbook.Variable(parse(x), { dtype: dtype === "float64" ? float : dtype });
  });
  const y = call(golden.op, xs, golden.attrs);
  const session = new gradbook.Session();
  assertClose(session.run(y), golden.output, float, "value");
  if (golden.g === undefined) return;
  const moving = xs.filter((_, i) => golden.gradients![i] !== null && !isLabel(golden, i));
  const back = gradbook.computeGradients(y, moving, { gradYs: parse(golden.g) });
  for (const [i, x] of xs.entries()) {
    const wanted = golden.gradients![i];
    const gradient = back.get(x);
    if (wanted === null || gradient === undefined) continue;
    assertClose(session.run(gradient), wanted, float, `gradient ${i}`);
  }
}

/** Labels get no gradient here. */
function isLabel({ op }: OpCase, i: number): boolean {
  return op === "softmaxCrossEntropy" && i === 1;
}

describe("golden values and gradients", () => {
  for (const [i, golden] of cases.entries()) {
    const shapes = golden.inputs.map((x) => `[${x.shape.join(", ")}]`).join(" ");
    test(`${i}: ${golden.op} ${JSON.stringify(golden.attrs)} of ${shapes}`, () => {
      compare(golden, "float64");
      compare(golden, "float32");
    });
  }

  test("every op has a golden, but for adjoints, identities and what is random", () => {
    const covered = new Set([...cases, ...older].map(({ op }) => op));
    const adjoint = /Like$|Into$|Adjoint|^(unpad|untile|carry|windows)$/;
    const identity = new Set(["stopGradient", "print", "check", "countAlong", "dropout"]);
    const left = [...allOps, ...allCompositions]
      .map(({ name }) => name)
      .filter((name) => !covered.has(name) && !adjoint.test(name) && !identity.has(name));
    assert.deepEqual(left, []);
  });
});

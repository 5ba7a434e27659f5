/** Backend law: every backend computes what the reference does, on samples, on empty ones, on extreme numbers. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Shared, type Backend, type Buffer } from "../../lib/backend/backend.ts";
import { reference } from "../../lib/backend/reference.ts";
import { backendNames, selectBackend, type BackendName } from "../../lib/backend/select.ts";
import type { Dtype } from "../../lib/core/dtype.ts";
import type { Shape } from "../../lib/core/shape.ts";
import type { AnyOp } from "../../lib/graph/op.ts";
import { Graph, placeholder, Session, Tensor } from "../../lib/index.ts";
import {
  accepts,
  allCases,
  allComposed,
  apply,
  build,
  dtypesOf,
  inputsOf,
  ruledShape,
  type Case,
} from "./samples.ts";

// Only one sign of the huge ones: 1e300 + 1 − 1e300 is 0 or 1, depending on the order of the sum.
const extremes = [NaN, Infinity, -Infinity, 0, -0, 1e300, -1e-300, 1e-300, 745, -745];

/** A case with every size but 1 replaced; axes that meet still fit, since all become equal. */
function resized(law: Case<AnyOp>, size: number): Case<AnyOp> {
  return { ...law, shapes: law.shapes.map((shape) => shape.map((old) => (old === 1 ? 1 : size))) };
}

/** What came out: numbers, or the message of an error. */
function outcome(
  backend: Backend,
  law: Case<AnyOp>,
  inputs: readonly Buffer[],
  shape: Shape,
): Buffer | string {
  try {
    return compute(backend, law, inputs, shape);
  } catch (error) {
    return (error as Error).message;
  }
}

function compute(
  backend: Backend,
  law: Case<AnyOp>,
  inputs: readonly Buffer[],
  shape: Shape,
): Buffer {
  const dtype = law.op.dtype(
    inputs.map((x) => x.dtype),
    law.attrs,
  );
  const out = backend.alloc(shape, dtype);
  const step = law.op.kernel!(backend, inputs, out, law.attrs, new Shared());
  step();
  step();
  return out;
}

/** One session for all: each has a memory of its own. */
const compiling = new Session({ backend: "wasm" });

/** What the op comes to as a compiled plan of one node. */
function compiled(law: Case<AnyOp>, inputs: readonly Buffer[], float: Dtype): Buffer | string {
  new Graph({ dtype: float }).asDefault();
  const xs = inputs.map(({ dtype, shape }) => placeholder({ dtype, shape }));
  const y = apply(law, xs);
  const feeds = xs.map((x, i) => [x, new Tensor(inputs[i].data, inputs[i].shape)] as const);
  try {
    compiling.run(y, feeds);
    return compiling.run(y, feeds);
  } catch (error) {
    return (error as Error).message.replace(/ \(made at .*/, "");
  }
}

// Sums are added up in another order: a few units in the last place, relative to the terms.
const tolerance: Readonly<Record<Dtype, number>> = {
  float64: 1e-13,
  float32: 2e-6,
  int32: 0,
  bool: 0,
};

function assertClose(got: Buffer, wanted: Buffer, message: string): void {
  assert.equal(got.data.length, wanted.data.length, message);
  for (let i = 0; i < got.data.length; i++) {
    const [x, y] = [got.data[i], wanted.data[i]];
    const equal =
      Object.is(x, y) ||
      x === y ||
      Math.abs(x - y) <= tolerance[got.dtype] * Math.max(1, Math.abs(y));
    assert.ok(equal, `${message}: number ${i} is ${x}, reference ${y}`);
  }
}

function compare(
  law: Case<AnyOp>,
  float: Dtype,
  change: (inputs: Buffer[]) => void = () => undefined,
): void {
  const inputs = inputsOf(law, dtypesOf(law, float));
  change(inputs);
  const shape = ruledShape(law.op, law.shapes, law.attrs);
  const wanted = outcome(reference, law, inputs, shape);
  const outcomes = new Map<string, Buffer | string>([["wasm", compiled(law, inputs, float)]]);
  for (const name of backendNames) {
    outcomes.set(name, outcome(selectBackend(name), law, inputs, shape));
  }
  for (const [name, got] of outcomes) {
    const message = `${law.title} on ${name} in ${float}`;
    if (typeof wanted === "string" || typeof got === "string") assert.equal(got, wanted, message);
    else assertClose(got, wanted, message);
  }
}

const computed = allCases.filter(({ op }) => op.kernel !== undefined);

describe("backend law: every backend = reference", () => {
  for (const law of computed) {
    test(law.title, () => {
      compare(law, "float64");
      compare(law, "float32");
    });

    for (const size of [1, 0]) {
      const changed = resized(law, size);
      if (!accepts(changed, changed.shapes)) continue;
      test(`${law.title}, sizes ${size}`, () => compare(changed, "float64"));
    }

    test(`${law.title}, NaN, infinities, huge and tiny numbers`, () => {
      for (const [shift] of extremes.entries()) {
        compare(law, "float64", (inputs) => {
          for (const { data, dtype } of inputs) {
            if (dtype === "bool" || dtype === "int32") continue;
            for (let i = 0; i < data.length; i += 3)
              data[i] = extremes[(i + shift) % extremes.length];
          }
        });
      }
    });
  }

  for (const law of allComposed) {
    test(law.title, () => {
      for (const float of ["float64", "float32"] as const) {
        const sessions = [reference.name, ...backendNames].map(
          (backend) => new Session({ backend: backend as BackendName }),
        );
        const results = [...sessions, compiling].map((session) => {
          const { y, feeds } = build(law, { float });
          return session.run(y, feeds);
        });
        for (const got of results) assertClose(got, results[0], `${law.title} in ${float}`);
      }
    });
  }
});

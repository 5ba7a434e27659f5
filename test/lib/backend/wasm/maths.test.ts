import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Code } from "../../../../lib/backend/wasm/code.ts";
import { engine, type Compile } from "../../../../lib/backend/wasm/engine.ts";
import { fusedHere } from "../../../../lib/backend/told.ts";
import { lanesOf, v128, type Float } from "../../../../lib/backend/wasm/lanes.ts";
import { hasFused } from "../../../../lib/backend/wasm/probe.ts";
import { emitExp, emitLog, emitTanh } from "../../../../lib/backend/wasm/maths.ts";
import { ENVIRONMENT, Module } from "../../../../lib/backend/wasm/module.ts";
import { random } from "../../../../lib/core/random.ts";

const functions = {
  exp: { emit: emitExp, exact: Math.exp },
  log: { emit: emitLog, exact: Math.log },
  tanh: { emit: emitTanh, exact: Math.tanh },
} as const;

const plain: Compile = (bytes) => new engine!.Module(bytes);
/** What compiles a product and a sum as one instruction, if anything does. */
const fusing = hasFused() ? plain : fusedHere();

/** A vector function as a function of an array; fused if it is compiled so. */
function vectorised(name: keyof typeof functions, dtype: Float, compile: Compile | undefined) {
  const lanes = lanesOf(dtype, { fused: compile !== undefined, hoists: false, wide: false });
  const code = new Code("i32", "i32");
  code.loop(
    0,
    () => code.get(1),
    16,
    () => {
      code.get(0).get(0).simdMemory(v128.load);
      functions[name].emit(code, lanes);
      code.simdMemory(v128.store);
    },
  );
  const module = new Module([]);
  module.add(code, "run");
  const memory = new engine!.Memory({ initial: 4, maximum: 4 });
  const bytes = module.bytes({ pages: 1, maximum: 65536, shared: false });
  const compiled = (compile ?? plain)(bytes);
  const { run } = new engine!.Instance(compiled, { [ENVIRONMENT]: { memory } }).exports;
  const Numbers = dtype === "float64" ? Float64Array : Float32Array;
  return (xs: readonly number[]): readonly number[] => {
    const data = new Numbers(memory.buffer, 0, xs.length);
    data.set(xs);
    run(0, data.byteLength);
    return Array.from<number>(data);
  };
}

/** The distance between a float and its neighbour. */
function ulp(x: number, dtype: Float): number {
  const [bits, least] = dtype === "float64" ? [52, 2 ** -1022] : [23, 2 ** -126];
  return 2 ** (Math.floor(Math.log2(Math.max(Math.abs(x), least))) - bits);
}

const ranges: Readonly<
  Record<keyof typeof functions, Readonly<Record<Float, readonly (readonly [number, number])[]>>>
> = {
  exp: {
    float64: [
      [-708, 709],
      [-1, 1],
      [-745, -708],
    ],
    float32: [
      [-87, 88],
      [-1, 1],
    ],
  },
  log: {
    float64: [
      [1e-300, 1e-290],
      [0.5, 2],
      [1, 1e9],
    ],
    float32: [
      [1e-37, 1e-30],
      [0.5, 2],
      [1, 1e9],
    ],
  },
  tanh: {
    float64: [
      [-25, 25],
      [-1e-3, 1e-3],
      [-1, 1],
    ],
    float32: [
      [-12, 12],
      [-1e-3, 1e-3],
      [-1, 1],
    ],
  },
};

// With V8's own functions as the measure, which are within an ulp themselves.
const allowed: Readonly<Record<keyof typeof functions, number>> = { exp: 2, log: 2, tanh: 3.5 };

describe("vector functions", () => {
  for (const compile of fusing ? [undefined, fusing] : [undefined]) {
    for (const dtype of ["float64", "float32"] as const) {
      for (const name of ["exp", "log", "tanh"] as const) {
        test(`${name} in ${dtype}${compile ? ", fused" : ""} is near the last bit`, () => {
          const f = vectorised(name, dtype, compile);
          for (const [low, high] of ranges[name][dtype]) {
            const drawn = Array.from(random(5).uniform([8192], { low, high }).data);
            const xs = dtype === "float32" ? drawn.map(Math.fround) : drawn;
            const worst = f(xs).reduce((most, y, i) => {
              const exact = functions[name].exact(xs[i]);
              return Math.max(most, Math.abs(y - exact) / ulp(exact, dtype));
            }, 0);
            assert.ok(worst <= allowed[name], `${worst} ulps between ${low} and ${high}`);
          }
        });
      }

      test(`zeros, infinities and NaN in ${dtype}${compile ? ", fused" : ""}`, () => {
        const xs = [0, -0, Infinity, -Infinity, NaN, 1000, -1000, -1];
        assert.deepEqual(vectorised("exp", dtype, compile)(xs).slice(0, 7), [
          1,
          1,
          Infinity,
          0,
          NaN,
          Infinity,
          0,
        ]);
        const logs = vectorised("log", dtype, compile)(xs);
        assert.deepEqual(logs.slice(0, 5), [-Infinity, -Infinity, Infinity, NaN, NaN]);
        assert.ok(Number.isNaN(logs[7]));
        assert.deepEqual(vectorised("tanh", dtype, compile)(xs).slice(0, 7), [
          0,
          -0,
          1,
          -1,
          NaN,
          1,
          -1,
        ]);
      });
    }
  }
});

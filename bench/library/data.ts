/** Seeded numbers, made once and shared as files by all peers, whatever their language. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { random, type Tensor } from "../../lib/index.ts";
import type { Arrays, Float, Numbers } from "./task.ts";

interface Entry {
  readonly file: string;
  readonly dtype: Float;
  readonly shape: readonly number[];
}

/** A tensor's numbers in `dtype`. */
export function numbers({ data, shape }: Tensor, dtype: Float): Numbers {
  return {
    shape,
    data: dtype === "float64" ? Float64Array.from(data) : Float32Array.from(data),
  };
}

/** The start values of a net: `draw` makes the weights of layer i, biases are 0. */
export function startValues(
  sizes: readonly number[],
  dtype: Float,
  draw: (layer: number, shape: readonly [number, number]) => Tensor,
): Arrays {
  const arrays: Record<string, Numbers> = {};
  for (let i = 0; i + 1 < sizes.length; i++) {
    const [rows, columns] = [sizes[i], sizes[i + 1]];
    arrays[`W${i}`] = numbers(draw(i, [rows, columns]), dtype);
    const zeros = dtype === "float64" ? new Float64Array(columns) : new Float32Array(columns);
    arrays[`b${i}`] = { shape: [columns], data: zeros };
  }
  return arrays;
}

/** Inputs uniform in [0, 1) and random one-hot labels. */
export function randomBatch(
  seed: number,
  { batch, inputs, classes }: { batch: number; inputs: number; classes: number },
): Arrays {
  const stream = random(seed);
  const points = numbers(stream.uniform([batch, inputs]), "float32");
  const labels = new Float32Array(batch * classes);
  const draws = stream.uniform([batch]).data;
  for (let i = 0; i < batch; i++) labels[i * classes + Math.floor(draws[i] * classes)] = 1;
  return { points, labels: { shape: [batch, classes], data: labels } };
}

/** Writes arrays as little-endian files beside a manifest; the folder holds nothing else. */
export function writeArrays(folder: string, arrays: Arrays): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const manifest: Record<string, Entry> = {};
  for (const [name, { data, shape }] of Object.entries(arrays)) {
    const file = `${name}.bin`;
    writeFileSync(join(folder, file), data);
    const dtype = data instanceof Float64Array ? "float64" : "float32";
    manifest[name] = { file, dtype, shape };
  }
  writeFileSync(join(folder, "arrays.json"), JSON.stringify(manifest));
}

/** What `writeArrays` wrote. */
export function readArrays(folder: string): Arrays {
  const text = readFileSync(join(folder, "arrays.json"), "utf8");
  const manifest = Object.entries(JSON.parse(text) as Record<string, Entry>);
  return Object.fromEntries(
    manifest.map(([name, { file, dtype, shape }]) => {
      const bytes = new Uint8Array(readFileSync(join(folder, file)));
      const kind = dtype === "float64" ? Float64Array : Float32Array;
      return [name, { shape, data: new kind(bytes.buffer) }];
    }),
  );
}

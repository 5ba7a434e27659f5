/** Handwritten digits, shipped with the library. */
import { inflateRawSync } from "node:zlib";
import { Tensor } from "../core/tensor.ts";
import { deflatedDigits } from "./digits_data.ts";

/** Images with their digits. */
export interface DigitSet {
  /** [1797, 64]: rows of 8 × 8 pixels, from 0, white, to 1, black. */
  readonly points: Tensor;
  /** [1797, 10], a 1 in the column of each image's digit. */
  readonly labels: Tensor;
  /** [1797], int32: the digits themselves. */
  readonly digits: Tensor;
}

const COUNT = 1797;
const PIXELS = 64;

/**
 * 1797 handwritten digits, 8 × 8 pixels each, of 13 people: the test set of the UCI data set Optical Recognition of Handwritten
 * Digits, by E. Alpaydin and C. Kaynak (1998), under the Creative Commons Attribution 4.0 licence.
 */
export function digits(): DigitSet {
  const bytes = inflateRawSync(Buffer.from(deflatedDigits, "base64"));
  const points = Float64Array.from(bytes.subarray(0, COUNT * PIXELS), (pixel) => pixel / 16);
  const numbers = Int32Array.from(bytes.subarray(COUNT * PIXELS));
  const labels = new Float64Array(COUNT * 10);
  for (const [i, digit] of numbers.entries()) labels[i * 10 + digit] = 1;
  return {
    points: new Tensor(points, [COUNT, PIXELS]),
    labels: new Tensor(labels, [COUNT, 10]),
    digits: new Tensor(numbers, [COUNT]),
  };
}

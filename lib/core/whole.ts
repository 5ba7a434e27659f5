/** Fractions where whole numbers are wanted: 0.5 is a mistake there, and not 0. */
import { parseTensor, type Tensor, type TensorLike } from "./tensor.ts";

/** The first number of what was given that its int32 tensor has cut; undefined where none was. */
export function firstCut(given: TensorLike, { data }: Tensor): number | undefined {
  const whole = parseTensor("a whole number", given, "float64").data;
  return whole.find((value, i) => value !== data[i]);
}

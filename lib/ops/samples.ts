/** Samples that several ops share. */
import type { Sample } from "../graph/op.ts";

/** For ops of one input. */
export const unary: readonly Sample[] = [{ shapes: [[3, 2]] }, { shapes: [[]] }];

/** For ops of two inputs that broadcast. */
export const binary: readonly Sample[] = [
  {
    shapes: [
      [3, 2],
      [3, 2],
    ],
  },
  { shapes: [[3, 2], [2]] },
  {
    shapes: [
      [3, 1],
      [1, 4],
    ],
  },
  { shapes: [[], [3]] },
];

/** A domain without 0. */
export const positive = [0.5, 2] as const;

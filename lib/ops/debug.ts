/** Identity nodes that look at the value passing through; they act when their output is used. */
import { input } from "../core/scalar.ts";
import { show } from "../core/shape.ts";
import { Tensor } from "../core/tensor.ts";
import { GraphError } from "../graph/node.ts";
import { op, type Op } from "../graph/op.ts";
import type { NoAttrs } from "../graph/op.ts";
import type { SameShape } from "../graph/shaped.ts";

/** Where printed values go, and what they are called there. */
export interface PrintOptions {
  readonly label?: string;
  /** By default the console. */
  readonly write?: (text: string) => void;
}

/** x itself, printed in every run that uses it. Shape and dtype stay. */
export const print: Op<["x"], PrintOptions> = op({
  name: "print",
  inputs: ["x"],
  doc: "x itself, printed in every run that uses it.",
  attrs: ["label", "write"],
  dtype: ([x]) => x,
  kernel: (backend, [x], out, { label = "print", write = console.log }) => {
    const copy = backend.map(input(0), [x], out);
    return () => {
      copy();
      write(`${label}: ${new Tensor(out.data.slice(), out.shape).toString()}`);
    };
  },
  vjp: (_, g) => [g],
  stateful: true,
  samples: [{ shapes: [[3]], attrs: { write: (text) => text } }],
});

/** x itself; a run that uses it throws if a number in it is NaN or infinite. Shape and dtype stay. */
export const check: Op<["x"], NoAttrs, SameShape> = op({
  name: "check",
  inputs: ["x"],
  doc: "x itself; a run that uses it throws if a number in it is NaN or infinite.",
  kernel: (backend, [x], out) => {
    const copy = backend.map(input(0), [x], out);
    return () => {
      copy();
      const index = out.data.findIndex((value) => !Number.isFinite(value));
      if (index < 0) return;
      throw new GraphError(
        `check: number ${index} of x ${show(out.shape)} is ${out.data[index]}; wanted finite ones; ` +
          `run(…, { checkNumerics: true }) names the node that made it first`,
      );
    };
  },
  vjp: (_, g) => [g],
  stateful: true,
  samples: [{ shapes: [[3]] }],
});

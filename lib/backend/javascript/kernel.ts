/** Kernels of a compiled plan that are computed in JavaScript. */
import type { Backend, Buffer, Step } from "../backend.ts";
import type { Kernel, MapInstruction, SlotView } from "../program.ts";
import { merge } from "./loops.ts";
import { sequence } from "../backend.ts";
import { stridesOf } from "../../core/shape.ts";
import { withArguments, type LoopCache } from "./map.ts";

/** Gives the memory of a slot, under a shape. */
export type BufferOf = (view: SlotView) => Buffer;

/** Binds a kernel to its memory. */
export function bindKernel(
  { backend, loops }: { readonly backend: Backend; readonly loops: LoopCache },
  kernel: Kernel,
  buffer: BufferOf,
): Step {
  switch (kernel.kind) {
    case "map":
      return sequence(...kernel.body.map((one) => bindInstruction(loops, one, buffer)));
    case "reduce": {
      const { before, length, after, reduction } = kernel;
      const x = buffer({ slot: kernel.x, shape: [before, length, after] });
      const out = buffer({ slot: kernel.out, shape: [before, after] });
      return backend.reduce(reduction, x, out, [1]);
    }
    case "gemm": {
      const [a, b, out] = [kernel.a, kernel.b, kernel.out].map((slot) =>
        buffer({ slot, shape: [slot.size] }),
      );
      return backend.gemm(a, b, out, kernel.layout);
    }
    case "call":
      return kernel.bind(backend, buffer);
    default:
      throw kernel satisfies never;
  }
}

function bindInstruction(loops: LoopCache, one: MapInstruction, buffer: BufferOf): Step {
  const { shape, inputs, out, expression } = one;
  const slots = [...inputs.map((x) => x.slot), out];
  const strides = [...inputs.map((x) => x.strides), stridesOf(shape)];
  const nest = merge({ sizes: shape, strides });
  const dtypes = slots.map((slot) => slot.dtype).join();
  const loop = loops.get(expression, nest, dtypes);
  const buffers = slots.map((slot) => buffer({ slot, shape: [slot.size] }));
  return withArguments(loop, nest.sizes, nest.strides.flat(), buffers);
}

/** Elementwise expressions, compiled to loops that V8 turns into machine code. */
import type { Data } from "../../core/dtype.ts";
import type { Scalar } from "../../core/scalar.ts";
import type { Buffer, Step } from "../backend.ts";
import { broadcastNest, type Nest } from "./loops.ts";
import { layoutOf, loopSource } from "./source.ts";

type Loop = (data: readonly Data[], sizes: readonly number[], strides: readonly number[]) => void;

/** Loops that were compiled before, so that equal ones are compiled, and warmed up, once. */
export class LoopCache {
  /** By expression and layout: the quick way, for expressions that live as long as their op. */
  readonly #byLayout = new WeakMap<Scalar, Map<string, Loop>>();
  readonly #bySource = new Map<string, Loop>();

  /** The loop for an expression over operands of these layouts and dtypes. */
  get(expression: Scalar, nest: Nest, dtypes: string): Loop {
    const layout = `${dtypes} ${layoutOf(nest)}`;
    const known = this.#byLayout.get(expression) ?? new Map<string, Loop>();
    const loop = known.get(layout) ?? this.#compile(loopSource(expression, nest), dtypes);
    this.#byLayout.set(expression, known.set(layout, loop));
    return loop;
  }

  #compile(source: string, dtypes: string): Loop {
    // One copy per combination of dtypes keeps each loop's array accesses monomorphic.
    const key = `${dtypes}\n${source}`;
    const found = this.#bySource.get(key);
    if (found !== undefined) return found;
    // The source holds words of the scalar language, numbers and loop counters, nothing from outside.
    // oxlint-disable-next-line typescript/no-implied-eval -- generated code is this backend's way to fuse an expression
    const loop = new Function("data", "sizes", "strides", source) as Loop;
    this.#bySource.set(key, loop);
    return loop;
  }
}

/** Binds an elementwise expression to its buffers. */
export function bindMap(
  cache: LoopCache,
  expression: Scalar,
  inputs: readonly Buffer[],
  out: Buffer,
): Step {
  const shapes = inputs.map((x) => x.shape);
  const nest = broadcastNest([...shapes, out.shape], out.shape);
  const buffers = [...inputs, out];
  const loop = cache.get(expression, nest, buffers.map((x) => x.dtype).join());
  const data: Data[] = buffers.map((x) => x.data);
  const strides = nest.strides.flat();
  return () => {
    for (let i = 0; i < buffers.length; i++) data[i] = buffers[i].data;
    loop(data, nest.sizes, strides);
  };
}

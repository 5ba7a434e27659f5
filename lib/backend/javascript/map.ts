/** Elementwise expressions, compiled to loops that V8 turns into machine code. */
import type { Data, Dtype } from "../../core/dtype.ts";
import type { Scalar } from "../../core/scalar.ts";
import { sameShape, type Shape } from "../../core/shape.ts";
import type { Buffer, Step } from "../backend.ts";
import { broadcastNest, type Nest } from "./loops.ts";
import { arrayName, layoutOf, loopSource } from "./source.ts";

/** Arrays are arguments: read out of an array of arrays, they are several times slower. */
type Loop = (sizes: readonly number[], strides: readonly number[], ...data: Data[]) => void;

/** A loop with what it is told about shapes, and the buffers that it is for. */
interface Laid {
  readonly shapes: readonly Shape[];
  readonly dtypes: readonly Dtype[];
  readonly loop: Loop;
  readonly sizes: readonly number[];
  readonly strides: readonly number[];
}

/** Loops that were compiled before, so that equal ones are compiled, and warmed up, once. */
export class LoopCache {
  /** By expression and layout: the quick way, for expressions that live as long as their op. */
  readonly #byLayout = new WeakMap<Scalar, Map<string, Loop>>();
  readonly #bySource = new Map<string, Loop>();
  /** By expression, shapes and dtypes: a graph has few of them, and many nodes of each. */
  readonly #byShapes = new WeakMap<Scalar, { last: Laid; readonly all: Map<string, Laid> }>();

  /** The loop for an expression over buffers like these, the last of which is the output. */
  laid(expression: Scalar, buffers: readonly Buffer[]): Laid {
    const known = this.#byShapes.get(expression);
    // Of a long chain, most are like the one before; a key takes as long as the rest of its binding.
    if (known !== undefined && isFor(known.last, buffers)) return known.last;
    let key = "";
    for (const { dtype, shape } of buffers) key += `${dtype} ${shape.join()};`;
    const laid = known?.all.get(key) ?? this.#lay(expression, buffers);
    if (known === undefined) {
      this.#byShapes.set(expression, { last: laid, all: new Map([[key, laid]]) });
    } else {
      known.last = laid;
      known.all.set(key, laid);
    }
    return laid;
  }

  #lay(expression: Scalar, buffers: readonly Buffer[]): Laid {
    const shapes = buffers.map((x) => x.shape);
    const nest = broadcastNest(shapes, shapes.at(-1)!);
    const loop = this.get(expression, nest, buffers.map((x) => x.dtype).join());
    const dtypes = buffers.map((x) => x.dtype);
    return { shapes, dtypes, loop, sizes: nest.sizes, strides: nest.strides.flat() };
  }

  /** The loop for an expression over operands of these layouts and dtypes. */
  get(expression: Scalar, nest: Nest, dtypes: string): Loop {
    const layout = `${dtypes} ${layoutOf(nest)}`;
    const known = this.#byLayout.get(expression) ?? new Map<string, Loop>();
    const loop = known.get(layout) ?? this.#compile(expression, nest, dtypes);
    this.#byLayout.set(expression, known.set(layout, loop));
    return loop;
  }

  #compile(expression: Scalar, nest: Nest, dtypes: string): Loop {
    const source = loopSource(expression, nest);
    // One copy per combination of dtypes keeps each loop's array accesses monomorphic.
    const key = `${dtypes}\n${source}`;
    const found = this.#bySource.get(key);
    if (found !== undefined) return found;
    const arrays = nest.strides.map((_, i) => arrayName(i, nest.strides.length));
    // The source holds words of the scalar language, numbers and loop counters, nothing from outside.
    // oxlint-disable-next-line typescript/no-implied-eval -- generated code is this backend's way to fuse an expression
    const loop = new Function("sizes", "strides", ...arrays, source) as Loop;
    this.#bySource.set(key, loop);
    return loop;
  }
}

function isFor({ shapes, dtypes }: Laid, buffers: readonly Buffer[]): boolean {
  if (buffers.length !== shapes.length) return false;
  for (let i = 0; i < buffers.length; i++) {
    const { shape, dtype } = buffers[i];
    if (dtype !== dtypes[i] || !sameShape(shape, shapes[i])) return false;
  }
  return true;
}

/** Binds an elementwise expression to its buffers. */
export function bindMap(
  cache: LoopCache,
  expression: Scalar,
  inputs: readonly Buffer[],
  out: Buffer,
): Step {
  const buffers = [...inputs, out];
  const { loop, sizes, strides } = cache.laid(expression, buffers);
  return withArguments(loop, sizes, strides, buffers);
}

/** Binds a loop over buffers, the last of which is the output. */
export function withArguments(
  loop: Loop,
  sizes: readonly number[],
  strides: readonly number[],
  buffers: readonly Buffer[],
): Step {
  const [a, b, c] = buffers;
  switch (buffers.length) {
    case 2:
      return () => loop(sizes, strides, a.data, b.data);
    case 3:
      return () => loop(sizes, strides, a.data, b.data, c.data);
    default:
      return () => loop(sizes, strides, ...buffers.map((x) => x.data));
  }
}

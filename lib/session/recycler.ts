/** Memory of values that nobody reads any more, for the next of their size. */
import type { Backend, Buffer } from "../backend/backend.ts";
import type { Data, Dtype } from "../core/dtype.ts";
import { sizeOf, type Shape } from "../core/shape.ts";

/** Gives out buffers, and takes those back that it gave out. */
export class Recycler implements Pick<Backend, "alloc"> {
  readonly #backend: Backend;
  readonly #given = new Set<Data>();
  readonly #free = new Map<Dtype, Map<number, Data[]>>();

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** A zeroed buffer. */
  alloc(shape: Shape, dtype: Dtype): Buffer {
    const data = this.#free.get(dtype)?.get(sizeOf(shape))?.pop();
    const buffer =
      data === undefined ? this.#backend.alloc(shape, dtype) : { shape, dtype, data: data.fill(0) };
    this.#given.add(buffer.data);
    return buffer;
  }

  /** Leaves the memory of a buffer, which has another reader, to the garbage collector. */
  keep({ data }: Buffer): void {
    this.#given.delete(data);
  }

  /** Takes back the memory of a buffer, if it is of those that were given out. */
  give({ data, dtype }: Buffer): void {
    if (!this.#given.delete(data)) return;
    let bySize = this.#free.get(dtype);
    if (bySize === undefined) this.#free.set(dtype, (bySize = new Map()));
    const free = bySize.get(data.length);
    if (free === undefined) bySize.set(data.length, [data]);
    else free.push(data);
  }
}

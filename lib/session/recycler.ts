/** Memory of values that nobody reads any more, for the next of their size. */
import type { Backend, Buffer } from "../backend/backend.ts";
import type { Data, Dtype } from "../core/dtype.ts";
import { sizeOf, type Shape } from "../core/shape.ts";

/** Gives out buffers, those first that were given back. */
export class Recycler implements Pick<Backend, "alloc"> {
  readonly #backend: Backend;
  readonly #free = new Map<Dtype, Map<number, Data[]>>();

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** A zeroed buffer. */
  alloc(shape: Shape, dtype: Dtype): Buffer {
    const data = this.#free.get(dtype)?.get(sizeOf(shape))?.pop();
    if (data === undefined) return this.#backend.alloc(shape, dtype);
    return { shape, dtype, data: data.fill(0) };
  }

  /** Takes the memory of a buffer that nobody else reads. */
  give({ data, dtype }: Buffer): void {
    let bySize = this.#free.get(dtype);
    if (bySize === undefined) this.#free.set(dtype, (bySize = new Map()));
    const free = bySize.get(data.length);
    if (free === undefined) bySize.set(data.length, [data]);
    else free.push(data);
  }
}

/** Memory that generated code works in, and that typed arrays look into. */
import type { Data, Dtype } from "../../core/dtype.ts";
import { engine, type WasmMemory } from "./engine.ts";

const PAGE = 65536;
const MAXIMUM = 65536;
const LINE = 64;
/** Vectors may read beyond the last number of the last slot. */
const GUARD = 4096;

interface Range {
  readonly start: number;
  readonly length: number;
}

/**
 * A WebAssembly memory with a list of what is free in it. Addresses are multiples of a cache line. It is a shared one
 * also where nothing is shared, and even where a page may not share: what grows would else leave arrays without memory.
 */
export class Heap {
  readonly memory: WasmMemory;
  #free: Range[] = [];
  #end = LINE;
  readonly #addresses = new WeakMap<Data, number>();
  readonly #collected = new FinalizationRegistry<Range>((range) => this.#release(range));

  constructor() {
    this.memory = new engine!.Memory({ initial: 1, maximum: MAXIMUM, shared: true });
  }

  /** How many pages there are, for a module's declaration of its import. */
  get limits(): { pages: number; maximum: number; shared: boolean } {
    return { pages: 1, maximum: MAXIMUM, shared: true };
  }

  /** The address of so many bytes, which hold zeros. */
  alloc(bytes: number): number {
    const length = Math.max(LINE, Math.ceil(bytes / LINE) * LINE);
    const index = this.#free.findIndex((range) => range.length >= length);
    if (index >= 0) {
      const { start, length: found } = this.#free[index];
      if (found === length) this.#free.splice(index, 1);
      else this.#free[index] = { start: start + length, length: found - length };
      new Uint8Array(this.memory.buffer, start, length).fill(0);
      return start;
    }
    const start = this.#end;
    this.#reach(start + length + GUARD);
    this.#end = start + length;
    return start;
  }

  #reach(bytes: number): void {
    const missing = Math.ceil(bytes / PAGE) - this.memory.buffer.byteLength / PAGE;
    if (missing > 0) this.memory.grow(missing);
  }

  /** Gives memory back. */
  free(start: number, bytes: number): void {
    this.#release({ start, length: Math.max(LINE, Math.ceil(bytes / LINE) * LINE) });
  }

  #release({ start, length }: Range): void {
    const before = this.#free.find((range) => range.start + range.length === start);
    const after = this.#free.find((range) => range.start === start + length);
    const first = before?.start ?? start;
    const last = after === undefined ? start + length : after.start + after.length;
    this.#free = this.#free.filter((range) => range !== before && range !== after);
    this.#free.push({ start: first, length: last - first });
  }

  /** The memory at an address as numbers. */
  view(dtype: Dtype, start: number, size: number): Data {
    const { buffer } = this.memory;
    switch (dtype) {
      case "float64":
        return new Float64Array(buffer, start, size);
      case "float32":
        return new Float32Array(buffer, start, size);
      case "int32":
        return new Int32Array(buffer, start, size);
      case "bool":
        return new Uint8Array(buffer, start, size);
      default:
        throw dtype satisfies never;
    }
  }

  /** An array with memory of its own, given back when nobody holds the array any more. */
  array(dtype: Dtype, size: number): Data {
    const bytes = size * { float64: 8, float32: 4, int32: 4, bool: 1 }[dtype];
    const length = Math.max(LINE, Math.ceil(bytes / LINE) * LINE);
    const start = this.alloc(length);
    const data = this.view(dtype, start, size);
    this.#addresses.set(data, start);
    this.#collected.register(data, { start, length });
    return data;
  }

  /** Where an array of this heap begins; nothing for one that lies elsewhere. */
  addressOf(data: Data): number | undefined {
    return this.#addresses.get(data);
  }
}

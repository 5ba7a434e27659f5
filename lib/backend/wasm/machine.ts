/** What the plans of one session share: memory, threads, and what the engine can do. */
import { Code } from "./code.ts";
import { engine, type WasmModule } from "./engine.ts";
import { scratchBytes } from "./gemm.ts";
import { Heap } from "./heap.ts";
import { ENVIRONMENT, Module } from "./module.ts";
import { canWait, CONTROL_BYTES, Pool, type Job, type Spawn } from "./pool.ts";

/** How many threads there may be, and what starts them. */
export interface Threads {
  readonly spawn: Spawn;
  /** The one that runs plans included. */
  readonly count: number;
}

/** Whether the engine multiplies and adds in one instruction: relaxed SIMD. */
export function hasFused(): boolean {
  const code = new Code("v128");
  code.get(0).get(0).get(0).simd(0x107).op(0x1a);
  const module = new Module([]);
  module.add(code);
  return engine!.validate(module.bytes({ pages: 1, maximum: 1, shared: false }));
}

/** Ends the threads of machines that nobody holds any more; a registry that died with its machine would never be called. */
const abandoned = new FinalizationRegistry<{ terminate(): unknown }>((thread) => {
  thread.terminate();
});

/** Memory and threads. Threads are started when the first kernel is shared. */
export class Machine {
  readonly heap = new Heap();
  readonly fused = hasFused();
  readonly threads: number;
  readonly scratch: number;
  readonly #control: number;
  readonly #spawn: Spawn | undefined;
  #pool: Pool | undefined;
  #modules = 0;

  constructor(threads?: Threads) {
    const able = threads !== undefined && canWait();
    this.threads = able ? threads.count : 1;
    this.#spawn = threads?.spawn;
    this.scratch = this.heap.alloc(scratchBytes(this.fused));
    this.#control = this.heap.alloc(CONTROL_BYTES);
  }

  /** A number for a module, by which threads know it. */
  nextModule(): number {
    this.#modules += 1;
    return this.#modules;
  }

  /** Compiles bytes and links them with this machine's memory. */
  instantiate(
    bytes: Uint8Array<ArrayBuffer>,
    imports: Readonly<Record<string, (...x: number[]) => unknown>>,
  ): Readonly<Record<string, (...args: number[]) => void>> {
    const module: WasmModule = new engine!.Module(bytes);
    const all = { ...imports, memory: this.heap.memory };
    return new engine!.Instance(module, { [ENVIRONMENT]: all }).exports;
  }

  /** Runs the chunks of a kernel on every thread there is. */
  share(job: Job, chunk: (index: number) => void): void {
    this.#pool ??= this.#start();
    this.#pool.run(job, chunk);
  }

  #start(): Pool {
    const pool = new Pool(this.heap.memory, this.#control);
    for (let i = 1; i < this.threads; i++) {
      const scratch = this.heap.alloc(scratchBytes(this.fused));
      const thread = this.#spawn!({ memory: this.heap.memory, control: this.#control, scratch });
      abandoned.register(this, thread);
    }
    return pool;
  }
}

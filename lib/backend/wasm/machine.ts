/** What the plans of one session share: memory, threads, and what the engine can do. */
import type { Kernel } from "../program.ts";
import { engine, type Compile, type Told } from "./engine.ts";
import { scratchBytes } from "./gemm.ts";
import { Heap } from "./heap.ts";
import type { Abilities } from "./lanes.ts";
import { ENVIRONMENT } from "./module.ts";
import { MOST_PARTS, WORTH_SHARING } from "./phases.ts";
import { canWait, controlBytes, Pool, type Job, type Spawn, type Take } from "./pool.ts";
import { hasFused } from "./probe.ts";
import { workOf } from "./work.ts";

/** How many threads there may be, and what starts them. */
export interface Threads {
  readonly spawn: Spawn;
  /** The one that runs plans included. */
  readonly count: number;
  /** Nanoseconds of work below which one thread computes alone, if not the usual. */
  readonly worth?: number;
}

/** Operations of a plan below which it is not worth the time to compile it at once, and with care. */
const WORTH_WIDTH = 1_000_000;

const plain: Compile = (bytes) => new engine!.Module(bytes);

/** Ends the threads of machines that nobody holds any more; a registry that died with its machine would never be called. */
const abandoned = new FinalizationRegistry<{ terminate(): unknown }>((thread) => {
  thread.terminate();
});

/** Memory and threads. Threads are started when the first kernel is shared. */
export class Machine {
  readonly heap = new Heap();
  readonly #told: Told;
  readonly #abilities: Omit<Abilities, "wide">;
  readonly threads: number;
  readonly worth: number;
  readonly scratch: number;
  readonly #control: number;
  readonly #spawn: Spawn | undefined;
  #pool: Pool | undefined;
  #modules = 0;

  constructor(threads?: Threads, told: Told = {}) {
    this.#told = told;
    const { fused, hoists = false } = told;
    this.#abilities = { fused: fused !== undefined || hasFused(), hoists };
    const able = threads !== undefined && canWait();
    this.threads = able ? threads.count : 1;
    this.worth = threads?.worth ?? WORTH_SHARING;
    this.#spawn = threads?.spawn;
    this.scratch = this.heap.alloc(scratchBytes(this.#abilities));
    this.#control = this.heap.alloc(controlBytes(this.threads * MOST_PARTS));
  }

  /** A number for a module, by which threads know it. */
  nextModule(): number {
    this.#modules += 1;
    return this.#modules;
  }

  /** What the engine makes of the vectors of a plan with these kernels. */
  abilitiesFor(kernels: readonly Kernel[]): Abilities {
    const work = kernels.reduce((sum, kernel) => sum + workOf(kernel), 0);
    const wide = work >= WORTH_WIDTH && this.#told.wide?.() !== undefined;
    return { ...this.#abilities, wide };
  }

  /** Compiles bytes and links them with this machine's memory. */
  instantiate(
    bytes: Uint8Array<ArrayBuffer>,
    imports: Readonly<Record<string, (...x: number[]) => unknown>>,
    { wide }: Abilities,
  ): Readonly<Record<string, (...args: number[]) => void>> {
    const compile = wide ? this.#told.wide!()! : (this.#told.fused ?? plain);
    const module = compile(bytes);
    const all = { ...imports, memory: this.heap.memory };
    return new engine!.Instance(module, { [ENVIRONMENT]: all }).exports;
  }

  /** Runs the parts of a phase on every thread there is; what they make may be taken meanwhile. */
  share(job: Job, part: (index: number) => void, take?: Take): void {
    this.#pool ??= this.#start();
    this.#pool.run(job, part, take);
  }

  #start(): Pool {
    const pool = new Pool(this.heap.memory, this.#control);
    for (let i = 1; i < this.threads; i++) {
      const scratch = this.heap.alloc(scratchBytes(this.#abilities));
      const thread = this.#spawn!({ memory: this.heap.memory, control: this.#control, scratch });
      abandoned.register(this, thread);
    }
    return pool;
  }
}

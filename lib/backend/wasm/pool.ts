/** Threads that share a phase's parts with the one that runs the plan. */
import { ENVIRONMENT } from "./module.ts";
import { engine, type WasmMemory } from "./engine.ts";

/** What a thread is started with. */
export interface Start {
  readonly memory: WasmMemory;
  /** Where in the memory the words below lie. */
  readonly control: number;
  /** Memory for this thread alone. */
  readonly scratch: number;
}

/** Starts a thread that calls `serve` with what it is given; it must not keep the process alive. */
export type Spawn = (start: Start) => { terminate(): unknown };

/** The words that threads share, as indices from the control address on. */
const TURN = 0;
const NEXT = 1;
const COUNT = 2;
const BUSY = 3;
const PHASE = 4;
const MODULE = 5;
const CODE = 6;
const LENGTH = 7;
/** From here on, for each part: the last turn in which it was done. */
const DONE = 16;

/** The bytes that these words take, for so many parts. */
export function controlBytes(parts: number): number {
  return 4 * (DONE + parts);
}

/** How often a thread looks before it sleeps: some 60 µs, as long as it takes from one step of a training to the next. */
const SPINS = 8000;

const LONGEST_SLEEP = 2000;

/** A phase of a module whose bytes lie in the memory. */
export interface Job {
  readonly module: number;
  readonly code: number;
  readonly length: number;
  readonly phase: number;
  readonly parts: number;
}

/** Takes what parts have made, from one on and before another, in order, while others are still being computed. */
export type Take = (from: number, to: number) => void;

/** The name of the function that computes a part of a phase. */
export function phaseName(phase: number): string {
  return `phase${phase}`;
}

/** Whether this thread may wait for others, which the main thread of a browser may not. */
export function canWait(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0);
    return true;
  } catch {
    return false;
  }
}

/**
 * Deals out the parts of one phase at a time. An odd turn means that a job is being written: no thread takes part in
 * it. A thread says that it is busy before it looks at the turn, so the writer knows who may still be at the job before;
 * that holds, too, if the writer was stopped in the middle of a job, and comes back with another.
 */
export class Pool {
  readonly #words: Int32Array;

  constructor(memory: WasmMemory, control: number) {
    this.#words = new Int32Array(memory.buffer, control);
  }

  /** Runs every part of a job, some of them here. */
  run(job: Job, part: (index: number) => void, take?: Take): void {
    const words = this.#words;
    const turn = (Atomics.load(words, TURN) | 1) + 2;
    Atomics.store(words, TURN, turn);
    this.#settle();
    Atomics.store(words, MODULE, job.module);
    Atomics.store(words, CODE, job.code);
    Atomics.store(words, LENGTH, job.length);
    Atomics.store(words, PHASE, job.phase);
    Atomics.store(words, COUNT, job.parts);
    Atomics.store(words, NEXT, 0);
    Atomics.store(words, TURN, turn + 1);
    Atomics.notify(words, TURN);
    let taken = 0;
    for (let i = Atomics.add(words, NEXT, 1); i < job.parts; i = Atomics.add(words, NEXT, 1)) {
      part(i);
      Atomics.store(words, DONE + i, turn + 1);
      if (take !== undefined) taken = this.#takeDone(take, taken, job.parts);
    }
    if (take !== undefined) taken = this.#takeDone(take, taken, job.parts);
    this.#settle();
    if (take !== undefined) this.#takeDone(take, taken, job.parts);
  }

  /** Has the parts taken that are done, and come next; returns how many have been taken by then. */
  #takeDone(take: Take, taken: number, parts: number): number {
    const turn = Atomics.load(this.#words, TURN);
    for (let from = taken; ;) {
      let to = from;
      while (to < parts && Atomics.load(this.#words, DONE + to) === turn) to++;
      if (to === from) return from;
      take(from, to);
      from = to;
    }
  }

  /** Waits until no other thread is at work. */
  #settle(): void {
    for (let i = 0; ; i++) {
      const busy = Atomics.load(this.#words, BUSY);
      if (busy === 0) return;
      if (i > SPINS) Atomics.wait(this.#words, BUSY, busy, 1);
    }
  }
}

/** What a thread does from its start until the process ends: waits for a job, and takes parts as long as there are any. */
export function serve(
  { memory, control, scratch }: Start,
  imports: Readonly<Record<string, unknown>>,
): void {
  const words = new Int32Array(memory.buffer, control);
  const modules = new Map<number, Phases | undefined>();
  let seen = 0;
  for (;;) {
    seen = nextTurn(words, seen);
    Atomics.add(words, BUSY, 1);
    // Only a turn that is still open after this thread called itself busy is one to take part in.
    if (Atomics.load(words, TURN) === seen) work(words, { memory, scratch, modules, imports });
    Atomics.sub(words, BUSY, 1);
    Atomics.notify(words, BUSY);
  }
}

type Phases = Readonly<Record<string, (part: number, scratch: number) => void>>;

function nextTurn(words: Int32Array, seen: number): number {
  for (let i = 0; ; i++) {
    const turn = Atomics.load(words, TURN);
    if (turn !== seen && turn % 2 === 0 && turn !== 0) return turn;
    if (i < SPINS) continue;
    // Not for ever: a thread that is being ended while it falls asleep looks up once more.
    Atomics.wait(words, TURN, turn, LONGEST_SLEEP);
    i = 0;
  }
}

interface Serving {
  readonly memory: WasmMemory;
  readonly scratch: number;
  readonly modules: Map<number, Phases | undefined>;
  readonly imports: Readonly<Record<string, unknown>>;
}

function work(words: Int32Array, serving: Serving): void {
  const count = Atomics.load(words, COUNT);
  if (Atomics.load(words, NEXT) >= count) return;
  const { modules, scratch } = serving;
  const id = Atomics.load(words, MODULE);
  let phases = modules.get(id);
  if (phases === undefined && !modules.has(id)) {
    phases = load(words, serving);
    // Plans come and go: what has not been used for long is loaded again.
    if (modules.size >= 64) modules.delete(modules.keys().next().value!);
    modules.set(id, phases);
  }
  if (phases === undefined) return;
  const phase = phases[phaseName(Atomics.load(words, PHASE))];
  const turn = Atomics.load(words, TURN);
  for (let i = Atomics.add(words, NEXT, 1); i < count; i = Atomics.add(words, NEXT, 1)) {
    phase(i, scratch);
    Atomics.store(words, DONE + i, turn);
  }
}

/**
 * The module whose bytes lie in the shared memory: a thread that waits receives no messages. Nothing if it does not
 * compile here, as when the engine was told something meanwhile: then the others do all the parts.
 */
function load(words: Int32Array, { memory, imports }: Serving): Phases | undefined {
  const code = Atomics.load(words, CODE);
  const bytes = new Uint8Array(Atomics.load(words, LENGTH));
  bytes.set(new Uint8Array(memory.buffer, code, bytes.length));
  const all = { ...imports, memory, step: unused, fork: unused };
  try {
    const module = new engine!.Module(bytes);
    return new engine!.Instance(module, { [ENVIRONMENT]: all }).exports;
  } catch {
    return undefined;
  }
}

function unused(): never {
  throw new Error("a thread runs single phases only");
}

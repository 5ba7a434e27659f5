/** A plan as generated code over one stretch of memory. */
import type { Backend, Buffer } from "../backend/backend.ts";
import { bindKernel } from "../backend/javascript/kernel.ts";
import { createJavascript } from "../backend/javascript/index.ts";
import { LoopCache } from "../backend/javascript/map.ts";
import type { Kernel, Program, Slot, SlotView } from "../backend/program.ts";
import { compile, wordFunctions, type Way } from "../backend/wasm/compile.ts";
import type { Place } from "../backend/wasm/emit.ts";
import { Machine } from "../backend/wasm/machine.ts";
import { phasesOf } from "../backend/wasm/phases.ts";
import { phaseName } from "../backend/wasm/pool.ts";
import type { Data } from "../core/dtype.ts";
import type { Shape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { locate } from "../graph/build.ts";
import { Node } from "../graph/node.ts";
import { Assign, Placeholder, Variable } from "../ops/state.ts";
import { fuse } from "./compile/fuse.ts";
import { lower, type Lowered } from "./compile/lower.ts";
import { planMemory } from "./compile/memory.ts";
import { simplify, type Simplified } from "./compile/simplify.ts";
import { checkTargets, deliver } from "./deliver.ts";
import { Early } from "./early.ts";
import type { Fed } from "./feeds.ts";
import type { Task } from "./tasks.ts";

// Both are read at once, where a plan is first compiled.
export { Machine };

/** A variable as a plan reads it: the array that it had, and where its address is written for the code. */
interface Reading {
  readonly variable: Variable;
  readonly entry: number;
  data: Data | undefined;
}

/** A variable's next value: computed in memory of the plan, which is exchanged for the variable's. */
interface Writing {
  readonly variable: Variable;
  readonly reading: Reading;
  readonly entry: number;
  spare: Data;
}

/** Generated code for one plan, and the memory that it works in. */
export class Compiled {
  readonly program: Program;
  readonly ways: readonly Way[];
  readonly #machine: Machine;
  readonly #base: number;
  readonly #table: Int32Array;
  readonly #tableAddress: number;
  readonly #entries = new Map<Slot, number>();
  readonly #readings: Reading[] = [];
  readonly #writings: Writing[] = [];
  readonly #feeds: (readonly [Placeholder, Data])[] = [];
  readonly #fetches: readonly Node[];
  readonly #results: readonly Buffer[];
  readonly #early: Early | undefined;
  readonly #run: () => void;
  #code: { readonly address: number; readonly length: number } | undefined;

  constructor(
    fetches: readonly Node[],
    tasks: readonly Task[],
    shapeOf: (placeholder: Placeholder) => Shape,
    machine: Machine,
  ) {
    this.#machine = machine;
    const lowered = lower(tasks, shapeOf);
    const simplified = simplify(lowered.instructions, rootsOf(fetches, lowered));
    const roots = new Set([...rootsOf(fetches, lowered)].map(simplified.resolve));
    const phases = phasesOf(fuse(simplified.instructions, roots), machine);
    this.program = planMemory(phases, roots);
    const { heap } = machine;
    this.#base = heap.alloc(this.program.bytes);
    const nodes = tasks.map((task) => task.node);
    const exchanged = nodes.filter((node) => node instanceof Variable || node instanceof Assign);
    this.#tableAddress = heap.alloc(4 * exchanged.length);
    this.#table = heap.view("int32", this.#tableAddress, exchanged.length) as Int32Array;
    for (const node of exchanged) this.#exchange(node, lowered);
    this.#fillConstants();
    this.#feed(nodes, lowered, simplified);
    this.#fetches = fetches;
    const views = fetches.map((node) => {
      const { slot, shape } = lowered.values.get(node)!;
      return { slot: simplified.resolve(slot), shape };
    });
    this.#results = views.map((view) => this.#buffer(view));
    const slots = views.map(({ slot }) => slot);
    const early = new Early(this.program, this.#results, slots);
    this.#early = early.isEmpty ? undefined : early;
    const { run, ways } = this.#compile();
    this.#run = run;
    this.ways = ways;
  }

  /** Computes everything; results are written into the tensors given, or into new ones. */
  run(fed: Fed, into?: readonly Tensor[]): readonly Tensor[] {
    if (into !== undefined) checkTargets(this.#fetches, this.#results, into);
    for (const [placeholder, data] of this.#feeds) data.set(fed.get(placeholder)!.data);
    for (const reading of this.#readings) {
      if (reading.variable.buffer.data !== reading.data) this.#adopt(reading);
    }
    for (const writing of this.#writings) {
      // Only if a run was stopped in the middle of an exchange.
      if (writing.spare === writing.variable.buffer.data) this.#renew(writing);
    }
    const written = this.#early?.begin(into);
    this.#run();
    const results = deliver(this.#results, into, written);
    this.#early?.end();
    this.#commit();
    return results;
  }

  /** Gives the memory back. */
  dispose(): void {
    const { heap } = this.#machine;
    heap.free(this.#base, this.program.bytes);
    heap.free(this.#tableAddress, 4 * this.#table.length);
    if (this.#code !== undefined) heap.free(this.#code.address, this.#code.length);
  }

  #exchange(node: Variable | Assign, lowered: Lowered): void {
    const entry = this.#entries.size;
    const { slot } = lowered.values.get(node)!;
    this.#entries.set(slot, entry);
    if (node instanceof Variable) {
      this.#readings.push({ variable: node, entry, data: undefined });
      return;
    }
    // An assign has its variable among its inputs, so it comes before.
    const reading = this.#readings.find((one) => one.variable === node.variable)!;
    const { variable } = node;
    const writing: Writing = { variable, reading, entry, spare: variable.buffer.data };
    this.#renew(writing);
    this.#writings.push(writing);
  }

  /** Memory of this plan's own for a variable's next value. */
  #renew(writing: Writing): void {
    const { heap } = this.#machine;
    writing.spare = heap.array(writing.variable.dtype, writing.variable.buffer.data.length);
    this.#table[writing.entry] = heap.addressOf(writing.spare)!;
  }

  /** Finds where a variable lies by now; one that lies elsewhere moves into this memory. */
  #adopt(reading: Reading): void {
    const { heap } = this.#machine;
    const { buffer } = reading.variable;
    if (heap.addressOf(buffer.data) === undefined) {
      const moved = heap.array(buffer.dtype, buffer.data.length);
      moved.set(buffer.data);
      buffer.data = moved;
    }
    this.#table[reading.entry] = heap.addressOf(buffer.data)!;
    reading.data = buffer.data;
  }

  #fillConstants(): void {
    for (const slot of this.program.slots) {
      if (slot.origin !== "constant") continue;
      const { data } = this.#buffer({ slot, shape: [slot.size] });
      if (slot.data === undefined) data.fill(slot.uniform ?? 0);
      else data.set(slot.data);
    }
  }

  #feed(nodes: readonly Node[], lowered: Lowered, simplified: Simplified): void {
    for (const node of nodes) {
      if (!(node instanceof Placeholder)) continue;
      const slot = simplified.resolve(lowered.values.get(node)!.slot);
      if (!this.program.offsets.has(slot)) continue;
      this.#feeds.push([node, this.#buffer({ slot, shape: [slot.size] }).data]);
    }
  }

  /** The memory of a slot: that of an exchanged one is looked up anew each time. */
  #buffer({ slot, shape }: SlotView): Buffer {
    const { dtype } = slot;
    const entry = this.#entries.get(slot);
    if (entry === undefined) {
      const start = this.#base + this.program.offsets.get(slot)!;
      return { shape, dtype, data: this.#machine.heap.view(dtype, start, slot.size) };
    }
    const writing = this.#writings.find((one) => one.entry === entry);
    const reading = this.#readings.find((one) => one.entry === entry);
    return {
      shape,
      dtype,
      get data(): Data {
        return writing?.spare ?? reading!.variable.buffer.data;
      },
      set data(data: Data) {
        if (writing !== undefined) writing.spare = data;
      },
    };
  }

  readonly #place = (slot: Slot): Place => {
    const entry = this.#entries.get(slot);
    if (entry !== undefined) return { kind: "pointer", address: this.#tableAddress + 4 * entry };
    const own = this.program.own.get(slot);
    if (own !== undefined) return { kind: "own", ...own };
    return { kind: "fixed", address: this.#base + this.program.offsets.get(slot)! };
  };

  #compile(): { run: () => void; ways: readonly Way[] } {
    const { heap, scratch } = this.#machine;
    const { program } = this;
    const abilities = this.#machine.abilitiesFor(program.kernels);
    const made = compile({ program, place: this.#place, abilities, scratch });
    const bytes = made.module.bytes(heap.limits);
    const steps = this.#steps(made.ways);
    const number = this.#machine.nextModule();
    if (made.ways.includes("threads")) {
      const address = heap.alloc(bytes.length);
      new Uint8Array(heap.memory.buffer, address, bytes.length).set(bytes);
      this.#code = { address, length: bytes.length };
    }
    const fork = (phase: number): void => {
      const { address, length } = this.#code!;
      const { parts } = program.phases[phase];
      const one = exports[phaseName(phase)];
      const job = { module: number, code: address, length, phase, parts };
      this.#machine.share(job, (part) => one(part, scratch), this.#early?.take(phase));
    };
    const step = (kernel: number): void => steps.get(kernel)!();
    const functions = { ...wordFunctions(made.words), step, fork };
    const exports = this.#machine.instantiate(bytes, functions, abilities);
    return { run: exports["run"], ways: made.ways };
  }

  /** The kernels that are not in the module. */
  #steps(ways: readonly Way[]): Map<number, () => void> {
    const means = { backend: createJavascript(), loops: new LoopCache() };
    const steps = new Map<number, () => void>();
    for (const [i, kernel] of this.program.kernels.entries()) {
      if (ways[i] === "javascript") steps.set(i, this.#step(means, kernel));
    }
    return steps;
  }

  #step(means: { backend: Backend; loops: LoopCache }, kernel: Kernel): () => void {
    const owner = kernel.kind === "call" && kernel.owner instanceof Node ? kernel.owner : undefined;
    const step = bindKernel(means, kernel, (view) => this.#buffer(view));
    if (owner === undefined) return step;
    return () => {
      try {
        step();
      } catch (error) {
        throw locate(error, owner.origin);
      }
    };
  }

  /** Variables take their new values, and the plan their old memory. */
  #commit(): void {
    for (const writing of this.#writings) {
      const { variable, entry, reading } = writing;
      const old = variable.buffer.data;
      variable.buffer.data = writing.spare;
      writing.spare = old;
      reading.data = variable.buffer.data;
      const address = this.#table[entry];
      this.#table[entry] = this.#table[reading.entry];
      this.#table[reading.entry] = address;
    }
  }
}

/** The slots that are read when the code has run: what is fetched, and the next values of variables. */
function rootsOf(fetches: readonly Node[], { values }: Lowered): Set<Slot> {
  const roots = new Set(fetches.map((node) => values.get(node)!.slot));
  for (const [node, { slot }] of values) if (node instanceof Assign) roots.add(slot);
  return roots;
}

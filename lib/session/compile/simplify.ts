/** Instructions made fewer: what is known is computed once, what is computed twice is shared, what nobody reads is gone. */
import { toSource, type Scalar } from "../../core/scalar.ts";
import {
  inputsOf,
  outputOf,
  type Access,
  type GemmInstruction,
  type Instruction,
  type MapInstruction,
  type ReduceInstruction,
  type Slot,
} from "../../backend/program.ts";
import { substitute } from "./algebra.ts";
import { isPlain, updatedInPlace } from "./update.ts";

/** What simplification leaves; `resolve` finds the slot that now holds a value. */
export interface Simplified {
  readonly instructions: readonly Instruction[];
  readonly resolve: (slot: Slot) => Slot;
}

/** Simplifies instructions, of which the outputs in `roots` have to stay. */
export function simplify(instructions: readonly Instruction[], roots: Iterable<Slot>): Simplified {
  // What nobody reads is not worth a look; what nobody reads any more goes afterwards.
  const needed = withoutDead(instructions, new Set(roots));
  const simplifier = new Simplifier(needed);
  const kept = needed.flatMap((one) => simplifier.simplify(one));
  const wanted = new Set([...roots].map(simplifier.resolve));
  const live = withoutDead(kept, wanted);
  const forwarded = forwardAssigned(live, simplifier, wanted);
  return { instructions: updatedInPlace(forwarded, wanted), resolve: simplifier.resolve };
}

class Simplifier {
  readonly #alias = new Map<Slot, Slot>();
  readonly #known = new Map<string, Slot>();
  readonly #writes = new Map<Slot, number>();

  constructor(instructions: readonly Instruction[]) {
    for (const one of instructions) {
      const out = outputOf(one);
      this.#writes.set(out, (this.#writes.get(out) ?? 0) + 1);
    }
  }

  readonly resolve = (slot: Slot): Slot => {
    let found = slot;
    for (let next = this.#alias.get(found); next !== undefined; next = this.#alias.get(found)) {
      found = next;
    }
    return found;
  };

  alias(from: Slot, to: Slot): void {
    this.#alias.set(from, to);
  }

  /** The instruction, simpler, or nothing if its output is known without it. */
  simplify(one: Instruction): Instruction[] {
    switch (one.kind) {
      case "map":
        return this.#map(one);
      case "reduce":
        return this.#reduce({ ...one, x: this.resolve(one.x) });
      case "gemm":
        return this.#gemm({ ...one, a: this.resolve(one.a), b: this.resolve(one.b) });
      case "call": {
        const inputs = one.inputs.map((x) => ({ ...x, slot: this.resolve(x.slot) }));
        return [{ ...one, inputs, bind: this.#rebound(one.bind) }];
      }
      default:
        throw one satisfies never;
    }
  }

  #rebound(bind: Extract<Instruction, { kind: "call" }>["bind"]): typeof bind {
    return (backend, buffer) =>
      bind(backend, ({ slot, shape }) => buffer({ slot: this.resolve(slot), shape }));
  }

  /** Whether an instruction's output may be replaced by another slot. */
  #isFree(out: Slot): boolean {
    return out.origin === "planned" && this.#writes.get(out) === 1;
  }

  #map(one: MapInstruction): Instruction[] {
    const { shape, out } = one;
    if (out.size === 0) return [];
    const inputs: Access[] = [];
    const expression = substitute(one.expression, (index) => {
      const { slot: old, strides } = one.inputs[index];
      const slot = this.resolve(old);
      if (slot.uniform !== undefined) return { kind: "number", value: slot.uniform };
      const key = strides.join();
      let position = inputs.findIndex((x) => x.slot === slot && x.strides.join() === key);
      if (position < 0) position = inputs.push({ slot, strides }) - 1;
      return { kind: "input", index: position };
    });
    const used = pruned(expression, inputs);
    const next: MapInstruction = { ...one, ...used };
    if (!this.#isFree(out)) return [next];
    if (next.expression.kind === "number") return this.#settle(out, next.expression.value);
    if (next.expression.kind === "input") {
      const [access] = next.inputs;
      if (isPlain(access, shape) && access.slot.dtype === out.dtype) {
        this.alias(out, access.slot);
        return [];
      }
    }
    const text = toSource(next.expression, (i) => `x${i}`);
    const reads = next.inputs.map((x) => `${x.slot.id}[${x.strides.join()}]`).join(" ");
    return this.#shared(`${out.dtype} [${shape.join()}] ${text} ${reads}`, next);
  }

  /** An output that is one number throughout needs no instruction. */
  #settle(out: Slot, value: number): Instruction[] {
    out.uniform = rounded(out, value);
    out.origin = "constant";
    return [];
  }

  #reduce(one: ReduceInstruction): Instruction[] {
    const { x, out, reduction, before, length, after } = one;
    if (out.size === 0) return [];
    if (!this.#isFree(out)) return [one];
    const isFold = reduction === "sum" || reduction === "max";
    if (isFold && length === 0) return this.#settle(out, reduction === "sum" ? 0 : -Infinity);
    if (isFold && x.uniform !== undefined && x.dtype === out.dtype) {
      return this.#settle(out, reduction === "sum" ? x.uniform * length : x.uniform);
    }
    if (isFold && length === 1 && x.dtype === out.dtype) {
      this.alias(out, x);
      return [];
    }
    return this.#shared(`${reduction} ${out.dtype} ${x.id} ${before} ${length} ${after}`, one);
  }

  #gemm(one: GemmInstruction): Instruction[] {
    const { a, b, out, layout } = one;
    if (out.size === 0) return [];
    if (!this.#isFree(out)) return [one];
    if (layout.k === 0 || layout.outOffsets.length === 0) return this.#settle(out, 0);
    return this.#shared(`gemm ${a.id} ${b.id} ${out.size} ${JSON.stringify(layout)}`, one);
  }

  #shared(key: string, one: Instruction): Instruction[] {
    const found = this.#known.get(key);
    if (found === undefined) {
      this.#known.set(key, outputOf(one));
      return [one];
    }
    this.alias(outputOf(one), found);
    return [];
  }
}

function rounded(slot: Slot, value: number): number {
  return slot.dtype === "float32" ? Math.fround(value) : value;
}

/** Leaves out inputs that the expression does not read any more. */
function pruned(
  expression: Scalar,
  inputs: readonly Access[],
): { expression: Scalar; inputs: readonly Access[] } {
  const used: number[] = [];
  const renumbered = substitute(expression, (index) => {
    let position = used.indexOf(index);
    if (position < 0) position = used.push(index) - 1;
    return { kind: "input", index: position };
  });
  return { expression: renumbered, inputs: used.map((index) => inputs[index]) };
}

function withoutDead(
  instructions: readonly Instruction[],
  roots: ReadonlySet<Slot>,
): Instruction[] {
  const needed = new Set(roots);
  const live: Instruction[] = [];
  for (const one of instructions.toReversed()) {
    // A call may print, or throw: it was asked for.
    if (one.kind !== "call" && !needed.has(outputOf(one))) continue;
    live.push(one);
    for (const slot of inputsOf(one)) needed.add(slot);
  }
  return live.toReversed();
}

/** A value that is copied into a variable's next memory is computed there. */
function forwardAssigned(
  instructions: readonly Instruction[],
  simplifier: Simplifier,
  roots: Set<Slot>,
): Instruction[] {
  const writers = new Map(instructions.map((one) => [outputOf(one), one]));
  const dropped = new Set<Instruction>();
  const moved = new Map<Slot, Slot>();
  for (const one of instructions) {
    if (one.kind !== "map" || one.out.origin !== "exchanged" || one.expression.kind !== "input")
      continue;
    const [access] = one.inputs;
    const { slot } = access;
    const producer = writers.get(slot);
    const fits = isPlain(access, one.shape) && slot.dtype === one.out.dtype;
    if (!fits || slot.origin !== "planned" || producer === undefined || moved.has(slot)) continue;
    moved.set(slot, one.out);
    dropped.add(one);
    simplifier.alias(slot, one.out);
    if (roots.delete(slot)) roots.add(one.out);
  }
  if (moved.size === 0) return [...instructions];
  const place = (slot: Slot): Slot => moved.get(slot) ?? slot;
  return instructions.filter((one) => !dropped.has(one)).map((one) => replaced(one, place));
}

function replaced(one: Instruction, place: (slot: Slot) => Slot): Instruction {
  switch (one.kind) {
    case "map": {
      const inputs = one.inputs.map((x) => ({ ...x, slot: place(x.slot) }));
      return { ...one, inputs, out: place(one.out) };
    }
    case "reduce":
      return { ...one, x: place(one.x), out: place(one.out) };
    case "gemm":
      return { ...one, a: place(one.a), b: place(one.b), out: place(one.out) };
    case "call": {
      const inputs = one.inputs.map((x) => ({ ...x, slot: place(x.slot) }));
      return { ...one, inputs };
    }
    default:
      throw one satisfies never;
  }
}

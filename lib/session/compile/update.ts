/** Updates: a variable that a matrix product changes is written by that product. */
import { isFloat } from "../../core/dtype.ts";
import type { Scalar } from "../../core/scalar.ts";
import { sizeOf, stridesOf } from "../../core/shape.ts";
import {
  inputsOf,
  type Access,
  type GemmInstruction,
  type Instruction,
  type MapInstruction,
  type Slot,
} from "../../backend/program.ts";
import { multiples, substitute } from "./algebra.ts";

/** Whether a slot is read position by position as it lies. */
export function isPlain({ slot, strides }: Access, shape: readonly number[]): boolean {
  if (slot.size !== sizeOf(shape)) return false;
  const own = stridesOf(shape);
  return strides.every((stride, axis) => shape[axis] <= 1 || stride === own[axis]);
}

/** a + c · (product), where nobody else reads the product, is written by the product itself. */
export function updatedInPlace(
  instructions: readonly Instruction[],
  roots: ReadonlySet<Slot>,
): Instruction[] {
  const readers = new Map<Slot, number>();
  for (const one of instructions) {
    for (const slot of inputsOf(one)) readers.set(slot, (readers.get(slot) ?? 0) + 1);
  }
  const products = new Map<Slot, GemmInstruction>();
  const maps = new Map<Slot, MapInstruction>();
  const gone = new Set<Instruction>();
  const isPassing = (slot: Slot): boolean => readers.get(slot) === 1 && !roots.has(slot);
  const result = instructions.map((one): Instruction => {
    if (one.kind === "gemm") products.set(one.out, one);
    if (one.kind !== "map") return one;
    maps.set(one.out, one);
    const { whole, parts } = inlined(one, maps, isPassing);
    const merged = updateOf(whole, products);
    if (merged === undefined || !isPassing(merged.product.out)) return one;
    for (const part of [...parts, merged.product]) gone.add(part);
    return { ...merged.product, out: one.out, update: merged.update };
  });
  return result.filter((one) => !gone.has(one));
}

/** An expression with those of its inputs that are multiples of something, and that nobody else reads, written out. */
function inlined(
  one: MapInstruction,
  maps: ReadonlyMap<Slot, MapInstruction>,
  isPassing: (slot: Slot) => boolean,
): { whole: MapInstruction; parts: readonly MapInstruction[] } {
  const parts: MapInstruction[] = [];
  const inputs = [...one.inputs];
  const expression = substitute(one.expression, (index) => {
    const input: Scalar = { kind: "input", index };
    const part = maps.get(one.inputs[index].slot);
    if (part === undefined || part.inputs.length !== 1 || !isPassing(part.out)) return input;
    const [source] = part.inputs;
    if (!isPlain(one.inputs[index], one.shape) || !isPlain(source, part.shape)) return input;
    if (part.expression.kind === "input" || multiples(part.expression, 1) === undefined)
      return input;
    parts.push(part);
    inputs[index] = { slot: source.slot, strides: one.inputs[index].strides };
    return substitute(part.expression, () => input);
  });
  return { whole: { ...one, expression, inputs }, parts };
}

function updateOf(
  one: MapInstruction,
  products: ReadonlyMap<Slot, GemmInstruction>,
): { product: GemmInstruction; update: NonNullable<GemmInstruction["update"]> } | undefined {
  const { inputs, shape, expression, out } = one;
  if (inputs.length !== 2 || !inputs.every((x) => isPlain(x, shape))) return undefined;
  const factors = multiples(expression, 2);
  for (const [i, { slot }] of inputs.entries()) {
    const product = products.get(slot);
    const addend = inputs[1 - i].slot;
    const isWhole = product?.layout.outOffsets.length === 1 && product.update === undefined;
    if (!isWhole || factors?.[1 - i] !== 1 || addend.dtype !== out.dtype) continue;
    if (slot.dtype === out.dtype && isFloat(out.dtype))
      return { product, update: { addend, scale: factors[i] } };
  }
  return undefined;
}

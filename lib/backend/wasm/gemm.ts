/** Matrix products of any size: calls of the one function that multiplies in blocks. */
import { blocksOf, fewerRows, TILE_BYTES } from "./blocks.ts";
import { emitDriver, type Packers, type Parts } from "./driver.ts";
import type { Cut, GemmInstruction } from "../program.ts";
import { op, type Code } from "./code.ts";
import {
  baseOf,
  begin,
  PART,
  floatOf,
  OWN_BYTES,
  pushBase,
  SCRATCH,
  type Base,
  type Emitting,
  type Target,
} from "./emit.ts";
import { lanesOf, type Abilities, type Float } from "./lanes.ts";
import { emitEdge, emitMicro } from "./micro.ts";
import type { Module } from "./module.ts";
import { emitPackAcross, emitPackAlong } from "./pack.ts";
import { stridesOfGemm } from "./tiny_gemm.ts";

/** The bytes that one thread needs: for what is its own, and for its strips, with wide vectors or without. */
export function scratchBytes(abilities: Omit<Abilities, "wide">): number {
  const needs = [false, true].flatMap((wide) =>
    (["float64", "float32"] as const).map((dtype) => {
      const lanes = lanesOf(dtype, { ...abilities, wide });
      const { m, n, k } = blocksOf(lanes);
      return (m + n + 32) * k * lanes.size;
    }),
  );
  return OWN_BYTES + TILE_BYTES + Math.max(...needs) + 256;
}

/** The functions of a module that compute products, by type: emitted when they are first needed. */
export class Products {
  readonly #module: Module;
  readonly #abilities: Abilities;
  readonly #drivers = new Map<Float, number>();

  constructor(module: Module, abilities: Abilities) {
    this.#module = module;
    this.#abilities = abilities;
  }

  /** The number of the function that computes a product of this type. */
  driver(dtype: Float): number {
    const found = this.#drivers.get(dtype);
    if (found !== undefined) return found;
    const lanes = lanesOf(dtype, this.#abilities);
    const blocks = blocksOf(lanes);
    const { rows, columns } = blocks;
    const packers = (width: number): Packers => ({
      along: this.#module.add(emitPackAlong(lanes, width)),
      across: this.#module.add(emitPackAcross(lanes, width)),
    });
    const parts: Parts = {
      left: packers(rows),
      right: packers(columns * lanes.width),
      micro: this.#module.add(emitMicro(lanes, rows, columns)),
      fewer: new Map(
        fewerRows(blocks).map((few) => [
          few,
          this.#module.add(emitMicro(lanes, few, columns, rows)),
        ]),
      ),
      edge: this.#module.add(emitEdge(lanes, columns * lanes.width)),
    };
    const made = this.#module.add(emitDriver(lanes, parts));
    this.#drivers.set(dtype, made);
    return made;
  }
}

/** Whether a product is one of floats of one type, with not too many matrices for a function to list. */
export function canMultiply({ a, b, out, layout }: GemmInstruction): boolean {
  return (
    a.dtype === out.dtype &&
    b.dtype === out.dtype &&
    floatOf([out]) !== undefined &&
    layout.outOffsets.length <= 64
  );
}

/** The function of a product. */
export function emitGemm(
  target: Target,
  step: GemmInstruction,
  products: Products,
  cut?: Cut,
): Code {
  const dtype = floatOf([step.out])!;
  const emitting = begin(target, dtype);
  const { code } = emitting;
  const [a, b, c] = [step.a, step.b, step.out].map((slot) => baseOf(emitting, slot)) as [
    Base,
    Base,
    Base,
  ];
  const addend = step.update && baseOf(emitting, step.update.addend);
  const driver = products.driver(dtype);
  const start = code.local("i32");
  if (cut !== undefined) code.get(PART).i32(cut.part).op(op.i32Mul).set(start);
  const written = new Set<number>();
  for (const [t, z] of step.layout.outOffsets.entries()) {
    const { aOffsets, bOffsets } = step.layout;
    const source = written.has(z) ? c : addend;
    call(emitting, step, {
      a,
      b,
      c,
      source,
      at: [aOffsets[t], bOffsets[t], z],
      start,
      cut,
      driver,
    });
    written.add(z);
  }
  return code;
}

interface Calling {
  readonly a: Base;
  readonly b: Base;
  readonly c: Base;
  readonly source: Base | undefined;
  readonly at: readonly [number, number, number];
  readonly start: number;
  readonly cut: Cut | undefined;
  readonly driver: number;
}

function call({ code, lanes }: Emitting, step: GemmInstruction, calling: Calling): void {
  const { layout, update } = step;
  const { m, k, n } = layout;
  const { start, cut, at } = calling;
  const { aI, aP, bP, bJ } = stridesOfGemm(step);
  const from = (base: Base, offset: number, stride: number): void => {
    pushBase(code, base)
      .i32(offset * lanes.size)
      .op(op.i32Add);
    if (cut !== undefined && stride > 0) {
      code
        .get(start)
        .i32(stride * lanes.size)
        .op(op.i32Mul, op.i32Add);
    }
  };
  const isRows = cut?.axis === "rows";
  const count = (axis: Cut["axis"], size: number): void => {
    if (cut?.axis !== axis) {
      code.i32(size);
      return;
    }
    code.i32(size).get(start).op(op.i32Sub).i32(cut.part);
    code.i32(size).get(start).op(op.i32Sub).i32(cut.part).op(op.i32LtS, op.select);
  };
  from(calling.a, at[0], isRows ? aI : 0);
  code.i32(aI * lanes.size).i32(aP * lanes.size);
  from(calling.b, at[1], isRows ? 0 : bJ);
  code.i32(bP * lanes.size).i32(bJ * lanes.size);
  from(calling.c, at[2], isRows ? n : 1);
  code.i32(n * lanes.size);
  if (calling.source === undefined) code.i32(0);
  else from(calling.source, at[2], isRows ? n : 1);
  count("rows", m);
  count("columns", n);
  code.i32(k);
  if (lanes.type === "f64") code.f64(update?.scale ?? 1);
  else code.f32(update?.scale ?? 1);
  code.get(SCRATCH).i32(OWN_BYTES).op(op.i32Add).call(calling.driver);
}

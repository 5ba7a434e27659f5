/** What the engine can do, and what is faster: nothing tells but a trial. */
import { Code } from "./code.ts";
import { tileOf } from "./blocks.ts";
import { engine, type Compile } from "./engine.ts";
import { lanesOf } from "./lanes.ts";
import { emitMicro } from "./micro.ts";
import { ENVIRONMENT, Module } from "./module.ts";

/** How many columns and rows a tile is the product of, as deep as in a large product. */
const DEPTH = 256;
const ROUNDS = 10;
const CALLS = 100;
/** What the larger tile has to gain; without wide vectors it has too many sums for the registers, and loses. */
const GAIN = 1.15;

/** Tiles of both kinds, timed in turns: the best round of each counts, which nothing else held up. */
export function isWiderFaster(compile: Compile): boolean {
  const module = new Module([]);
  const kinds = [false, true].map((wide) => {
    const lanes = lanesOf("float32", { fused: true, hoists: false, wide });
    const { rows, columns } = tileOf(lanes);
    module.add(emitMicro(lanes, rows, columns), String(wide));
    return { name: String(wide), step: columns * 16, numbers: rows * columns, best: Infinity };
  });
  const memory = new engine!.Memory({ initial: 1, maximum: 1 });
  const bytes = module.bytes({ pages: 1, maximum: 1, shared: false });
  const tiles = new engine!.Instance(compile(bytes), { [ENVIRONMENT]: { memory } }).exports;
  const [a, b, c] = [0, 8192, 32_768];
  for (let round = 0; round < ROUNDS; round++) {
    for (const kind of kinds) {
      const start = performance.now();
      for (let i = 0; i < CALLS; i++) tiles[kind.name](a, b, kind.step, DEPTH, c, 64, 0, 1);
      kind.best = Math.min(kind.best, performance.now() - start);
    }
  }
  const [narrow, wide] = kinds.map(({ numbers, best }) => numbers / best);
  return wide > GAIN * narrow;
}

/** Whether the engine multiplies and adds in one instruction: relaxed SIMD. */
export function hasFused(): boolean {
  const code = new Code("v128");
  code.get(0).get(0).get(0).simd(0x107).op(0x1a);
  const module = new Module([]);
  module.add(code);
  return engine!.validate(module.bytes({ pages: 1, maximum: 1, shared: false }));
}

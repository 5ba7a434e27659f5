/** Long sums in vectors. */
import type { Code } from "./code.ts";
import { splat, v128, type Lanes } from "./lanes.ts";

/** How many numbers are added up, at least, before their sum is put aside. */
const SHORTEST = 256;

/**
 * Runs a loop that adds to sums. What is small beside a sum is lost from it: after a stretch each sum is added to a total
 * and begins anew, so that the error grows with the root of the length rather than with the length.
 */
export function inStretches(
  code: Code,
  lanes: Lanes,
  { rounds, sums }: { readonly rounds: number; readonly sums: readonly number[] },
  body: () => void,
): void {
  const stretch = Math.max(SHORTEST, Math.ceil(Math.sqrt(rounds)));
  const stretches = Math.floor(rounds / stretch);
  if (stretches < 2) {
    code.times(rounds, body);
    return;
  }
  const totals = sums.map(() => code.local("v128"));
  const addTotals = (to: readonly number[]): void => {
    for (const [i, sum] of sums.entries()) {
      code.get(totals[i]).get(sum).simd(lanes.codes.add).set(to[i]);
    }
  };
  for (const total of totals) splat(code, lanes, 0).set(total);
  code.times(stretches, () => {
    code.times(stretch, body);
    addTotals(totals);
    for (const sum of sums) splat(code, lanes, 0).set(sum);
  });
  code.times(rounds % stretch, body);
  addTotals(sums);
  code.release("v128", ...totals);
}

/** The lanes of a local, combined in the first by an instruction. */
export function across(code: Code, lanes: Lanes, sum: number, instruction: number): void {
  for (let half = 8; half >= lanes.size; half /= 2) {
    const order = Array.from({ length: 16 }, (_, i) => (i + half) % 16);
    code
      .get(sum)
      .get(sum)
      .get(sum)
      .simd(v128.shuffle, ...order);
    code.simd(instruction).set(sum);
  }
}

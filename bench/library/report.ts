/** Prints what a workload came to, and what was reached of its goals. */
import { show, type Measurement, type Result } from "../harness.ts";
import type { Outcome } from "./measure.ts";
import type { Goal, Workload } from "./workload.ts";

/** How many times as good `ours` is. */
export function timesAsGood({ figure }: Workload, ours: Measurement, theirs: Measurement): number {
  return figure.better === "more" ? ours.median / theirs.median : theirs.median / ours.median;
}

function verdict(workload: Workload, rows: readonly Measurement[], goal: Goal): string {
  const { figure } = workload;
  const ours = goal.row === undefined ? rows[0] : rows.find(({ name }) => name === goal.row);
  if (ours === undefined) return `${goal.row ?? "gradbook"} was not measured: MISSED`;
  if (goal.against === undefined) {
    const isReached =
      figure.better === "more" ? ours.median >= goal.reach : ours.median <= goal.reach;
    const least = figure.better === "more" ? "at least" : "at most";
    return `${ours.name}: ${least} ${goal.reach} ${figure.unit}; now ${show(ours.median)}: ${isReached ? "reached" : "MISSED"}`;
  }
  const others = rows.filter(({ name }) => goal.against!.includes(name));
  if (others.length === 0) {
    return `${ours.name} × ${goal.against.join(", ")}: none was measured: MISSED`;
  }
  const best = others.reduce((a, b) => (timesAsGood(workload, b, a) > 1 ? b : a));
  const reached = timesAsGood(workload, ours, best);
  return `${ours.name}: at least ${goal.reach} × ${best.name}; now ${reached.toPrecision(3)}: ${reached >= goal.reach ? "reached" : "MISSED"}`;
}

/** The figure in the field's unit, where the workload's is not: GFLOP/s or GB/s. */
function alsoIn({ figure, flops, bytes }: Workload, { median }: Measurement): string {
  if (figure.unit === "GFLOP/s") return "";
  const seconds = figure.better === "more" ? 1 / median : median / 1000;
  if (flops !== undefined) return `${show(flops / seconds / 1e9)} GFLOP/s`;
  return bytes === undefined ? "" : `${show(bytes / seconds / 1e9)} GB/s`;
}

/** The outcome as a result that is kept. */
export function resultOf(workload: Workload, { measurements, absent, wrong }: Outcome): Result {
  const { claim, figure, goals } = workload;
  const failed = wrong.map(({ name, why }) => ({ name, why: `WRONG: ${why}` }));
  return {
    claim,
    unit: figure.unit,
    measurements,
    absent: [...failed, ...absent],
    verdicts: goals.map((goal) => verdict(workload, measurements, goal)),
  };
}

/** What was reached of a limit that a row has to stay under. */
export function goalOf(
  rows: readonly Measurement[],
  name: string,
  most: number,
  unit: string,
): string {
  const row = rows.find((each) => each.name === name);
  if (row === undefined) return `${name} was not measured: MISSED`;
  const reached = row.median <= most ? "reached" : "MISSED";
  return `${name}: at most ${most} ${unit}; now ${show(row.median)}: ${reached}`;
}

/** Prints a result whose rows are not held against each other. */
export function printAlone({ claim, unit, measurements, verdicts = [] }: Result): void {
  console.log(`\n${claim} (${unit}; median, least to most)`);
  for (const { name, median, least, most } of measurements) {
    console.log(
      `  ${name.padEnd(38)} ${show(median).padStart(10)} ${show(least)} to ${show(most)}`,
    );
  }
  for (const line of verdicts) console.log(`  goal: ${line}`);
}

/** Prints a result: each row with its spread, and how many times as good the first one is. */
export function print(workload: Workload, result: Result): void {
  const { claim, unit, measurements, absent = [], verdicts = [] } = result;
  console.log(`\n${claim} (${unit}; median, least to most; × how many times as good ours is)`);
  for (const row of measurements) {
    const cells = [
      row.name.padEnd(36),
      show(row.median).padStart(10),
      `${show(row.least)} to ${show(row.most)}`.padEnd(24),
      `× ${timesAsGood(workload, measurements[0], row).toPrecision(3)}`.padEnd(9),
      alsoIn(workload, row).padEnd(14),
      row.note ?? "",
    ];
    console.log(`  ${cells.join(" ").trimEnd()}`);
  }
  for (const { name, why } of absent) console.log(`  ${name.padEnd(36)} – ${why}`);
  for (const line of verdicts) console.log(`  goal: ${line}`);
}

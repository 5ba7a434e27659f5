/** What every benchmark shares: interleaved rounds, medians with spread, the machine, and results that are kept. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** One thing that is measured. A round returns a rate, or a time, in `unit`. */
export interface Contender {
  readonly name: string;
  round(): number | Promise<number>;
}

/** What the rounds of one contender came to. */
export interface Measurement {
  readonly name: string;
  readonly median: number;
  readonly least: number;
  readonly most: number;
  /** What the numbers have to be read with: dtype, version, threads. */
  readonly note?: string;
}

/** What could not be measured, and why. */
export interface Absence {
  readonly name: string;
  readonly why: string;
}

/** What the first contender is to reach: a share of what another came to, or a number. */
export interface Goal {
  readonly against: string | null;
  readonly most: number;
}

/** The results of one benchmark. */
export interface Result {
  readonly claim: string;
  readonly unit: string;
  readonly measurements: readonly Measurement[];
  readonly goals?: readonly Goal[];
  readonly absent?: readonly Absence[];
  /** Goals in words, each with what was reached. */
  readonly verdicts?: readonly string[];
}

export const [nodeMajor] = process.versions.node.split(".");
const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** The middle value; of an even count, the mean of the middle two. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Runs the contenders in turn, round after round, so that a busy machine is busy for all of them. */
export async function interleave(
  contenders: readonly Contender[],
  rounds: number,
): Promise<Measurement[]> {
  const seen = contenders.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, contender] of contenders.entries()) seen[i].push(await contender.round());
  }
  return contenders.map(({ name }, i) => measurementOf(name, seen[i]));
}

/** What the rounds of one contender came to. */
export function measurementOf(name: string, values: readonly number[]): Measurement {
  return { name, median: median(values), least: Math.min(...values), most: Math.max(...values) };
}

/** Collects rounds that give several figures at once. */
export class Tally<Figure extends string> {
  readonly #rounds = new Map<string, Readonly<Partial<Record<Figure, number>>>[]>();

  /** A contender that did not get so far has figures missing. */
  add(name: string, figures: Readonly<Partial<Record<Figure, number>>>): void {
    const rounds = this.#rounds.get(name);
    if (rounds === undefined) this.#rounds.set(name, [figures]);
    else rounds.push(figures);
  }

  /** One figure of every contender, in the order in which they were first added. */
  of(figure: Figure): Measurement[] {
    return [...this.#rounds].flatMap(([name, rounds]) => {
      const values = rounds
        .map((figures) => figures[figure])
        .filter((value) => value !== undefined);
      return values.length === 0 ? [] : [measurementOf(name, values)];
    });
  }
}

/** How often per second `step` runs, over at least `milliseconds`. */
export function rate(step: () => void, milliseconds: number): number {
  const start = performance.now();
  let count = 0;
  let elapsed = 0;
  for (let batch = 1; elapsed < milliseconds; batch *= 2) {
    for (let i = 0; i < batch; i++) step();
    count += batch;
    elapsed = performance.now() - start;
  }
  return (count / elapsed) * 1000;
}

/** Prints a result: each contender with its spread and its ratio to the last one, the baseline. */
export function report({ claim, unit, measurements, goals = [] }: Result): void {
  const baseline = measurements.at(-1)!;
  console.log(`${claim} (${unit}; median, least to most)`);
  for (const { name, median: middle, least, most } of measurements) {
    const ratio = baseline.median === 0 ? 1 : middle / baseline.median;
    const spread = `${show(least)} to ${show(most)}`;
    console.log(
      `  ${name.padEnd(28)} ${show(middle).padStart(12)}   ${spread.padEnd(26)} × ${ratio.toPrecision(3)}`,
    );
  }
  for (const { against, most } of goals) {
    const other = measurements.find(({ name }) => name === against);
    if (against !== null && other === undefined) continue;
    const reached = measurements[0].median / (other?.median ?? 1);
    const what = other === undefined ? unit : `× ${other.name}`;
    const verdict = reached <= most ? "reached" : "MISSED";
    console.log(`  goal: at most ${most} ${what}; now ${reached.toPrecision(3)}: ${verdict}`);
  }
}

/** A figure as it is printed: three digits, or all before the point. */
export function show(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString("en-US") : value.toPrecision(3);
}

/** Compares with the results kept under the same name, then keeps these if the benchmark was called with `--write`. */
export function keep(
  name: string,
  results: readonly Result[],
  pace: Readonly<Record<string, number>> = {},
): void {
  const file = join(root, "bench", "results", `${name}-node${nodeMajor}.json`);
  printChanges(file, results);
  if (!process.argv.includes("--write")) return;
  mkdirSync(dirname(file), { recursive: true });
  const rounded = results.map(({ claim, unit, measurements, absent, verdicts }) => ({
    claim,
    unit,
    absent,
    verdicts,
    measurements: measurements.map((m) => ({
      ...m,
      median: significant(m.median),
      least: significant(m.least),
      most: significant(m.most),
    })),
  }));
  writeFileSync(
    file,
    `${JSON.stringify({ ...machine(), ...pace, results: rounded }, undefined, 2)}\n`,
  );
  console.log(`kept in bench/results/${name}-node${nodeMajor}.json`);
}

function significant(value: number): number {
  return Number(value.toPrecision(4));
}

function printChanges(file: string, results: readonly Result[]): void {
  const before = readResults(file);
  for (const { claim, measurements } of results) {
    const old = before.find((result) => result.claim === claim)?.measurements[0];
    if (old === undefined) continue;
    const change = measurements[0].median / old.median;
    console.log(`${claim}: × ${change.toPrecision(3)} of the result kept last`);
  }
}

function readResults(file: string): readonly Result[] {
  try {
    return (JSON.parse(readFileSync(file, "utf8")) as { results: Result[] }).results;
  } catch {
    return [];
  }
}

/** What a number has to be read with: machine, runtime, revision. */
export function machine(): Readonly<Record<string, string | number>> {
  return {
    processor: cpus()[0].model,
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    revision: execFileSync("git", ["rev-parse", "--short", "HEAD"], {
      cwd: root,
      encoding: "utf8",
    }).trim(),
  };
}

/** A path under the repository's root. */
export function inRepository(...parts: readonly string[]): string {
  return join(root, ...parts);
}

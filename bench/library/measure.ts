/** One workload, from its numbers to its result: every peer is opened, checked against NumPy, and timed in turn. */
import { inRepository, measurementOf, type Absence, type Measurement } from "../harness.ts";
import { writeArrays } from "./data.ts";
import { PeerProcess, type About, type Command } from "./process.ts";
import type { Float, Task } from "./task.ts";
import type { Workload } from "./workload.ts";

/** How long and how often is measured. */
export interface Pace {
  readonly rounds: number;
  readonly milliseconds: number;
  /** A step that takes longer than this is measured once. */
  readonly slowSeconds: number;
}

/** What a workload came to: rows with figures, and what has none. */
export interface Outcome {
  readonly measurements: readonly Measurement[];
  readonly absent: readonly Absence[];
  /** Wrong answers; each fails the bench. */
  readonly wrong: readonly Absence[];
}

/** What is known of a row while it is measured. */
interface Row extends About {
  readonly process: PeerProcess;
  readonly variant: number;
  /** Seconds per step, of each round so far. */
  readonly seconds: number[];
  /** How many rounds it gets. */
  readonly rounds: number;
  /** The first round of a row that is not warm does not count. */
  readonly isWarm: boolean;
}

/** float64 agrees to rounding; float32 within what products of thousands of terms lose. Relative. */
const TOLERANCE: Readonly<Record<Float, number>> = { float64: 1e-12, float32: 1e-5 };
/** A plain float32 sum of millions loses this much. */
const SUM_TOLERANCE = 1e-4;
/** What each op of a chain adds in float32: 0.999 is off by 1.3e-8 there. */
const OP_TOLERANCE = 2e-8;
/** Below this a float32 is zero, or nearly. */
const SMALLEST = 1e-37;
/** A check that takes longer may have compiled, and has warmed up. */
const LONG_CHECK_SECONDS = 4;

/** How far a float32 may be off from the largest of the values: value `i`, in long sums and long chains, further. */
function singleTolerance(task: Task, i: number): number {
  if (task.kind === "chain" || task.kind === "chain gradient") return OP_TOLERANCE * task.ops;
  const isSum = task.kind === "elementwise" && task.pass === "gradient" && i === 0;
  return isSum ? SUM_TOLERANCE : TOLERANCE.float32;
}

/**
 * By how much a value may differ from the expected one. A loss sums −log p over points, each of which a float32 knows
 * to within its tolerance, however small; other values are held against the largest of them.
 */
function allowance(task: Task, expected: readonly number[], about: Judged): (i: number) => number {
  const { precision = about.dtype, points } = about;
  const isSingle = precision === "float32";
  if (task.kind === "training") {
    return (i) => TOLERANCE[precision] * (Math.abs(expected[i]) + (isSingle ? points : 0));
  }
  const largest = Math.max(...expected.map(Math.abs));
  if (!isSingle) return () => TOLERANCE.float64 * largest;
  return (i) => singleTolerance(task, i) * largest + SMALLEST;
}

/** Whose answer is judged, and how many points a loss sums. */
interface Judged extends Pick<About, "dtype" | "precision"> {
  readonly points: number;
}

/** Where values differ from the expected ones by more than they may, in words. */
export function differenceOf(
  task: Task,
  values: readonly number[],
  expected: readonly number[],
  about: Judged,
): string | undefined {
  if (values.length !== expected.length) {
    return `gave ${values.length} values instead of ${expected.length}`;
  }
  const allowed = allowance(task, expected, about);
  const at = values.findIndex((value, i) => !(Math.abs(value - expected[i]) <= allowed(i)));
  return at < 0 ? undefined : `gave ${values[at]} instead of ${expected[at]} (value ${at})`;
}

/** The values of the first variant that `command` has for a task in float64, if there are any. */
async function referenceValues(
  command: Command | undefined,
  task: Task,
  folder: string,
): Promise<readonly number[] | undefined> {
  if (command === undefined) return undefined;
  const process = new PeerProcess(command);
  const opened = await process.open({ ...task, dtype: "float64" }, folder);
  const checked = typeof opened === "string" ? opened : await process.check(0);
  await process.close();
  return typeof checked === "string" ? undefined : checked.values;
}

/** Opens a peer and checks its variants, while the others rest. */
async function admit(
  process: PeerProcess,
  { task, name }: Workload,
  expected: { values: readonly number[] | undefined; readonly points: number },
  pace: Pace,
): Promise<{ rows: Row[]; absent: Absence[]; wrong: Absence[] }> {
  const opened = await process.open(task, dataFolder(name));
  if (typeof opened === "string") {
    return { rows: [], absent: [{ name: process.name, why: opened }], wrong: [] };
  }
  const [rows, absent, wrong]: [Row[], Absence[], Absence[]] = [[], [], []];
  for (const [variant, about] of opened.entries()) {
    const checked = await process.check(variant);
    if (typeof checked === "string") {
      absent.push({ name: about.name, why: checked });
      continue;
    }
    // Without NumPy, the first to answer is what the others are held against.
    expected.values ??= checked.values;
    const judged = { ...about, points: expected.points };
    const difference = differenceOf(task, checked.values, expected.values, judged);
    if (difference !== undefined) wrong.push({ name: about.name, why: difference });
    else
      rows.push({
        ...about,
        process,
        variant,
        ...(await firstRound(process, variant, checked, pace)),
      });
  }
  return { rows, absent, wrong };
}

/** After a long check one more step, which counts, tells whether it was long for compiling. */
async function firstRound(
  process: PeerProcess,
  variant: number,
  checked: { readonly seconds: number },
  { rounds, slowSeconds }: Pace,
): Promise<Pick<Row, "seconds" | "rounds" | "isWarm">> {
  if (checked.seconds <= LONG_CHECK_SECONDS) return { seconds: [], rounds, isWarm: false };
  const seconds = await process.round(variant, 1);
  if (typeof seconds === "string" || seconds < LONG_CHECK_SECONDS) {
    return { seconds: [], rounds, isWarm: true };
  }
  return { seconds: [seconds], rounds: seconds > slowSeconds ? 1 : rounds, isWarm: true };
}

/** Rounds in turn. A row that fails is taken out, with its reason. */
async function interleaved(rows: readonly Row[], milliseconds: number): Promise<Absence[]> {
  const failed = new Map<Row, string>();
  const isOpen = (row: Row): boolean => !failed.has(row) && row.seconds.length < row.rounds;
  for (let round = 0; rows.some(isOpen); round++) {
    for (const row of rows.filter(isOpen)) {
      if (round === 0 && row.isWarm) continue;
      const seconds = await row.process.round(row.variant, milliseconds);
      if (typeof seconds === "string") failed.set(row, seconds);
      else if (round > 0) row.seconds.push(seconds);
    }
  }
  return [...failed].map(([{ name }, why]) => ({ name, why }));
}

function dataFolder(name: string): string {
  return inRepository(".cache", "bench-data", name);
}

/** Measures one workload with all peers. */
export async function measure(
  workload: Workload,
  commands: readonly Command[],
  reference: Command | undefined,
  pace: Pace,
): Promise<Outcome> {
  const { task, name, figure } = workload;
  const arrays = workload.arrays();
  writeArrays(dataFolder(name), arrays);
  const expected = {
    values: await referenceValues(reference, task, dataFolder(name)),
    points: arrays["points"]?.shape[0] ?? 0,
  };
  const { without = {} } = workload;
  const asked = commands.filter(({ name: peer }) => !(peer in without));
  const processes = asked.map((command) => new PeerProcess(command));
  const rows: Row[] = [];
  const absent: Absence[] = Object.entries(without).map(([peer, why]) => ({ name: peer, why }));
  const wrong: Absence[] = [];
  for (const process of processes) {
    const admitted = await admit(process, workload, expected, pace);
    rows.push(...admitted.rows);
    absent.push(...admitted.absent);
    wrong.push(...admitted.wrong);
  }
  absent.push(...(await interleaved(rows, pace.milliseconds)));
  for (const process of processes) await process.close();
  const measurements = rows
    .filter(({ seconds }) => seconds.length > 0)
    .map(({ name: row, note, seconds, rounds }) => ({
      ...measurementOf(row, seconds.map(figure.of)),
      note: rounds === 1 ? `${note}, seen once` : note,
    }));
  return { measurements, absent, wrong };
}

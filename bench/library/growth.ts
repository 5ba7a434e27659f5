/** Whether building a graph and its gradient grows in proportion to its ops. */
import type { Measurement, Result } from "../harness.ts";
import { gradient100k, gradient10k, gradient1M } from "./chain.ts";
import { goalOf } from "./report.ts";
import type { Workload } from "./workload.ts";

/** What an op may cost more among a million than among a hundred thousand: caches are left, nothing else. */
const MOST = 1.5;
const RATIO = "1,000,000 ops over 100,000, for each op";

function opsOf({ task }: Workload): number {
  return "ops" in task ? task.ops : 0;
}

/** Ours, in nanoseconds an op. */
function perOp(workload: Workload, results: readonly Result[]): Measurement | undefined {
  const ours = results.find(({ claim }) => claim === workload.claim)?.measurements[0];
  if (ours === undefined || !ours.name.startsWith("gradbook")) return undefined;
  const ops = opsOf(workload);
  const each = (milliseconds: number): number => (milliseconds * 1e6) / ops;
  const { median, least, most } = ours;
  const name = `${ops.toLocaleString("en-US")} ops`;
  return { name, median: each(median), least: each(least), most: each(most) };
}

/** The cost of an op at each size that was measured; nothing unless there are two. */
export function growthOf(results: readonly Result[]): Result | undefined {
  const found = [gradient10k, gradient100k, gradient1M].map((each) => perOp(each, results));
  const measurements = found.filter((each) => each !== undefined);
  if (measurements.length < 2) return undefined;
  const [, middle, last] = found;
  const ratio = middle === undefined || last === undefined ? [] : [last.median / middle.median];
  const rows = ratio.map((value) => ({ name: RATIO, median: value, least: value, most: value }));
  return {
    claim: "W7 growth of build and gradient",
    unit: "ns an op",
    measurements,
    verdicts: [goalOf(rows, RATIO, MOST, "times")],
  };
}

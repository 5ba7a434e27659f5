/** How long it takes to import the library, over a Node that imports nothing. */
import { spawnSync } from "node:child_process";
import { Tally, type Result } from "../harness.ts";
import { goalOf } from "./report.ts";

const MOST = 30;
/** Starting Node takes tens of milliseconds and varies by some: more rounds than elsewhere. */
const ROUNDS_FOR_ONE = 3;
const EMPTY = "an empty Node";
const LIBRARY = "import of gradbook, over an empty Node";

function milliseconds(script: string): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(
    process.execPath,
    ["--input-type=module", "--eval", script],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`import.ts: ${stderr}`);
  return performance.now() - start;
}

/** Measures pairs of fresh processes. */
export function measureImport(rounds: number): Result {
  // What package.json exports: the bundle.
  const entry = import.meta.resolve("gradbook");
  const tally = new Tally<"milliseconds">();
  for (let round = 0; round < ROUNDS_FOR_ONE * rounds; round++) {
    const empty = milliseconds("0");
    const full = milliseconds(`import ${JSON.stringify(entry)}`);
    tally.add(LIBRARY, { milliseconds: full - empty });
    tally.add(EMPTY, { milliseconds: empty });
  }
  const measurements = tally.of("milliseconds");
  return {
    claim: "import time",
    unit: "ms",
    measurements,
    verdicts: [goalOf(measurements, LIBRARY, MOST, "ms")],
  };
}

/** How long the library takes to make a plan: what a first run costs more than a usual one. */
import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Tally, type Result } from "../harness.ts";
import { goalOf } from "./report.ts";

const FIRST_RUN = join(dirname(fileURLToPath(import.meta.url)), "first_run.js");
const MOST_W1 = 2;
const MOST_CHAIN = 300;

/** What first_run.ts prints. */
interface Figures {
  /** The fresh plan of a net whose like has been planned before. */
  readonly warm: number;
  /** The first plan of a process: the engine compiles the library too. */
  readonly cold: number;
  /** All that the first two hundred runs took longer than usual ones. */
  readonly until: number;
  /** The plan of ten thousand ops. */
  readonly chain: number;
}

const rows: Readonly<Record<keyof Figures, string>> = {
  warm: "W1, a plan",
  cold: "W1, the first plan of a process",
  until: "W1, all until the runs are steady",
  chain: "10,000 ops, a plan",
};

/** Measures in `rounds` fresh processes. */
export function measureCompiling(rounds: number): Result {
  const tally = new Tally<"milliseconds">();
  for (let round = 0; round < rounds; round++) {
    const figures = JSON.parse(
      execFileSync(process.execPath, [FIRST_RUN], { encoding: "utf8" }),
    ) as Figures;
    for (const key of ["warm", "cold", "until", "chain"] as const) {
      tally.add(rows[key], { milliseconds: figures[key] });
    }
  }
  const measurements = tally.of("milliseconds");
  return {
    claim: "compile time",
    unit: "ms more than a usual run",
    measurements,
    verdicts: [
      goalOf(measurements, rows.warm, MOST_W1, "ms"),
      goalOf(measurements, rows.chain, MOST_CHAIN, "ms"),
    ],
  };
}

import { durationText } from "./duration.ts";
import type { LoopBody, LoopMagic, MagicHost } from "./magic.ts";

const RUNS = 7;
/** One run is to take at least so long: the clock and the call around it are no part of the result then. */
const LEAST_RUN_MS = 100;
const LARGEST = 1e9;

export const timeit: LoopMagic = {
  name: "timeit",
  usage: ["%timeit statement", "%timeit -n 1000 -r 7 statement", "%%timeit"],
  doc: "Runs the statement, or the cell below, in enough loops to measure it: mean and standard deviation of 7 runs. -n fixes the loops of a run, -r the runs.",
  forms: ["line", "cell"],
  takes: "loop",
  options: /^(?:[ \t]+-[nr][ \t]*\d+)*/,
  async loop(body, text, host) {
    const runs = Math.max(1, option(text, "r") ?? RUNS);
    const loops = Math.max(1, option(text, "n") ?? (await enough(body, host)));
    const times: number[] = [];
    for (let run = 0; run < runs; run++) {
      times.push((await measure(body, loops, host)) / loops);
    }
    const mean = times.reduce((sum, one) => sum + one, 0) / runs;
    const variance = times.reduce((sum, one) => sum + (one - mean) ** 2, 0) / runs;
    const what = `${runs} ${runs === 1 ? "run" : "runs"}, ${loops.toLocaleString("en")} ${loops === 1 ? "loop" : "loops"} each`;
    host.print(
      `${durationText(mean)} ± ${durationText(Math.sqrt(variance))} per loop (mean ± std. dev. of ${what})\n`,
    );
  },
};

function option(text: string, name: "n" | "r"): number | null {
  const found = new RegExp(`-${name}[ \\t]*(\\d+)`).exec(text)?.[1];
  return found === undefined ? null : Number(found);
}

/** 1, 2, 5, 10, 20, …: the first that takes long enough. */
async function enough(body: LoopBody, host: MagicHost): Promise<number> {
  for (let decade = 1; ; decade *= 10) {
    for (const step of [1, 2, 5]) {
      const loops = decade * step;
      if ((await measure(body, loops, host)) >= LEAST_RUN_MS || loops >= LARGEST) return loops;
    }
  }
}

/** Results are kept until the next one, or an optimizing compiler might leave the work out. */
async function measure(
  { call, isAsync }: LoopBody,
  loops: number,
  host: MagicHost,
): Promise<number> {
  let kept: unknown;
  const start = host.now();
  if (isAsync) for (let i = 0; i < loops; i++) kept = await call();
  else for (let i = 0; i < loops; i++) kept = call();
  const elapsed = host.now() - start;
  void kept;
  return elapsed;
}

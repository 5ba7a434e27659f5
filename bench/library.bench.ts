/**
 * Claim: the course's networks train faster than in any library a TypeScript user could pick, and large ones come near
 * the machine's limit. The workloads W1 to W7 beside TensorFlow.js, jax-js, numpy-ts, ONNX Runtime, PyTorch and NumPy.
 * Every answer is compared with NumPy's in float64 before anything is timed; a wrong one fails the bench.
 * `--quick` measures two short rounds; `--only=perceptron,xor` names workloads; `--write` keeps the numbers.
 */
import { loadavg } from "node:os";
import { keep, type Result } from "./harness.ts";
import { measureCompiling } from "./library/compile.ts";
import { growthOf } from "./library/growth.ts";
import { measureImport } from "./library/import.ts";
import { measure, type Pace } from "./library/measure.ts";
import { writePages } from "./library/page.ts";
import { libraries } from "./library/peers.ts";
import { print, printAlone, resultOf } from "./library/report.ts";
import { workloads } from "./library/workloads.ts";

const only = process.argv
  .find((argument) => argument.startsWith("--only="))
  ?.slice(7)
  .split(",");
const isQuick = process.argv.includes("--quick");
const pace: Pace = isQuick
  ? { rounds: 2, milliseconds: 150, slowSeconds: 4 }
  : { rounds: 5, milliseconds: 500, slowSeconds: 30 };
const extras = { compile: measureCompiling, import: measureImport };

const { commands, reference } = libraries();
/** How busy the machine was with other things. */
const load = Number(loadavg()[0].toFixed(2));
const names = [...workloads.map(({ name }) => name), ...Object.keys(extras)];
const unknown = (only ?? []).filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`no workload named ${unknown.join(", ")}; there are ${names.join(", ")}`);
  process.exit(2);
}
if (only !== undefined && process.argv.includes("--write")) {
  console.error("--write keeps the numbers of one run of everything; leave out --only");
  process.exit(2);
}
const results: Result[] = [];
for (const workload of workloads) {
  if (only !== undefined && !only.includes(workload.name)) continue;
  const outcome = await measure(workload, commands, reference, pace);
  const result = resultOf(workload, outcome);
  print(workload, result);
  if (outcome.wrong.length > 0) process.exitCode = 1;
  results.push(result);
}
const grown = growthOf(results);
if (grown !== undefined) {
  printAlone(grown);
  results.push(grown);
}
for (const [name, measureExtra] of Object.entries(extras)) {
  if (only !== undefined && !only.includes(name)) continue;
  const result = measureExtra(pace.rounds);
  printAlone(result);
  results.push(result);
}
console.log();
keep("library", results, { ...pace, load });
if (process.argv.includes("--write")) await writePages();
process.exit();

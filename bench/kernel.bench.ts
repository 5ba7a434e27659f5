/**
 * The kernel beside tslab, ipykernel, ijavascript and Deno's kernel: how it starts, how long a cell takes, what it
 * prints, how it is stopped, how much memory it takes. Every answer is checked, and the kernels take turns.
 */
import { keep, report, type Result } from "./harness.ts";
import { measureCells } from "./kernel/cells.ts";
import { measureInterrupts } from "./kernel/interrupts.ts";
import { measureLines } from "./kernel/lines.ts";
import { measureStart } from "./kernel/start.ts";
import { kernels } from "./peers.ts";

const rows = {
  start: measureStart,
  cells: measureCells,
  lines: measureLines,
  interrupts: measureInterrupts,
};
const only = process.argv.find((argument) => argument.startsWith("--only="))?.split("=")[1];

const peers = kernels();
const results: Result[] = [];
for (const [name, measure] of Object.entries(rows)) {
  if (only !== undefined && only !== name) continue;
  const from = performance.now();
  results.push(...(await measure(peers)));
  console.log(`${name}: measured in ${((performance.now() - from) / 1000).toFixed(0)} s`);
}
for (const result of results) report(result);
keep("kernel", results);
process.exit();

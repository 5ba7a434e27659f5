/** Ten thousand cells of many kinds in one kernel: nothing goes missing, and it stays as quick and as small as it was. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import type { KernelClient } from "../../kernel/run/client.ts";
import { removeFolder, temporaryFolder } from "../../kernel/transport/folders.ts";
import { launchKernel } from "../schema/checked.ts";
import { runCell } from "./cells.ts";
import { hasProc, processorMs, residentMb } from "./process.ts";

const CELLS = 10_000;
const MEASURED = 1000;
const IDLE_MS = 4000;
/** V8 tidies up for some seconds after the last cell. */
const IDLE_WINDOWS = 5;
/** It is 60 MB, most of it V8 taking its time; a leak of 10 kB a cell would add 90. */
const MAX_GROWTH_MB = 120;
/** Of one processor, over the first window in which V8 has done. */
const MAX_IDLE_PERCENT = 0.5;

const folder = temporaryFolder("gradbook-soak-");
let kernel: KernelClient;

before(async () => {
  kernel = await launchKernel({ history: join(folder, "history.sqlite") });
});
after(async () => {
  await kernel.shutdown();
  removeFolder(folder);
});

/** A cell, and what a client sees of it between busy and idle. */
type Kind = readonly [source: (n: number) => string, ...published: string[]];

const KINDS: readonly Kind[] = [
  [(n) => `let x${n % 50} = ${n};`],
  [(n) => `${n} + 1`, "execute_result"],
  [(n) => `console.log("cell", ${n})`, "stream"],
  [
    (n) => `function f${n % 50}(a: number): number { return a * ${n}; }\nf${n % 50}(2)`,
    "execute_result",
  ],
  [
    (n) => `class C${n % 20} { constructor(readonly v = ${n}) {} }\nnew C${n % 20}()`,
    "execute_result",
  ],
  [
    (n) => `interface I${n} { a: string }\nconst i${n % 50}: I${n} = { a: "${n}" };\ni${n % 50}`,
    "execute_result",
  ],
  [(n) => `throw new RangeError("expected ${n}")`, "error"],
  [(n) => `const bad${n} = ;`, "error"],
  [(n) => `const y = await Promise.resolve(${n});\ny`, "execute_result"],
  [(n) => `await new Promise((done) => setTimeout(done)); ${n}`, "execute_result"],
  [
    (n) => `Array.from({ length: 20 }, (_, i) => ({ id: i, name: "n" + i, value: i * ${n} }))`,
    "execute_result",
  ],
  [(n) => `display.html("<b>${n}</b>")`, "display_data"],
  [
    (n) => `const h = display.text("${n}"); h.update("${n}!")`,
    "display_data",
    "update_display_data",
  ],
  [(n) => `for (let i = 0; i < 20; i++) console.log(i, ${n})`, "stream"],
  [() => `import { basename } from "node:path";\nbasename("/a/b.ts")`, "execute_result"],
  [(n) => `enum E${n % 20} { A, B }\nE${n % 20}.B`, "execute_result"],
  [(n) => `_ ?? ${n}`, "execute_result"],
  [
    (n) => `let s = 0; for (let i = 0; i < 20_000; i++) s += i % ${(n % 7) + 1}; s`,
    "execute_result",
  ],
  [(n) => `new Map([["k${n}", new Set([${n}])]])`, "execute_result"],
  [(n) => `// nothing but a comment ${n}`],
  [(n) => `const [a, { b }] = [${n}, { b: "x" }]; \`\${a}\${b}\``, "execute_result"],
];

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}

/** Merged or not: how many messages a stream takes is a matter of time. */
function withoutRepeats(types: readonly string[]): string[] {
  return types.filter((type, i) => type !== "stream" || types[i - 1] !== "stream");
}

test(`${CELLS} cells: every message comes, time and memory stay flat`, async () => {
  const times: number[] = [];
  const memory = new Map<number, number>();
  let counted = 0;
  for (let n = 1; n <= CELLS; n++) {
    const [source, ...published] = KINDS[n % KINDS.length];
    const started = performance.now();
    const { types, reply } = await runCell(kernel, source(n));
    times.push(performance.now() - started);
    const wanted = ["status", "execute_input", ...published, "status"];
    assert.deepEqual(withoutRepeats(types), wanted, source(n));
    assert.equal(reply["status"], published.includes("error") ? "error" : "ok", source(n));
    if (reply["execution_count"] === n) counted++;
    if ([1000, 5000, CELLS].includes(n)) memory.set(n, residentMb(kernel.process.pid));
  }
  const [first, last] = [median(times.slice(0, MEASURED)), median(times.slice(-MEASURED))];
  console.log(
    `p50 of the first ${MEASURED}: ${first.toFixed(2)} ms, of the last: ${last.toFixed(2)} ms`,
  );
  const figures = [...memory].map(([at, mb]) => `${at}: ${mb.toFixed(0)} MB`);
  console.log(`resident after ${figures.join(", ")}`);
  assert.equal(counted, CELLS);
  const growth = (memory.get(CELLS) ?? 0) - (memory.get(1000) ?? 0);
  assert.ok(growth < MAX_GROWTH_MB, `${growth.toFixed(0)} MB more than after 1000 cells`);
});

const skip = hasProc ? false : "this system has no /proc";

test("a kernel that has nothing to do does nothing", { skip }, async () => {
  const percents: number[] = [];
  for (let window = 0; window < IDLE_WINDOWS; window++) {
    const start = processorMs(kernel.process.pid);
    // The one wait that is for time itself: what is measured is what happens meanwhile.
    await delay(IDLE_MS);
    percents.push((100 * (processorMs(kernel.process.pid) - start)) / IDLE_MS);
    if (Math.min(...percents) <= MAX_IDLE_PERCENT) break;
  }
  const shown = percents.map((percent) => percent.toFixed(2)).join(", ");
  console.log(`idle: ${shown} % of a processor, in windows of ${IDLE_MS / 1000} s`);
  assert.ok(Math.min(...percents) <= MAX_IDLE_PERCENT, shown);
});

test("history has the latest of them, in bounds", async () => {
  const content = { hist_access_type: "tail", n: 20_000, output: false, raw: true };
  const { content: reply } = await kernel.request("history_request", content);
  const rows = reply["history"] as [number, number, string][];
  assert.equal(rows.length, CELLS);
  assert.deepEqual([rows[0]?.[1], rows.at(-1)?.[1]], [1, CELLS]);
  await kernel.shutdown();
});

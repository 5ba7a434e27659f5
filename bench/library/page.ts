/** The pages of the results, made out of what is kept: docs/benchmarks.md to read, docs/benchmarks.html to play with. */
import { writeFileSync } from "node:fs";
import { inRepository, show, type Measurement, type Result } from "../harness.ts";
import { figureOf, speed } from "./figure.ts";
import { keptFor, type Kept } from "./kept.ts";

const PICTURE = "images/benchmarks.png";
const MAIN = 24;
const BESIDE = 20;

/** The pages as text. */
export interface Pages {
  readonly markdown: string;
  readonly html: string;
}

function machineLine(kept: Kept): string {
  const { processor, cores, memoryGiB, node, revision, rounds, load } = kept;
  const machine = `${processor}, ${cores} cores, ${memoryGiB} GiB, load ${load ?? "unknown"} before the run`;
  return `${machine}; Node ${node.slice(1)}, revision ${revision}, ${rounds} rounds`;
}

/** Above this the machine was not quiet; it has two cores. */
const QUIET = 1;

/** A word of caution for figures that were taken while others worked. */
function caution(kept: readonly (Kept | undefined)[]): string[] {
  const busy = kept.flatMap((each) =>
    each === undefined || (each.load ?? Infinity) <= QUIET ? [] : [`Node ${each.node.slice(1)}`],
  );
  if (busy.length === 0) return [];
  return [
    "",
    `**The machine was busy with other work when ${busy.join(" and ")} was measured: those figures are rough, and libraries whose threads wait for each other by spinning suffer most.**`,
  ];
}

/** Ours as a multiple of each row, as the printed report has it. */
function timesOurs(result: Result, row: Measurement): string {
  const theirs = speed(result, row);
  return theirs === undefined ? "" : `× ${(1 / theirs).toPrecision(3)}`;
}

function rowOf(result: Result, row: Measurement, beside: Result | undefined): string {
  const other = beside?.measurements.find(({ name }) => name === row.name);
  const cells = [
    row.name,
    show(row.median),
    `${show(row.least)} to ${show(row.most)}`,
    timesOurs(result, row),
    other === undefined ? "" : show(other.median),
    row.note ?? "",
  ];
  return `| ${cells.join(" | ")} |`;
}

function section(result: Result, beside: Result | undefined): string[] {
  const { claim, unit, measurements, absent = [], verdicts = [] } = result;
  return [
    `## ${claim}`,
    "",
    `| ${unit} | median | least to most | ours is | Node ${BESIDE} | |`,
    "| --- | ---: | --- | ---: | ---: | --- |",
    ...measurements.map((row) => rowOf(result, row, beside)),
    ...absent.map(({ name, why }) => `| ${name} | – | | | | ${why} |`),
    "",
    ...verdicts.map((line) => `- ${line}`),
    ...(verdicts.length > 0 ? [""] : []),
  ];
}

const INTRODUCTION = `How long the course's networks and a few plain computations take here and in other libraries: seven workloads, each in a process of its own
for every library, in turn, two threads. A figure is the median of the rounds. Every library's answers were compared with NumPy's in float64 before it was timed.
_Ours is × 2_ means twice as fast as that row. What each workload is: [bench/library](../bench/library/workloads.ts). How to measure it anew:

    npm run bench -- library --write`;

function markdownOf(kept: Kept, beside: Kept | undefined): string {
  const lines = [
    "# Benchmarks of the library",
    "",
    "<!-- Made by bench/page.ts out of bench/results; do not edit. -->",
    "",
    INTRODUCTION,
    "",
    `Measured on: ${machineLine(kept)}.`,
    ...(beside === undefined ? [] : ["", `Beside it: ${machineLine(beside)}.`]),
    ...caution([kept, beside]),
    "",
    `![How fast each library is, with gradbook as 1](${PICTURE})`,
    "",
    ...kept.results.flatMap((result) =>
      section(
        result,
        beside?.results.find(({ claim }) => claim === result.claim),
      ),
    ),
  ];
  return `${lines.join("\n").trimEnd()}\n`;
}

function htmlOf(kept: Kept): string {
  // "<" would end the script early if a name had it.
  const figure = JSON.stringify(figureOf(kept)).replaceAll("<", "\\u003c");
  return `<!doctype html>
<!-- Made by bench/page.ts out of bench/results; do not edit. -->
<html lang="en">
  <meta charset="utf-8" />
  <title>Benchmarks of gradbook's library</title>
  <h1>Benchmarks of the library</h1>
  <p>${machineLine(kept)}. Tables: <a href="benchmarks.md">benchmarks.md</a>.</p>
  <div id="figure"><img src="${PICTURE}" alt="How fast each library is, with gradbook as 1" /></div>
  <!-- Plotly is not in the repository: after npm install it is found here; without it the picture stays. -->
  <script src="../node_modules/plotly.js-dist-min/plotly.min.js"></script>
  <script>
    const figure = ${figure};
    if (typeof Plotly !== "undefined") {
      document.getElementById("figure").replaceChildren();
      Plotly.newPlot("figure", figure.data, figure.layout, figure.config);
    }
  </script>
</html>
`;
}

/** The pages for what is kept, or nothing before anything was. */
export function pages(): Pages | undefined {
  const kept = keptFor(MAIN);
  if (kept === undefined) return undefined;
  return { markdown: markdownOf(kept, keptFor(BESIDE)), html: htmlOf(kept) };
}

/** Writes the pages and their picture into docs/. */
export async function writePages(): Promise<void> {
  const made = pages();
  if (made === undefined) {
    throw new Error(`no results for Node ${MAIN}; run: npm run bench -- library --write`);
  }
  const raster = await figureOf(keptFor(MAIN)!).raster();
  if ("reason" in raster) throw new Error(`the picture could not be drawn: ${raster.reason}`);
  writeFileSync(inRepository("docs", PICTURE), Buffer.from(raster.png, "base64"));
  writeFileSync(inRepository("docs", "benchmarks.md"), made.markdown);
  writeFileSync(inRepository("docs", "benchmarks.html"), made.html);
  console.log("wrote docs/benchmarks.md and docs/benchmarks.html");
}

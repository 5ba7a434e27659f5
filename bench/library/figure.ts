/** The results in one picture: how fast each library is, with ours as 1. */
import type { Measurement, Result } from "../harness.ts";
import { plot } from "../../lib/display/index.ts";
import type { Kept } from "./kept.ts";
import { timesAsGood } from "./report.ts";
import { workloads } from "./workloads.ts";

type Picture = ReturnType<typeof plot>;

/** Marker shapes beside colours, one for each row: ten are too many for colours alone. */
const SYMBOLS = [
  "circle",
  "square",
  "diamond",
  "triangle-up",
  "pentagon",
  "star",
  "x",
  "cross",
  "triangle-down",
  "hexagon",
];
const COLORS = [
  "#33bbee",
  "#0077bb",
  "#009988",
  "#332288",
  "#999933",
  "#ee7733",
  "#ee3377",
  "#777777",
  "#cc3311",
  "#aa4499",
];

/** Rows of ours are the unit, not a trace. */
export const isOurs = ({ name }: Measurement): boolean => name.startsWith("gradbook");

/** The speed of a row with ours as 1, or nothing for a claim that no workload makes. */
export function speed({ claim, measurements }: Result, row: Measurement): number | undefined {
  const workload = workloads.find((each) => each.claim === claim);
  return workload === undefined ? undefined : 1 / timesAsGood(workload, measurements[0], row);
}

function traces(results: readonly Result[]): Record<string, unknown>[] {
  const names = new Set(
    results.flatMap(({ measurements }) =>
      measurements.filter((row) => !isOurs(row)).map(({ name }) => name),
    ),
  );
  return [...names].map((name, i) => {
    const points = results.flatMap((result) => {
      const row = result.measurements.find((each) => each.name === name);
      const x = row === undefined ? undefined : speed(result, row);
      return x === undefined ? [] : [{ x, y: result.claim }];
    });
    return {
      type: "scatter",
      mode: "markers",
      name,
      x: points.map(({ x }) => Number(x.toPrecision(3))),
      y: points.map(({ y }) => y),
      marker: {
        size: 10,
        color: COLORS[i % COLORS.length],
        symbol: SYMBOLS[i % SYMBOLS.length],
      },
    };
  });
}

const WIDTH = 960;
const ROW = 44;
const FRAME = 150;

/** One line of markers for each workload; what lies left of 1 is slower than ours. */
export function figureOf(kept: Kept): Picture {
  const results = kept.results.filter(({ claim }) =>
    workloads.some((each) => each.claim === claim),
  );
  const claims = results.map(({ claim }) => claim);
  return plot({
    data: traces(results),
    layout: {
      title: { text: "Speed beside gradbook, which is 1" },
      width: WIDTH,
      height: FRAME + ROW * claims.length,
      margin: { l: 330, r: 20, t: 60, b: 60 },
      xaxis: { type: "log", title: { text: "times as fast as gradbook" } },
      yaxis: { type: "category", categoryorder: "array", categoryarray: claims.toReversed() },
      legend: { orientation: "v" },
      shapes: [
        {
          type: "line",
          x0: 1,
          x1: 1,
          y0: 0,
          y1: 1,
          yref: "paper",
          line: { color: "#1f2933", width: 2 },
        },
      ],
    },
  });
}

/** Values that read better as tables: which become one, and what a reader sees in it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { bundleOf } from "../../../../kernel/back/display.ts";
import { gridOf } from "../../../../kernel/back/values/grid.ts";
import { htmlOf } from "../../../../kernel/back/values/html.ts";
import { Keys } from "../../../../kernel/back/values/printer.ts";
import { tableOf } from "../../../../kernel/back/values/table.ts";
import { typedTableOf } from "../../../../kernel/back/values/typed_table.ts";

class Point {
  readonly x: number;
  readonly y: number;
  constructor(x: number, y: number) {
    this.x = x;
    this.y = y;
  }
}

const range = (length: number): number[] => Array.from({ length }, (_, i) => i);

/** A table as lines of text: heads with types, rows, caption. */
function drawn(value: unknown): string[] | null {
  const table = typedTableOf(value) ?? tableOf(value, new Keys());
  if (table === null) return null;
  const head = table.columns.map((column) =>
    column === null ? "…" : column.type === "" ? column.name : `${column.name}: ${column.type}`,
  );
  const rows = table.rows.map((row) => {
    if (row === null) return "…";
    const cells = row.cells.map((cell) => (cell === null ? "…" : cell.text)).join(" | ");
    return table.hasIndex ? `${row.label}) ${cells}` : cells;
  });
  return [head.join(" | "), ...rows, table.caption];
}

const TABLES: readonly (readonly [string, unknown, readonly string[]])[] = [
  [
    "records",
    [
      { id: 1, name: "Ada", score: 0.5, ok: true },
      { id: 2, name: null, score: NaN, ok: undefined },
      { id: 3, name: "Bob", score: 12.25, ok: false },
    ],
    [
      "id: number | name: string · 1 null | score: number | ok: boolean · 1 undefined",
      "0) 1 | Ada | 0.50 | true",
      "1) 2 | null | NaN | undefined",
      "2) 3 | Bob | 12.25 | false",
      "3 rows × 4 columns",
    ],
  ],
  [
    "instances of a class",
    [new Point(1, 2), new Point(3.5, -4)],
    ["x: number | y: number", "0) 1.0 | 2", "1) 3.5 | -4", "2 rows × 2 columns · Point"],
  ],
  ["one record", [{ a: 1, b: "x" }], ["a: number | b: string", "0) 1 | x", "1 row × 2 columns"]],
  [
    "records that lack something",
    [
      { a: 1, b: 2, c: 3 },
      { a: 1, b: 2 },
      { a: 2, c: 4 },
    ],
    [
      "a: number | b: number · 1 missing | c: number · 1 missing",
      "0) 1 | 2 | 3",
      "1) 1 | 2 | ",
      "2) 2 |  | 4",
      "3 rows × 3 columns",
    ],
  ],
  [
    "types that differ",
    [
      { a: 1, b: "x" },
      { a: "1", b: 2n },
      { a: true, b: null },
    ],
    [
      "a: mixed | b: string | bigint · 1 null",
      "0) 1 | x",
      "1) 1 | 2n",
      "2) true | null",
      "3 rows × 2 columns",
    ],
  ],
  [
    "dates, by the day where they have no time",
    [
      { day: new Date("2024-02-29"), at: new Date("2024-02-29T12:30:00Z") },
      { day: new Date("1815-12-10"), at: new Date("2024-02-29T12:30:00.5Z") },
    ],
    [
      "day: Date | at: Date",
      "0) 2024-02-29 | 2024-02-29T12:30:00Z",
      "1) 1815-12-10 | 2024-02-29T12:30:00.500Z",
      "2 rows × 2 columns",
    ],
  ],
  [
    "something nested in a cell",
    [{ id: 1, name: "x", tags: ["a", "b"], more: "line 1\nline 2" }],
    [
      "id: number | name: string | tags: Array | more: string",
      "0) 1 | x | [ 'a', 'b' ] | line 1↵line 2",
      "1 row × 4 columns",
    ],
  ],
  [
    "a matrix",
    [
      [1, 2.5],
      [3, 4],
    ],
    ["0 | 1", "0) 1 | 2.5", "1) 3 | 4.0", "2 rows × 2 columns · number"],
  ],
  [
    "typed rows",
    [new Float32Array([1, 2]), new Float32Array([3, 4])],
    ["0 | 1", "0) 1 | 2", "1) 3 | 4", "2 rows × 2 columns · Float32Array · number"],
  ],
  [
    "pairs",
    [
      ["a", 1],
      ["b", null],
    ],
    ["0: string | 1: number · 1 null", "0) a | 1", "1) b | null", "2 rows × 2 columns"],
  ],
  [
    "a map",
    new Map<string, unknown>([
      ["alice", 31],
      ["bob", null],
    ]),
    [
      "key: string | value: number · 1 null",
      "alice | 31",
      "bob | null",
      "2 rows × 2 columns · Map",
    ],
  ],
  [
    "a map of records",
    new Map([
      ["alice", { age: 3, city: "Rome" }],
      ["bob", { age: 40, city: "Oslo" }],
    ]),
    [
      "key: string | age: number | city: string",
      "alice | 3 | Rome",
      "bob | 40 | Oslo",
      "2 rows × 3 columns · Map",
    ],
  ],
  [
    "a set of records",
    new Set([
      { a: 1, b: 2 },
      { a: 3, b: 4 },
    ]),
    ["a: number | b: number", "0) 1 | 2", "1) 3 | 4", "2 rows × 2 columns · Set"],
  ],
  [
    "columns",
    { x: [1, 2], y: new Float64Array([0.1, -3]), label: ["a", "b"] },
    [
      "x: number | y: number | label: string",
      "0) 1 | 0.1 | a",
      "1) 2 | -3.0 | b",
      "2 rows × 3 columns",
    ],
  ],
  [
    "a long typed array",
    Uint8Array.from(range(25)),
    [
      "0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9",
      "0) 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9",
      "10) 10 | 11 | 12 | 13 | 14 | 15 | 16 | 17 | 18 | 19",
      "20) 20 | 21 | 22 | 23 | 24 |  |  |  |  | ",
      "Uint8Array · 25 items · min 0 · max 24 · mean 12",
    ],
  ],
];

test("tables show heads with types, cells and the size", () => {
  for (const [name, value, expected] of TABLES) assert.deepEqual(drawn(value), expected, name);
});

const TEXTS: readonly (readonly [string, unknown])[] = [
  ["an empty array", []],
  ["numbers", [1, 2, 3]],
  ["one column", [{ a: 1 }, { a: 2 }]],
  [
    "records without anything in common",
    [
      { a: 1, b: 1 },
      { c: 1, d: 1 },
    ],
  ],
  ["a ragged matrix", [[1, 2], [3]]],
  ["a matrix of one row", [[1, 2]]],
  ["a matrix of one column", [[1], [2]]],
  [
    "lists of objects",
    [
      [{}, {}],
      [{}, {}],
    ],
  ],
  [
    "records that are mostly nested",
    [
      { a: {}, b: [] },
      { a: {}, b: [] },
    ],
  ],
  ["records among other things", [{ a: 1, b: 2 }, null]],
  ["dates", [new Date(0), new Date(1)]],
  ["errors", [new Error("a"), new Error("b")]],
  ["maps in a list", [new Map(), new Map()]],
  [
    "a map of lists",
    new Map([
      ["a", [1]],
      ["b", [2]],
    ]),
  ],
  ["a small map", new Map([["a", 1]])],
  ["a plain object", { a: 1, b: 2 }],
  ["lists of different lengths", { a: [1, 2], b: [1] }],
  ["one list", { a: [1, 2] }],
  ["a short typed array", new Float32Array(5)],
  ["bytes", Buffer.alloc(100)],
  [
    "rows with a display of their own",
    [1, 2].map((a) => ({ a, b: 1, [Symbol.for("Jupyter.display")]: () => ({}) })),
  ],
  ["a text", "a,b\n1,2"],
  ["nothing", null],
];

test("what is no table stays text", async () => {
  for (const [name, value] of TEXTS) {
    assert.equal(drawn(value), null, name);
    assert.deepEqual(Object.keys((await bundleOf(value)).data), ["text/plain"], name);
  }
});

test("of many rows the first and the last are shown", () => {
  const lines = drawn(range(100_000).map((id) => ({ id, half: id / 2 }))) ?? [];
  assert.equal(lines.length, 33);
  assert.deepEqual(lines.slice(19, 24), [
    "18) 18 | 9.0",
    "19) 19 | 9.5",
    "…",
    "99990) 99990 | 49995.0",
    "99991) 99991 | 49995.5",
  ]);
  assert.equal(lines.at(-1), "100,000 rows × 2 columns");
});

test("a long map is walked no further than it is shown", () => {
  const long = new Map(range(50_000).map((id) => [id, { id, name: `n${id}` }]));
  const shown = drawn(long) ?? [];
  assert.deepEqual([shown.length, shown[30], shown[31]], [33, "29 | 29 | n29", "…"]);
  const { count, readable } = gridOf(long, new Keys())?.rows ?? {};
  assert.deepEqual([count, readable], [50_000, 60]);
});

test("of a type that only a sample was asked for, no exact count is given", () => {
  const records = range(10_000).map((id) => ({ id, even: id % 2 === 0 ? id : null }));
  assert.equal(drawn(records)?.[0], "id: number | even: number · some null");
});

test("of many columns the first and the last are shown", () => {
  const wide = [1, 2].map((row) => Object.fromEntries(range(40).map((i) => [`c${i}`, row * i])));
  const [head = "", first = "", , caption] = drawn(wide) ?? [];
  assert.match(head, /^c0: number \| .*\| c13: number \| … \| c35: number \| .*c39: number$/);
  assert.match(first, /^0\) 0 \| .*\| 13 \| … \| 35 \| .*39$/);
  assert.equal(caption, "2 rows × 40 columns");
});

const COLUMNS: readonly (readonly [string, readonly number[], readonly string[]])[] = [
  ["integers", [1, -20, 300_000], ["1", "-20", "300000"]],
  ["the same decimals", [0.5, 12.25, 3], ["0.50", "12.25", "3.00"]],
  ["six digits", [1 / 3, 2 / 3], ["0.333333", "0.666667"]],
  ["fewer decimals where numbers are large", [1131.428571, 2 / 7], ["1131.4286", "0.2857"]],
  ["very small beside large", [1131.428571, 0.00012345678], ["1131.43", "0.000123457"]],
  ["exponents", [1.5e-12, 3e21], ["1.5e-12", "3e+21"]],
  ["what is not finite", [0.5, Infinity, NaN, -0], ["0.5", "Infinity", "NaN", "0.0"]],
];

test("the numbers of a column can be compared", () => {
  for (const [name, numbers, expected] of COLUMNS) {
    const table = tableOf(
      numbers.map((n) => ({ n, other: 1 })),
      new Keys(),
    );
    const shown = table?.rows.map((row) => row?.cells[0]?.text);
    assert.deepEqual(shown, expected, name);
  }
});

test("everything is escaped, long texts are cut and kept as titles", () => {
  const nasty = `<script>alert("x")</script>&'`;
  const table = tableOf([{ [nasty]: nasty, long: "y".repeat(1_000), n: { a: nasty } }], new Keys());
  assert.ok(table !== null);
  const html = htmlOf(table);
  assert.doesNotMatch(html, /<script|"x"/);
  assert.equal(html.split("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&amp;&#39;").length, 4);
  assert.match(html, /title="y{240}…">y{79}…</);
});

test("the page of a table is small, and brings nothing from outside", async () => {
  const wide = range(500).map((row) =>
    Object.fromEntries(range(100).map((i) => [`column ${i}`, `${row} `.repeat(100)])),
  );
  const { data } = await bundleOf(wide);
  const html = String(data["text/html"]);
  assert.ok(html.length < 120_000, `${html.length} characters`);
  assert.doesNotMatch(html, /<script|https?:|@import|url\(/);
  assert.match(html, /^<div class="gb-values"[^]*<\/div>$/);
});

test("statistics say what is not a number", () => {
  assert.equal(
    drawn(Float32Array.from(range(30), (i) => (i % 3 === 0 ? NaN : i)))?.at(-1),
    "Float32Array · 30 items · min 1 · max 29 · mean 15 · 10 NaN",
  );
  assert.equal(drawn(new BigInt64Array(30))?.at(-1), "BigInt64Array · 30 items");
});

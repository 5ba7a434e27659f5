import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { readFont } from "../../../lib/display/font.ts";
import { boxOnPage } from "../../../lib/display/measure.ts";
import { encodePng } from "../../../lib/display/png.ts";
import { decadeTicks, linearTicks } from "../../../lib/display/ticks.ts";
import { parse } from "./markup.ts";
import { decode } from "./pixels.ts";

const require = createRequire(import.meta.url);
const arimo = readFont(
  readFileSync(require.resolve("@expo-google-fonts/arimo/400Regular/Arimo_400Regular.ttf")),
);

test("glyph widths are those of Arial, whose metrics the font copies", () => {
  // Advance widths of Arial in units of 1/2048 em, as its documentation and the PDF standard font Helvetica have them.
  const known: readonly [string, number][] = [
    ["0", 1139],
    ["i", 455],
    ["m", 1706],
    ["W", 1933],
    [" ", 569],
    ["−", 1196],
  ];
  for (const [character, width] of known) {
    assert.equal(
      Math.round((arimo.advance(character.codePointAt(0) ?? 0) ?? 0) * 2048),
      width,
      character,
    );
  }
  assert.equal(arimo.advance(0x1f600), undefined, "no emoji");
});

/** A font whose glyphs are all half as wide as they are high. */
const half = { advance: () => 0.5 };

const texts: readonly [string, string, [number, number, number, number]][] = [
  [
    "a text",
    `<text id="t" x="10" y="20" style="font-size: 10px">abcd</text>`,
    [10, 10.95, 30, 22.12],
  ],
  [
    "a text that ends at x",
    `<text id="t" x="10" y="20" text-anchor="end" style="font-size: 10px">abcd</text>`,
    [-10, 10.95, 10, 22.12],
  ],
  [
    "a moved and turned text",
    `<g transform="translate(100,50)"><text id="t" x="0" y="0" text-anchor="middle" transform="rotate(-90)" style="font-size: 10px">abcd</text></g>`,
    [90.95, 40, 102.12, 60],
  ],
  [
    "small print",
    `<text id="t" x="0" y="0" style="font-size: 10px">ab<tspan style="font-size: 70%">cd</tspan></text>`,
    [0, -9.05, 17, 2.12],
  ],
  [
    "a group",
    `<g id="t"><rect x="-5" y="-5" width="5" height="5"/><text x="0" y="0" style="font-size: 10px">a</text></g>`,
    [-5, -9.05, 5, 2.12],
  ],
];
for (const [what, markup, wanted] of texts) {
  test(`${what} has the box that a browser gives it`, () => {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg">${markup}</svg>`;
    const found = ["text", "g"].flatMap((name) => parse(svg).all(name, "id"))[0];
    assert.ok(found);
    const box = boxOnPage(found, { regular: half, bold: half });
    assert.deepEqual(
      [box?.left, box?.top, box?.right, box?.bottom].map((edge) => Number(edge?.toFixed(2))),
      wanted,
    );
  });
}

test("an image with few colours is kept exactly", () => {
  const colors = Array.from({ length: 256 }, (_, i) => (i * 65_793) ^ 0x123456);
  const rgba = Uint8Array.from(
    colors.flatMap((color) => [color >> 16, (color >> 8) & 255, color & 255, 255]),
  );
  const image = decode(encodePng(rgba, 32));
  assert.deepEqual([image.width, image.height], [32, 8]);
  assert.deepEqual(image.pixels, colors);
});

test("in an image with many colours the frequent ones are exact and the others near", () => {
  const frequent = Array.from({ length: 300 }, () => 0x0077bb);
  const rare = Array.from(
    { length: 900 },
    (_, i) => (i % 30) * 8 * 0x10000 + Math.floor(i / 30) * 8,
  );
  const colors = [...frequent, ...rare];
  const rgba = Uint8Array.from(
    colors.flatMap((color) => [color >> 16, (color >> 8) & 255, color & 255, 255]),
  );
  const { pixels } = decode(encodePng(rgba, 30));
  assert.deepEqual(pixels.slice(0, 300), frequent);
  assert.ok(new Set(pixels).size <= 256);
});

const linear: readonly [[number, number], number, string[]][] = [
  [[0, 1], 5, ["0", "0.2", "0.4", "0.6", "0.8", "1"]],
  [[-3, 3], 6, ["−3", "−2", "−1", "0", "1", "2", "3"]],
  [[0, 25_000], 5, ["0", "5000", "10k", "15k", "20k", "25k"]],
  [[0.12, 0.13], 2, ["0.12", "0.125", "0.13"]],
  [[1, 1], 5, []],
];
for (const [range, count, labels] of linear) {
  test(`ticks from ${range[0]} to ${range[1]} are at round numbers`, () =>
    assert.deepEqual(
      linearTicks(range, count).map(({ label }) => label),
      labels,
    ));
}

test("ticks of a log scale are powers of ten, fewer where there are many", () => {
  assert.deepEqual(
    decadeTicks([-2, 1], 8).map(({ label }) => label),
    ["0.01", "0.1", "1", "10"],
  );
  assert.deepEqual(
    decadeTicks([-8, 0], 5).map(({ value }) => value),
    [-8, -6, -4, -2, 0],
  );
});

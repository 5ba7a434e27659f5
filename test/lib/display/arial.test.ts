import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { arialWidth } from "../../../lib/display/arial.ts";
import { readFont } from "../../../lib/display/font.ts";

const PRINTABLE = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i));
const FILES = { regular: "400Regular/Arimo_400Regular", bold: "700Bold/Arimo_700Bold" } as const;

for (const weight of ["regular", "bold"] as const) {
  test(`${weight} text is as wide as in Arial's metric twin`, () => {
    const { resolve } = createRequire(import.meta.url);
    const font = readFont(readFileSync(resolve(`@expo-google-fonts/arimo/${FILES[weight]}.ttf`)));
    for (const character of [...PRINTABLE, ...Array.from("∂−…ηλσ")]) {
      const advance = font.advance(character.codePointAt(0) ?? 0) ?? Number.NaN;
      const error = Math.abs(arialWidth(character, 10, weight) - 10 * advance);
      assert.ok(error < 0.2, `${character} is ${advance} wide`);
    }
  });
}

test("a line is as wide as its characters, and unknown ones count too", () => {
  assert.equal(arialWidth("WiW", 1000, "regular"), 944 + 222 + 944);
  assert.equal(arialWidth("数", 10, "bold"), 7);
});

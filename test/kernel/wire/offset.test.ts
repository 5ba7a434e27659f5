import assert from "node:assert/strict";
import { test } from "node:test";
import { toCodePoints, toUtf16 } from "../../../kernel/wire/offset.ts";

const cases: [text: string, codePoints: number, utf16: number][] = [
  ["abc", 0, 0],
  ["abc", 2, 2],
  ["a😀b", 1, 1],
  ["a😀b", 2, 3],
  ["a😀b", 3, 4],
  ["😀😀", 2, 4],
  ["𝒳 = 1", 5, 6],
];

for (const [text, codePoints, utf16] of cases) {
  test(`${codePoints} code points of ${text} are ${utf16} code units, and back`, () => {
    assert.equal(toUtf16(text, codePoints), utf16);
    assert.equal(toCodePoints(text, utf16), codePoints);
  });
}

test("a position past the end is the end", () => {
  assert.equal(toUtf16("a😀", 99), 3);
  assert.equal(toCodePoints("a😀", 99), 2);
});

/** Cursors in code points, offsets in UTF-16. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { toCodePoints, toUtf16 } from "../../../kernel/wire/offset.ts";

const TEXT = "a😀b𝒳é";
const CODE_POINTS = 5;

test("a code point is one unit, or two", () => {
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5].map((at) => toUtf16(TEXT, at)),
    [0, 1, 3, 4, 6, 7],
  );
  assert.deepEqual(
    [0, 1, 3, 4, 6, 7].map((at) => toCodePoints(TEXT, at)),
    [0, 1, 2, 3, 4, 5],
  );
});

test("there and back is the same for every cursor", () => {
  for (let at = 0; at <= CODE_POINTS; at++) {
    assert.equal(toCodePoints(TEXT, toUtf16(TEXT, at)), at);
  }
});

test("a cursor outside the text is moved to its end", () => {
  assert.equal(toUtf16(TEXT, -3), 0);
  assert.equal(toUtf16(TEXT, 99), TEXT.length);
  assert.equal(toCodePoints(TEXT, 99), 5);
  assert.equal(toCodePoints(TEXT, -1), 0);
});

test("half a pair is a code point of its own, and the middle of a pair is before it", () => {
  assert.equal(toUtf16("\ud83dx", 1), 1);
  assert.equal(toUtf16("\ude00x", 1), 1);
  assert.equal(toCodePoints("\ud83d", 1), 1);
  assert.equal(toCodePoints(TEXT, 2), 1);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { excerpt, placeAt } from "../../../kernel/cell/excerpt.ts";

/** The excerpt around a word of a source, line by line, without colours. */
function shown(source: string, word: string): string[] {
  const start = source.indexOf(word);
  const text = excerpt("Cell [1]", source, placeAt(source, start, start + word.length));
  return stripVTControlCharacters(text).split("\n");
}

test("a line stands with its neighbours, and the caret under the place", () => {
  assert.deepEqual(shown("let a;\nlet b = word;\nlet c;", "word"), [
    "Cell [1], line 2",
    "  1 | let a;",
    "> 2 | let b = word;",
    "    |         ^^^^",
    "  3 | let c;",
  ]);
});

const long = (length: number): string => "abcdefghij".repeat(length / 10);
const lines: readonly [where: string, source: string][] = [
  ["at the beginning", `word${long(300)}`],
  ["near the edge", `${long(90)}word${long(300)}`],
  ["in the middle", `${long(300)}word${long(300)}`],
  ["at the end", `${long(300)}word`],
  ["in a line that just fits", `${long(90)}!!word`],
];
for (const [where, source] of lines) {
  test(`a line too long for a notebook is shown around its place: ${where}`, () => {
    const [, neighbour, line = "", caret = ""] = shown(`${long(200)}\n${source}`, "word");
    assert.ok(line.length <= 102, line);
    assert.equal(line.slice(caret.indexOf("^"), caret.lastIndexOf("^") + 1), "word");
    assert.equal(line.startsWith("> 2 | …"), /middle|end/.test(where));
    assert.equal(neighbour, `  1 | ${long(200).slice(0, 95)}…`);
  });
}

test("a place longer than a line has room for is underlined as far as it is shown", () => {
  const [, line = "", caret = ""] = shown(long(200), long(200));
  assert.equal(line.length, 102);
  assert.equal(caret.length, line.length);
});

test("tabs before the place stay tabs under it", () => {
  const [, , caret] = shown("\tif\tword", "word");
  assert.equal(caret, "    | \t  \t^^^^");
});

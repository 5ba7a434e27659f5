/** Where a cursor stands; `|` is the cursor. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { chainAt, placeAt } from "../../../kernel/language/place.ts";

function at(marked: string) {
  const offset = marked.indexOf("|");
  const source = marked.replace("|", "");
  const place = placeAt(source, offset);
  return { ...place, word: source.slice(place.start, place.end), chain: chainAt(source, place) };
}

for (const [marked, kind, word, owner] of [
  ["|", "name", "", null],
  ["ab|", "name", "ab", null],
  ["x = ab|cd + 1", "name", "abcd", null],
  ["|ab", "name", "ab", null],
  ["𝒳y|", "name", "𝒳y", null],
  ["a.b|", "member", "b", ["a"]],
  ["a.|b", "member", "b", ["a"]],
  ["a?.b|", "member", "b", ["a"]],
  ["a\n  .b\n  .|", "member", "", ["a", "b"]],
  ["a[0].b['c d'].|", "member", "", ["a", 0, "b", "c d"]],
  ["return a.|", "member", "", ["a"]],
  ["f(...a.|", "member", "", ["a"]],
  ["b\na.|", "member", "", ["a"]],
  ["f().|", "member", "", null],
  ["f().a.|", "member", "", null],
  ["a[i].b.|", "member", "", null],
  ["a[i].|", "member", "", null],
  ["'x'.|", "member", "", null],
  ["1.|", "name", "", null],
  ["f(12.|", "name", "", null],
  ["1.5.|", "member", "", null],
  ["x1.|", "member", "", ["x1"]],
  ["a.b2.c|", "member", "c", ["a", "b2"]],
  ["[...|", "name", "", null],
  ['a["b|', "string", "b", ["a"]],
  ["a.b['|", "string", "", ["a", "b"]],
  ["f('b|", "string", "b", null],
  ["`b|", "string", "b", null],
  ["`${a.|", "member", "", ["a"]],
  ["`${{ a: 1 }.a} b|", "string", " b", null],
  ["`${`${a.|", "member", "", ["a"]],
  ["`a${1}b`; c.|", "member", "", ["c"]],
  ["'it\\'s'; a.|", "member", "", ["a"]],
  ["'open\na.|", "member", "", ["a"]],
  ["// a.|", "comment", "", null],
  ["/* a\n b|", "comment", "b", null],
  ["// a\nb.|", "member", "", ["b"]],
  ["/['\"`]/.test(a) && b.|", "member", "", ["b"]],
  ["x = /[/]'/; b.|", "member", "", ["b"]],
  ["a / b / c.|", "member", "", ["c"]],
] as const) {
  test(`${JSON.stringify(marked)} is a ${kind}`, () => {
    const place = at(marked);
    assert.deepEqual([place.kind, place.word, place.owner], [kind, word, owner]);
  });
}

test("the chain under a cursor ends with the word it touches", () => {
  assert.deepEqual(at("a.b|c.d").chain, ["a", "bc"]);
  assert.deepEqual(at("ab|c.d").chain, ["abc"]);
  assert.deepEqual(at("f().a|").chain, null);
  assert.deepEqual(at("f(|)").chain, null);
  assert.deepEqual(at("'a|'").chain, null);
});

test("a megabyte of one word is no trouble", () => {
  const word = "a".repeat(1_000_000);
  assert.equal(placeAt(`${word}.`, word.length + 1).kind, "member");
  assert.equal(placeAt(`const x = "${word}`, word.length).kind, "string");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { completenessOf } from "../../../kernel/cell/complete.ts";

const complete = [
  "",
  "1 + 1",
  "const a = 1",
  "function f() { return 1 }",
  "if (a) b",
  "`template ${1}`",
  "// a comment",
  "/* closed */",
  "const f = <T,>(x: T) => x",
  "await fetch('x')",
  "{ a: 1, b: 2 }",
  "type A = { a: string }",
  "for (const x of y) {}",
];

const incomplete: [code: string, indent: string][] = [
  ["function f() {", "  "],
  ["  if (x) {", "    "],
  ["foo(", "  "],
  ["[1, 2", ""],
  ["1 +", ""],
  ["const a =", ""],
  ["`template", ""],
  ["`template ${", "  "],
  ["/* open", ""],
  ["const f = (a) =>", "  "],
  ["class A {\n  f() {", "    "],
  ["try {}", ""],
  ["a ? b :", "  "],
  ["x.", ""],
  ["@decorator", ""],
  ["interface B {", "  "],
];

const invalid = ["const x = ;", "}", "a b", "'unclosed", "else", "1 = 2 3", "function () {}"];

for (const code of complete) {
  test(`complete: ${JSON.stringify(code)}`, () => {
    assert.deepEqual(completenessOf(code), { status: "complete" });
  });
}
for (const [code, indent] of incomplete) {
  test(`incomplete: ${JSON.stringify(code)}`, () => {
    assert.deepEqual(completenessOf(code), { status: "incomplete", indent });
  });
}
for (const code of invalid) {
  test(`invalid: ${JSON.stringify(code)}`, () => {
    assert.deepEqual(completenessOf(code), { status: "invalid" });
  });
}

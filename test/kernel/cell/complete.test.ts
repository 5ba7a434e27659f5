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
  "`a\n  template`",
  "const p = <p>text</p>",
  "@d class A {}",
  "class A {\n  @d f() {}\n}",
  "%who",
  "%time f()",
  "!ls -l (",
  "%%bash\nfor i in 1; do",
  "?plot",
  "let a = 1\n!a",
  "#!/usr/bin/env node\n1",
  "x?.y",
  "a ? b : c",
  "export {}",
  "import a from 'a'",
];

const incomplete: [code: string, indent: string][] = [
  ["function f() {", "  "],
  ["  if (x) {", "    "],
  ["foo(", "  "],
  ["const add = (a, b) =>", "  "],
  ["const same = async <T>(x: T) =>\n", "  "],
  ["f(<T>(x: T) =>", "  "],
  ["<button onClick={(a, b) =>", "  "],
  ["x?.", ""],
  ["x.", ""],
  ["[1, 2", "  "],
  ["f(1, [2],", "  "],
  ["f(g(1),", "  "],
  ["f(1)[", "  "],
  ["f({ a: 1 }, () => {", "  "],
  ["const s = f('(', 1", "  "],
  ["f(`(`) +", ""],
  ["if (x) { // why", "  "],
  ["const t = `\n  indented", ""],
  ["f(`\n  ${a}", ""],
  ["  /* open", ""],
  ["<div>", "  "],
  ["const p = <p className='x'>", "  "],
  ["const p = (\n  <p>\n    <b>", "      "],
  ["const p = (\n  <p>\n    <br />", "    "],
  ["@d()", ""],
  ["class A {\n  @d", "  "],
  ["%time f(", "  "],
  ["%who\nfunction f() {", "  "],
  ["switch (a) {\n  case 1:", "    "],
  ["const f = async <T,>(x: T) => {", "  "],
  ["type A = {", "  "],
  ["a ?", ""],
  ["do", ""],
  ["if (a)", ""],
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

const invalid = [
  "const x = ;",
  "}",
  "a b",
  "'unclosed",
  "else",
  "1 = 2 3",
  "function () {}",
  "<p></b>",
  "%tiem f()",
  "%%nomagic",
  "1;\n%nomagic",
  "a =\n%%time",
];

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

/** Which cells are questions. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { questionOf } from "../../../kernel/cell/magics.ts";

for (const [source, name, wantsSource] of [
  ["?plot", "plot", false],
  ["plot?", "plot", false],
  ["??plot", "plot", true],
  ["plot.line??", "plot.line", true],
  ["? plot ", "plot", false],
  ["\n  ?$größe_1;\n", "$größe_1", false],
] as const) {
  test(`${JSON.stringify(source)} asks about ${name}`, () => {
    assert.deepEqual(questionOf(source), { name, wantsSource });
  });
}

for (const source of [
  "plot",
  "?",
  "a ? b : c",
  "x\n? 1 : 2",
  "?a b",
  "a?.b",
  "???a",
  "1?",
  "?a\n?b",
  "",
]) {
  test(`${JSON.stringify(source)} is no question`, () => {
    assert.equal(questionOf(source), null);
  });
}

/** The tables that compare kernels say what bench/results holds, and that of the conformance list as it is. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { keptConformance, pagesOf } from "../../bench/language/page.ts";
import { tables } from "../language/tables.ts";
import { read } from "./markdown.ts";

const kept = keptConformance();
/** However wide the columns are. */
const plain = (text: string): string => text.replaceAll(/-{3,}/g, "---").replaceAll(/ +/g, " ");

for (const [file, made] of pagesOf(kept)) {
  test(`the table of ${file} is what npm run bench -- language --write makes of its results`, () => {
    assert.equal(plain(read(file)), plain(made));
  });
}

test("every construct of the list has been played to every kernel", () => {
  const constructs = (rows: readonly { readonly construct: string }[]): string[] =>
    [...new Set(rows.map(({ construct }) => construct))].toSorted();
  assert.deepEqual(constructs(kept), constructs(Object.values(tables).flat()));
  for (const { construct, held } of kept) {
    assert.deepEqual(Object.keys(held), ["gradbook", "tslab", "deno"], construct);
  }
});

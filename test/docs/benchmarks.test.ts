/** The pages of the benchmarks say what bench/results holds. */
import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pages } from "../../bench/library/page.ts";
import { read, root } from "./markdown.ts";

const made = pages();

test("there are results", () => {
  assert.notEqual(made, undefined);
});

test("the pages of the benchmarks are those that node dist/bench/page.js makes", () => {
  assert.equal(read("docs/benchmarks.md"), made?.markdown);
  assert.equal(read("docs/benchmarks.html"), made?.html);
});

test("no file of the pages is larger than 200 kB, and none asks a server for anything", () => {
  for (const file of ["benchmarks.md", "benchmarks.html", join("images", "benchmarks.png")]) {
    assert.ok(statSync(join(root, "docs", file)).size < 200_000, file);
  }
  assert.doesNotMatch(read("docs/benchmarks.html"), /(src|href)="https?:/);
});

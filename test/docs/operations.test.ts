/** docs/operations.md is what the registry says, and names every function elsewhere. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { read } from "./markdown.ts";
import { isAdjoint, names, operationsPage } from "./operations.ts";
import { peers } from "./peers.ts";

test("docs/operations.md is not stale; npm run operations writes it anew", () => {
  assert.equal(loose(read("docs/operations.md")), loose(operationsPage()));
});

/** The formatter lines up the columns of tables. */
function loose(page: string): string {
  return page
    .replaceAll(/ +/g, " ")
    .replaceAll(/-{3,}/g, "---")
    .replaceAll(/ *\| */g, "|");
}

test("the names elsewhere are given for every function but adjoints, and for no other", () => {
  const wanted = names.filter((name) => !isAdjoint(name));
  const given = Object.keys(peers);
  assert.deepEqual(
    wanted.filter((name) => !given.includes(name)),
    [],
  );
  assert.deepEqual(
    given.filter((name) => !names.includes(name)),
    [],
  );
});

test("every function stands in the page once, with a sentence", () => {
  const lines = operationsPage().split("\n");
  for (const name of names) {
    const rows = lines.filter((line) => new RegExp(`^\\| \`${name}(?:\\(|\`)`).test(line));
    assert.equal(rows.length, 1, name);
    assert.match(rows[0], /^\| `[^`]+` \| .{10,}? \|/);
  }
});

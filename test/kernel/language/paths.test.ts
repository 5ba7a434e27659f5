/** Files as ways to go on in a string. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { dependenciesOf, importableFromNode } from "../../../kernel/language/importable.ts";
import { pathsFor } from "../../../kernel/language/paths.ts";

const folder = mkdtempSync(join(tmpdir(), "gradbook-test-"));
mkdirSync(join(folder, "data"));
writeFileSync(join(folder, "data", "points.csv"), "");
writeFileSync(join(folder, "data.csv"), "");
writeFileSync(join(folder, ".hidden"), "");
writeFileSync(
  join(folder, "package.json"),
  JSON.stringify({ dependencies: { a: "1" }, devDependencies: { "@types/a": "1", b: "1" } }),
);
after(() => rmSync(folder, { recursive: true }));

test("entries keep the beginning that was written, and folders end with a slash", () => {
  assert.deepEqual(pathsFor("da", folder), ["data/", "data.csv"]);
  assert.deepEqual(pathsFor("./data/", folder), ["./data/points.csv"]);
  assert.deepEqual(pathsFor(`${folder}/data/p`, "/"), [`${folder}/data/points.csv`]);
  assert.ok(pathsFor("/", folder).includes("/tmp/") || process.platform === "win32");
});

test("what is hidden shows when it is asked for; sentences and folders that are not there have no files", () => {
  assert.ok(!pathsFor("./", folder).includes("./.hidden"));
  assert.deepEqual(pathsFor("./.h", folder), ["./.hidden"]);
  assert.deepEqual(pathsFor("load the data", folder), []);
  assert.deepEqual(pathsFor("", folder), []);
  assert.deepEqual(pathsFor("nowhere/x", folder), []);
});

test("a folder below a package.json depends on what that names, but for types", () => {
  assert.deepEqual(dependenciesOf(join(folder, "data")), ["a", "b"]);
});

test("names of Node's modules are importable, likelier modules first", () => {
  const found = importableFromNode();
  const first = (name: string): string | undefined =>
    found.find((one) => one.name === name)?.statement;
  assert.equal(first("readFileSync"), 'import { readFileSync } from "node:fs";');
  assert.equal(first("path"), 'import path from "node:path";');
  assert.equal(first("frobnicate"), undefined);
});

/** What changed around a notebook, in a folder that is real; the clock is the test's. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { LocalFiles } from "../../../kernel/language/local_files.ts";

function setUp(context: TestContext) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "gradbook-test-")));
  context.after(() => rmSync(folder, { recursive: true }));
  const at = (name: string): string => join(folder, name);
  mkdirSync(at("parts/.hidden"), { recursive: true });
  for (const name of ["a.ts", "parts/b.ts", "notes.txt"]) writeFileSync(at(name), "");
  let now = 0;
  const files = new LocalFiles(folder, () => now);
  return { at, files, later: () => (now += 1e6) };
}

test("created, changed and deleted modules are told once", (context) => {
  const { at, files, later } = setUp(context);
  assert.deepEqual(files.changes(), { files: [], packages: false });
  later();
  writeFileSync(at("c.json"), "{}");
  utimesSync(at("parts/b.ts"), 1, 1);
  rmSync(at("a.ts"));
  for (const name of ["notes.txt", "more.txt", "parts/.hidden/d.ts"]) writeFileSync(at(name), "x");
  assert.deepEqual(
    files.changes().files.map(({ path, kind }) => `${kind} ${path}`),
    [`created ${at("c.json")}`, `changed ${at("parts/b.ts")}`, `deleted ${at("a.ts")}`],
  );
  later();
  // The engine may have read it before it was written again.
  assert.deepEqual(files.changes().files, [{ path: at("c.json"), kind: "changed" }]);
  later();
  assert.deepEqual(files.changes().files, []);
});

test("an installation is told, and not each of its files", (context) => {
  const { at, files, later } = setUp(context);
  mkdirSync(at("node_modules/x"), { recursive: true });
  writeFileSync(at("node_modules/x/index.ts"), "");
  later();
  assert.deepEqual(files.changes(), { files: [], packages: true });
});

test("a look a moment ago is enough", (context) => {
  const { at, files, later } = setUp(context);
  files.changes();
  writeFileSync(at("c.ts"), "");
  assert.deepEqual(files.changes().files, []);
  later();
  assert.equal(files.changes().files.length, 1);
});

test("a folder that is not there changes nothing", () => {
  const files = new LocalFiles(join(tmpdir(), "gradbook-no-such-folder"), () => 0);
  assert.deepEqual(files.changes(), { files: [], packages: false });
});

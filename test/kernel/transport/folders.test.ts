import assert from "node:assert/strict";
import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import {
  makeFolder,
  removeFolder,
  temporaryFolder,
  temporaryRoot,
} from "../../../kernel/transport/folders.ts";

test("a folder for temporary files that is not there is no reason to fail", (context) => {
  const named = process.env["TMPDIR"];
  context.after(() => {
    if (named === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = named;
  });
  process.env["TMPDIR"] = "/not/there";
  const folder = temporaryFolder("gradbook-test-");
  assert.ok(existsSync(folder));
  assert.ok(folder.startsWith(join(temporaryRoot(), "gradbook-test-")));
  removeFolder(folder);
  assert.equal(existsSync(folder), false);
});

test("a folder is made with those above it, and found made", (context) => {
  const top = temporaryFolder("gradbook-test-");
  context.after(() => removeFolder(top));
  const folder = join(top, "a", "b", "c");
  makeFolder(folder);
  makeFolder(folder);
  assert.ok(statSync(folder).isDirectory());
  const file = join(top, "file");
  writeFileSync(file, "");
  assert.throws(() => makeFolder(file), { code: "EEXIST" });
  assert.throws(() => makeFolder(join(file, "a", "b")), { code: "ENOTDIR" });
});

const WRITER = `
  const { mkdirSync, writeFileSync } = require("node:fs");
  const { workerData, parentPort } = require("node:worker_threads");
  const until = Date.now() + 150;
  parentPort.postMessage("writing");
  for (let n = 0; Date.now() < until; n++)
    try { writeFileSync(workerData + "/" + n, ""); } catch {}
`;

test("a folder that is still written into is removed too", async () => {
  const folder = temporaryFolder("gradbook-test-");
  mkdirSync(join(folder, "in"));
  writeFileSync(join(folder, "in", "side"), "");
  const writer = new Worker(WRITER, { eval: true, workerData: folder });
  const ended = new Promise((resolve) => writer.once("exit", resolve));
  await new Promise((resolve) => writer.once("message", resolve));
  removeFolder(folder);
  await ended;
  assert.equal(existsSync(folder), false);
});

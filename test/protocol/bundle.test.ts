/** What package.json exports is the library as it was compiled. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { root } from "../../kernel/install/lab.ts";

const compiled = {
  gradbook: "lib/index.js",
  "gradbook/preload": "lib/preload.js",
  "gradbook/display": "lib/display/index.js",
  "gradbook/data": "lib/data/index.js",
  "gradbook/io": "lib/io/index.js",
};

async function namesOf(specifier: string): Promise<string[]> {
  return Object.keys((await import(specifier)) as object).toSorted();
}

for (const [name, file] of Object.entries(compiled)) {
  test(`${name} exports what ${file} does`, async () => {
    const names = await namesOf(name);
    assert.ok(names.length > 0);
    assert.deepEqual(names, await namesOf(pathToFileURL(join(root, "dist", file)).href));
  });
}

test("a node of one entry is a node of the others", async () => {
  const [library, preload] = await Promise.all([import("gradbook"), import("gradbook/preload")]);
  assert.equal(library.Node, preload.Node);
  assert.ok(preload.placeholder() instanceof library.Node);
});

test("what a function of functions makes, and its mistakes, name the caller's line", async () => {
  const { conv2d, meanSquaredError, placeholder, ShapeError } = await import("gradbook");
  const x = placeholder({ shape: [null, 4, 4, 1] });
  const here = /bundle\.test\.[jt]s:\d+:\d+/;
  assert.match(conv2d(x, [[[[1]]]]).origin.place, here);
  const isOurs = (error: unknown): boolean => {
    assert.ok(error instanceof ShapeError);
    assert.match(error.message, /made at [^()]*bundle\.test/);
    assert.match(String(error.stack?.slice(error.message.length)), here);
    return true;
  };
  assert.throws(() => meanSquaredError([1], [[1, 2]]), isOurs);
  assert.throws(() => conv2d(x, placeholder()), isOurs);
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const entry = fileURLToPath(new URL("../../lib/index.js", import.meta.url));

/** The compiled files that importing `file` loads. */
function loaded(file: string): Map<string, string[]> {
  const seen = new Map<string, string[]>();
  const waiting = [file];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next)) continue;
    const source = readFileSync(next, "utf8");
    const names = [...source.matchAll(/(?:from|import)\s+"([^"]+)"/g)].map((match) => match[1]);
    seen.set(next, names);
    for (const name of names) {
      if (name.startsWith(".")) waiting.push(fileURLToPath(new URL(name, `file://${next}`)));
    }
  }
  return seen;
}

test("the library loads nothing but itself: no display, no data sets, no packages, nothing of Node's", () => {
  const files = loaded(entry);
  assert.ok(files.size > 20);
  for (const [file, names] of files) {
    assert.doesNotMatch(file, /\/(display|data|kernel)\/|preload/);
    assert.deepEqual(
      names.filter((name) => !name.startsWith(".")),
      [],
      file,
    );
  }
});

/** Which of what was built is run: never a bundle of what has been changed since. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { threadsIn } from "../../../kernel/install/built.ts";

const BUNDLE = ["bundle/kernel/main.js", "bundle/kernel/front.js"];
const MODULES = ["kernel/main.js", "kernel/front/front.js"];

/** Files, and when each was written. */
type Written = Readonly<Record<string, number>>;

const cases: readonly (readonly [string, Written, readonly string[]])[] = [
  ["built", { ".tsbuildinfo": 1, "bundle/kernel/front.js": 2 }, BUNDLE],
  [
    "built within one tick of the clock",
    { ".tsbuildinfo": 1, "bundle/kernel/front.js": 1 },
    BUNDLE,
  ],
  ["compiled again since", { ".tsbuildinfo": 3, "bundle/kernel/front.js": 2 }, MODULES],
  ["compiled alone", { ".tsbuildinfo": 1 }, MODULES],
  ["installed", { "bundle/kernel/front.js": 1 }, BUNDLE],
];

for (const [name, files, [main, front]] of cases) {
  test(`what was ${name} starts with ${main}`, () => {
    const folder = mkdtempSync(join(tmpdir(), "gradbook-"));
    try {
      for (const [file, time] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, file)), { recursive: true });
        writeFileSync(join(folder, file), "");
        utimesSync(join(folder, file), time, time);
      }
      const dist = pathToFileURL(`${folder}/`);
      const threads = threadsIn(dist);
      assert.equal(threads.main.href, new URL(main ?? "", dist).href);
      assert.equal(threads.front.href, new URL(front ?? "", dist).href);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

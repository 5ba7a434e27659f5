/** Completion and help for magics. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  completeMagic,
  magicHelp,
  withoutMagics,
} from "../../../../kernel/cell/magics/complete.ts";

function complete(marked: string): string[] | null {
  const offset = marked.indexOf("|");
  const source = marked.replace("|", "");
  const found = completeMagic(source, offset);
  return found === null
    ? null
    : found.words.map(({ text }) => source.slice(0, found.start) + text + source.slice(found.end));
}

test("a magic's name, and the words that it takes", () => {
  assert.deepEqual(complete("%ti|"), ["%time", "%timeit"]);
  assert.deepEqual(complete("%%ba|\nls"), ["%%bash\nls"]);
  assert.deepEqual(complete("%t|im f"), ["%time f", "%timeit f", "%types f"].toSorted());
  assert.deepEqual(complete("%types o|"), ["%types on", "%types off"]);
  assert.deepEqual(complete("%types w|"), ["%types warn"]);
  assert.deepEqual(complete("%nothing|"), []);
});

test("code behind a magic, and a remainder, are TypeScript", () => {
  assert.equal(complete("%timeit f|"), null);
  assert.equal(complete("a %ti|"), null);
  assert.equal(complete("1\n%%ti|"), null);
  assert.equal(complete("f|"), null);
  assert.equal(withoutMagics("%timeit f(x)\ng"), ";       f(x)\ng");
  assert.equal(withoutMagics("%nothing\ng"), "%nothing\ng");
});

test("in a command nothing is TypeScript; a name that is asked about is one", () => {
  assert.deepEqual(complete("!ec|ho"), []);
  assert.deepEqual(complete("!echo | wc"), []);
  assert.deepEqual(complete("%%bash\nec|"), []);
  assert.deepEqual(complete("%env P|"), []);
  assert.equal(complete("!ls\nf|"), null);
  assert.equal(withoutMagics("1;\n?plot.line\ng"), "1;\n;plot.line\ng");
  assert.equal(withoutMagics("?? plot"), ";  plot");
  assert.equal(withoutMagics("plot?"), "plot ");
});

test("the magic under the cursor says what it does; what stands behind it does not", () => {
  assert.match(magicHelp("%timeit f(x)", 3) ?? "", /^%timeit statement/);
  assert.equal(magicHelp("%timeit f(x)", 9), null);
  assert.equal(magicHelp("f(x)", 1), null);
});

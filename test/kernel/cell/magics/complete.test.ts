/** What the names of magics go on with. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { magicsAt } from "../../../../kernel/cell/magics/complete.ts";

const completed: [code: string, texts: string[] | null][] = [
  ["%ti", ["%time", "%timeit"]],
  ["let a = 1\n%re", ["%reset"]],
  ["%%ba", ["%%bash"]],
  ["%%", ["%%bash", "%%sh", "%%time", "%%timeit"]],
  ["1\n%%ti", null],
  ["a %ti", null],
  ["%time f", null],
];

for (const [code, texts] of completed) {
  test(`${JSON.stringify(code)} goes on with ${texts?.join(", ") ?? "no magic"}`, () => {
    const found = magicsAt(code, code.length);
    assert.deepEqual(found?.matches.map(({ text }) => text) ?? null, texts);
    if (found !== null) assert.equal(code.slice(found.start, found.end), code.split("\n").at(-1));
  });
}

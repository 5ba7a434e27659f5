/** What a reader is shown of a mistake, word for word, from the real compiler. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { Checking } from "../../kernel/front/checking.ts";
import { rehearseChecks } from "../../kernel/front/rehearsal.ts";
import { Types } from "../../kernel/front/types.ts";
import type { Values } from "../../kernel/front/values.ts";
import { declarationsOf } from "../../kernel/language/declarations.ts";
import { type MistakeRow, mistakes } from "./mistakes.table.ts";

const folder = mkdtempSync(join(tmpdir(), "gradbook-test-"));
after(() => rmSync(folder, { recursive: true }));

/** No cell runs here, so there is no value. */
const noValues: Values = {
  members: async () => [],
  value: async () => null,
  globals: async () => new Set(),
};

const COLOUR = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*m`, "g");

/** The report on the last cell, in a notebook of its own. */
async function shownFor({ before, cell }: MistakeRow): Promise<string> {
  const types = new Types({ folder, preloads: ["gradbook/preload"], log: assert.fail });
  const checking = new Checking(types, noValues, "on");
  try {
    for (const [index, source] of before.entries()) {
      const label = `Cell [${index + 1}]`;
      const { refusal, changed } = await checking.check(source, { source, label });
      assert.equal(refusal, null, `${source} is refused: ${refusal?.evalue}`);
      const names = declarationsOf(source).map(({ name }) => name);
      types.add({ source, label, names, changed });
    }
    const { refusal } = await checking.check(cell, {
      source: cell,
      label: `Cell [${before.length + 1}]`,
    });
    return refusal?.traceback.join("\n").replaceAll(COLOUR, "") ?? "nothing";
  } finally {
    types.close();
  }
}

for (const row of mistakes) {
  test(row.about, async () => {
    assert.equal(await shownFor(row), row.shown.join("\n"));
  });
}

test("checks that are rehearsed leave no name behind", async () => {
  const types = new Types({ folder, preloads: ["gradbook/preload"], log: assert.fail });
  const asked = { source: "rehearsed", label: "Cell [1]" };
  try {
    await rehearseChecks(types, () => Infinity);
    const { refusal } = await new Checking(types, noValues, "on").check("rehearsed", asked);
    assert.match(String(refusal?.evalue), /Cannot find name 'rehearsed'/);
  } finally {
    types.close();
  }
});

test("every mistake stands in the table once, and there are enough of them", () => {
  assert.ok(mistakes.length >= 60, `${mistakes.length} mistakes`);
  assert.equal(new Set(mistakes.map(({ about }) => about)).size, mistakes.length);
});

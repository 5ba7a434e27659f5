/** The conformance list, played to a real kernel: one for each table. */
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { KernelClient } from "../../kernel/run/client.ts";
import { launchKernel } from "../schema/checked.ts";
import { makeFolder, play } from "./play.ts";
import { titleOf } from "./row.ts";
import { tables } from "./tables.ts";

const MAX_ROWS = 6;

for (const [name, rows] of Object.entries(tables)) {
  describe(name, () => {
    const folder = makeFolder();
    let client: KernelClient;
    before(async () => {
      client = await launchKernel({ types: "on", notebook: join(folder, "a.ipynb"), cwd: folder });
    });
    after(async () => {
      await client.shutdown();
      rmSync(folder, { recursive: true });
    });
    for (const row of rows) {
      test(titleOf(row), async () => assert.equal(await play(row, { client, folder }), null));
    }
  });
}

test(`no construct has more than ${MAX_ROWS} rows`, () => {
  const counts = new Map<string, number>();
  for (const { construct } of Object.values(tables).flat()) {
    counts.set(construct, (counts.get(construct) ?? 0) + 1);
  }
  assert.deepEqual(
    [...counts].filter(([, count]) => count > MAX_ROWS),
    [],
  );
});

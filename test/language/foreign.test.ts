/** Notebooks that were written for other kernels, each played to a kernel of its own. */
import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { KernelClient } from "../../kernel/run/client.ts";
import { launchKernel } from "../schema/checked.ts";
import { deno } from "./foreign/deno.table.ts";
import { ijavascript } from "./foreign/ijavascript.table.ts";
import { others } from "./foreign/others.table.ts";
import { tslab } from "./foreign/tslab.table.ts";
import { makeFolder, play } from "./play.ts";
import { files } from "./row.ts";

const notebooks = [...tslab, ...deno, ...ijavascript, ...others];

for (const { title, kernelspec, files: beside = {}, cells } of notebooks) {
  describe(title, () => {
    const folder = makeFolder();
    const notebook = join(folder, "a.ipynb");
    let client: KernelClient;
    before(async () => {
      const metadata = kernelspec === "" ? {} : { kernelspec: { name: kernelspec } };
      writeFileSync(notebook, JSON.stringify({ nbformat: 4, metadata, cells: [] }));
      client = await launchKernel({ types: "on", notebook, cwd: folder });
      await play({ construct: title, steps: [files(beside)], shows: [] }, { client, folder });
    });
    after(async () => {
      await client.shutdown();
      rmSync(folder, { recursive: true });
    });
    for (const [code, shows] of cells) {
      test(code.replaceAll(/\s+/g, " ").slice(0, 70), async () => {
        const row = { construct: title, steps: [code], shows: [shows] };
        assert.equal(await play(row, { client, folder }), null);
      });
    }
  });
}

test("the notebooks have cells enough", () => {
  const count = notebooks.reduce((sum, { cells }) => sum + cells.length, 0);
  assert.ok(count >= 120, `${count} cells`);
});

/** Cells are checked whatever becomes of the engine and of what lies around the notebook, or it is said why not. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { KernelClient } from "../../kernel/run/client.ts";
import { launchKernel } from "../schema/checked.ts";
import { engineOf, gone, hasProc } from "./process.ts";

const folder = mkdtempSync(join(tmpdir(), "gradbook-test-"));
after(() => rmSync(folder, { recursive: true }));
const place = { types: "on", notebook: join(folder, "nb.ipynb"), cwd: folder } as const;

/** How a cell ended, and what it said. */
async function run(client: KernelClient, code: string): Promise<{ status: string; said: string }> {
  let said = "";
  const { content } = await client.execute(code, ({ message }) => {
    if (message.header.msg_type === "stream") said += String(message.content["text"]);
  });
  return { status: String(content["status"]), said };
}

test("an engine that dies between two cells is started again for the next", async (t) => {
  if (!hasProc) return t.diagnostic("needs /proc");
  const client = await launchKernel(place);
  await run(client, "const count = 1");
  const engine = engineOf(client);
  process.kill(engine, "SIGKILL");
  await gone(engine);
  assert.deepEqual(await run(client, "count + 1"), { status: "ok", said: "" });
  assert.equal((await run(client, "const text: string = count")).status, "error");
  assert.notEqual(engineOf(client), engine);
  await client.shutdown();
});

test("JSON of an answer or a question is any, as in a page; all else of them has its type", async () => {
  const client = await launchKernel(place);
  for (const [code, status] of [
    ["console.log((await (await fetch('data:application/json,[4]')).json())[0] + 1)", "ok"],
    [
      "const r: Response = new Response('{\"n\":2}'); console.log((await r.clone().json()).n)",
      "ok",
    ],
    ["const read = async (asked: Request) => (await asked.json()).n", "ok"],
    ["const n: number = (await fetch('data:,x')).statusText", "error"],
  ] as const) {
    assert.equal((await run(client, code)).status, status, code);
  }
  await client.shutdown();
});

test("of a tsconfig.json that cannot be read is told once, and cells are checked all the same", async () => {
  writeFileSync(join(folder, "tsconfig.json"), '{ "compilerOptions": { "strict": false, ');
  const client = await launchKernel(place);
  assert.equal((await run(client, "const n: string = 1")).status, "error");
  const first = await run(client, "const n = 1");
  assert.equal(first.status, "ok");
  assert.match(first.said, /tsconfig\.json cannot be read \(.+\), so cells are checked as if/);
  assert.deepEqual(await run(client, "n + 1"), { status: "ok", said: "" });
  await client.shutdown();
});

/** A kernel that dies says why: to the cell, to the server's log, or to the cell after the restart. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { kernelCommand } from "../../kernel/install/kernelspec.ts";
import type { KernelClient } from "../../kernel/run/client.ts";
import { launchKernel } from "../schema/checked.ts";
import { firstOf, runCell } from "./cells.ts";

for (const [code, how] of [
  ["process.exit(3)", /^process\.exit\(3\) was called/],
  ["process.reallyExit(4)", /^process\.reallyExit\(4\) was called/],
  ["process.abort()", /^process\.abort\(\) was called/],
  ["process.kill(process.pid, 'SIGKILL')", /^process\.kill\(process\.pid, "SIGKILL"\) was called/],
] as const) {
  test(`${code} gets its output and its answer first`, async () => {
    const client = await launchKernel({ log: "ignore" });
    const exited = new Promise((resolve) => client.process.once("exit", resolve));
    const { stdout, reply } = await runCell(client, `console.log('last words'); ${code}`);
    assert.equal(stdout, "last words\n");
    assert.equal(reply["ename"], "Exit");
    assert.match(String(reply["evalue"]), how);
    const status = await exited;
    if (code === "process.exit(3)") assert.equal(status, 3);
    client.close();
  });
}

/** Runs a cell that kills its kernel, and starts another on the same connection file. */
async function resurrect(kill: (client: KernelClient) => Promise<unknown>, heapMb?: number) {
  const folder = mkdtempSync(join(tmpdir(), "gradbook-test-"));
  const options = {
    connectionFile: join(folder, "kernel.json"),
    command: (file: string) => kernelCommand(file, { heapMb, types: "off" }),
    log: "pipe",
  } as const;
  const first = await launchKernel(options);
  let log = "";
  first.process.stderr?.on("data", (chunk) => (log += String(chunk)));
  const gone = new Promise((resolve) => first.process.once("close", resolve));
  await kill(first).catch(() => {});
  await gone;
  first.close();
  const second = await launchKernel(options);
  const { stderr } = await runCell(second, "1 + 1");
  const again = await runCell(second, "2 + 2");
  await second.shutdown();
  rmSync(folder, { recursive: true });
  return { log, stderr, again: again.stderr };
}

test("after a kill from outside the next kernel says so once, with the cell that was running", async () => {
  const { stderr, again } = await resurrect(async (client) => {
    const { seen, watch } = firstOf("stream");
    const running = client.execute("console.log('go'); while (true) {}", watch);
    await seen;
    client.process.kill("SIGKILL");
    await running;
  });
  assert.match(stderr, /^The kernel died while Cell \[1\] was running.*It left no message/);
  assert.equal(again, "");
});

test("what the runtime says when it dies is in the server's log and in the next kernel's first cell", async () => {
  // One allocation that no watch can forestall.
  const { log, stderr } = await resurrect(
    async (client) => client.execute("new Array(3e7).fill({})"),
    64,
  );
  assert.match(log, /FATAL ERROR.*heap/);
  assert.match(stderr, /The kernel died while Cell \[1\] was running.*FATAL ERROR.*heap/);
});

test("a heap that is nearly full stops the cell, not the kernel, and says how to raise the limit", async () => {
  const client = await launchKernel({
    command: (file) => kernelCommand(file, { heapMb: 400, types: "off" }),
  });
  const { reply } = await runCell(
    client,
    "const kept = []; for (;;) kept.push({ n: kept.length, more: [1, 2, 3] })",
  );
  assert.equal(reply["ename"], "HeapNearlyFull");
  assert.match(
    String(reply["evalue"]),
    /0\.\d\d GB in use, the limit is 0\.\d\d GB.*--heap-mb \d+/,
  );
  assert.equal((await runCell(client, "kept.length > 1000")).value, "true");
  assert.equal((await runCell(client, "kept.length = 0; 'freed'")).value, "'freed'");
  assert.equal(
    (await runCell(client, "Array.from({ length: 1e5 }, (_, i) => ({ i })).length")).value,
    "100000",
  );
  await client.shutdown();
});

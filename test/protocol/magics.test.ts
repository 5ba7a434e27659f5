/** Commands of a cell on a real kernel: heard while they run, stopped, and told of where they cannot. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { KernelClient, Received } from "../../kernel/run/client.ts";
import { launchKernel } from "../schema/checked.ts";
import { type Ran, runCell } from "./cells.ts";
import { gone, hasProc } from "./process.ts";

let kernel: KernelClient;
const folder = mkdtempSync(join(tmpdir(), "gradbook-magics-"));

before(async () => {
  kernel = await launchKernel({ notebook: join(folder, "a.ipynb"), cwd: folder });
});
after(async () => {
  await kernel.shutdown();
  rmSync(folder, { recursive: true });
});

const run = (code: string): Promise<Ran> => runCell(kernel, code);

/** Runs a command that prints its process id, and interrupts it as soon as that is heard. */
async function interrupted(code: string): Promise<{ reply: Record<string, unknown>; pid: number }> {
  let pid = 0;
  let setHeard = (): void => {};
  const heard = new Promise<void>((resolve) => (setHeard = resolve));
  const running = kernel.execute(code, ({ message: { header, content } }: Received) => {
    if (header.msg_type !== "stream" || pid !== 0) return;
    pid = Number(content["text"]);
    setHeard();
  });
  await heard;
  await kernel.interrupt();
  return { reply: (await running).content, pid };
}

for (const [what, code] of [
  ["a command", "!echo $$; sleep 600"],
  ["a script", "%%bash\necho $$\nwhile true; do sleep 600; done"],
  ["a program", "!echo $$; exec sleep 600"],
  ["a program that does not hear of SIGINT", "!trap '' INT; echo $$; while :; do sleep 0.05; done"],
  ["a command in a timed cell", "%%time\n!echo $$; sleep 600"],
] as const) {
  test(`${what} is heard while it runs, and stopped with all it has started`, async () => {
    const { reply, pid } = await interrupted(code);
    assert.equal(reply["ename"], "Interrupted");
    await gone(pid);
    assert.equal((await run("1 + 1")).value, "2");
  });
}

test("%types alone says how cells are checked", async () => {
  const said = async (code: string): Promise<string> =>
    /^%types is (\w+): it takes on .*, warn .* and off .*\.\n$/.exec(
      (await run(code)).stdout,
    )?.[1] ?? "";
  assert.equal(await said("%types"), "off");
  assert.equal(await said("%types warn\n%types"), "warn");
  assert.equal(await said("%types"), "warn");
  await run("%types off");
});

test("what a command writes keeps its place among what the cell shows", async () => {
  const { types, stdout } = await run(
    "console.log('before')\n!echo between\nconsole.log('after')\ndisplay(1)",
  );
  assert.equal(stdout, "before\nbetween\nafter\n");
  assert.equal(types.at(-2), "display_data");
});

test("a million bytes of a command arrive whole", async () => {
  const { stdout } = await run("!head -c 1000000 /dev/zero | tr '\\0' x");
  assert.equal(stdout.length, 1_000_000);
});

test("a cell goes on with what came before a command that failed", async () => {
  const { reply } = await run("let step = 1\n!exit 1\nstep = 2");
  assert.match(String(reply["evalue"]), /exit code 1/);
  assert.match((reply["traceback"] as string[]).join("\n"), /2 \|.*!exit 1/);
  assert.equal((await run("step")).value, "1");
});

test("%load puts a file into the cell, and ?name opens the pager", async () => {
  await run("require('node:fs').writeFileSync('snippet.ts', 'const a = 1;')");
  const { reply } = await run("%load snippet.ts");
  const next = { source: "set_next_input", text: "const a = 1;", replace: true };
  assert.deepEqual(reply["payload"], [next]);
  const asked = await run("let asked = 1;\n?asked");
  const [page] = asked.reply["payload"] as { source: string }[];
  assert.equal(page?.source, "page");
});

test("%reset forgets the names of cells, for the compiler too", async () => {
  await run("const gone = 1; let display = 2");
  await run("%reset");
  assert.match(String((await run("gone")).reply["evalue"]), /gone/);
  assert.equal((await run("typeof display")).value, "'function'");
});

test("a folder that cannot be written is told so in one sentence", async (t) => {
  if (!hasProc) return t.skip("no folder is sure to be read-only here");
  const client = await launchKernel({ notebook: "/proc/a.ipynb" });
  try {
    const { reply } = await runCell(client, "%npm install lodash");
    assert.equal(
      reply["evalue"],
      "%npm cannot install into /proc: the folder cannot be written; move the notebook to one of your own",
    );
  } finally {
    await client.shutdown();
  }
});

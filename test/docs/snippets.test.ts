/** The snippets of the documents, run as their reader would: cells in a kernel, scripts with Node. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import type { KernelClient, Received } from "../../kernel/run/client.ts";
import { removeFolder, temporaryFolder } from "../../kernel/transport/folders.ts";
import { launchKernel } from "../schema/checked.ts";
import { root, type Snippet, snippetsOf } from "./markdown.ts";

/** Ignored by Git; inside the checkout, so that a script finds the library by its name. */
const folder = join(root, ".cache", "docs-test");

interface Ran {
  readonly status: unknown;
  /** What was printed, and then the last value or the traceback. */
  readonly text: string;
}

async function runCell(kernel: KernelClient, code: string): Promise<Ran> {
  const parts: string[] = [];
  const collect = ({ message: { header, content } }: Received): void => {
    if (header.msg_type === "stream") parts.push(String(content["text"]));
    if (header.msg_type === "error") parts.push((content["traceback"] as string[]).join("\n"));
    if (header.msg_type !== "execute_result") return;
    parts.push((content["data"] as Record<string, string>)["text/plain"] ?? "");
  };
  const reply = await kernel.execute(code, collect);
  const text = stripVTControlCharacters(parts.join("")).trimEnd();
  return { status: reply.content["status"], text };
}

function check({ file, line, kind, claim }: Snippet, { status, text }: Ran): void {
  const where = `${file}:${line}`;
  assert.equal(status, kind === "failing cell" ? "error" : "ok", `${where}\n${text}`);
  if (claim === null) return;
  // A traceback ends in frames of the library, which no document shows.
  if (kind === "failing cell") assert.ok(text.startsWith(claim), `${where} prints\n${text}`);
  else assert.equal(text, claim, where);
}

for (const file of ["README.md", "CHANGELOG.md", join("docs", "training.md")]) {
  const cells = snippetsOf(file).filter(({ kind }) => kind !== "script");

  test(`the ${cells.length} cells of ${file} run in order and show what it says`, async () => {
    assert.ok(cells.length >= 4, `${file} has ${cells.length} cells`);
    // Where a reader's own files would stay.
    const temporary = temporaryFolder("gradbook-docs-");
    const kernel = await launchKernel({
      types: "on",
      notebook: join(root, "notebooks", "readme.ipynb"),
      env: { ...process.env, TMPDIR: temporary },
    });
    try {
      for (const cell of cells) check(cell, await runCell(kernel, cell.code));
    } finally {
      await kernel.shutdown();
      removeFolder(temporary);
    }
  });
}

test("the scripts of the README run with Node alone and print what it says", () => {
  const scripts = snippetsOf("README.md").filter(({ kind }) => kind === "script");
  assert.ok(scripts.length > 0, "no script");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [index, script] of scripts.entries()) {
    const path = join(folder, `script-${index}.js`);
    writeFileSync(path, script.code);
    const { status, stdout, stderr } = spawnSync(process.execPath, [path], { encoding: "utf8" });
    check(script, { status: status === 0 ? "ok" : stderr, text: stdout.trimEnd() });
  }
});

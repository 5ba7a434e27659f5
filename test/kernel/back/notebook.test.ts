/** `gradbook/notebook` and `tslab` as a module sees them, in the kernel and out of it. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { makeDisplay } from "../../../kernel/back/display.ts";
import { makeTslab } from "../../../kernel/back/tslab.ts";
import type * as notebook from "../../../kernel/back/notebook.ts";

/** What a program prints that uses the package as a user would, in a process of its own. */
function printedBy(program: string): string {
  const args = ["--input-type=module", "--eval", program];
  return execFileSync(process.execPath, args, { encoding: "utf8" });
}

const NAMES: readonly (keyof typeof notebook & keyof notebook.NotebookApi)[] = [
  "display",
  "clearOutput",
  "input",
  "prompt",
  "comm",
  "progress",
];

test("outside a notebook each name says that it is outside, when it is used", () => {
  const printed = printedBy(`
    import * as notebook from "gradbook/notebook";
    const tries = {
      display: () => notebook.display.html("x"), clearOutput: () => notebook.clearOutput(),
      input: () => notebook.input(), prompt: () => notebook.prompt(),
      comm: () => notebook.comm.open("x"), progress: () => notebook.progress(3),
    };
    for (const [name, use] of Object.entries(tries)) {
      try { use(); console.log(name, "works") } catch (error) { console.log(error.message) }
    }`);
  assert.deepEqual(
    printed.trim().split("\n"),
    NAMES.map(
      (name) => `${name} works in a notebook only: this program runs outside gradbook's kernel`,
    ),
  );
});

test("in the kernel a module has the notebook's own names", () => {
  const printed = printedBy(`
    const notebook = { display: () => "shown", comm: { open: () => "open" } };
    globalThis[Symbol.for("gradbook.notebook")] = notebook;
    const { display, comm } = await import("gradbook/notebook");
    console.log(display(), comm.open(), display === notebook.display)`);
  assert.equal(printed, "shown open true\n");
});

test("tslab's names: display, newDisplay, versions", () => {
  const shown: [object, string, boolean][] = [];
  let ids = 0;
  const tslab = makeTslab(
    makeDisplay(
      {
        show: (bundle, id, isUpdate) => {
          assert.ok(!(bundle instanceof Promise));
          shown.push([bundle.data, id, isUpdate]);
        },
      },
      () => `${ids++}`,
    ),
  );
  assert.deepEqual(Object.keys(tslab), ["display", "newDisplay", "versions", "default"]);
  assert.deepEqual(Object.keys(tslab.versions), ["tslab", "typescript", "node"]);
  for (const version of Object.values(tslab.versions)) assert.match(version, /\d+\.\d+\.\d+/);
  const place = tslab.default.newDisplay();
  place.text("one");
  place.html("<b>two</b>");
  tslab.display.png(Buffer.from("png"));
  tslab.display.raw("text/x", "raw");
  assert.deepEqual(shown, [
    [{ "text/plain": "one" }, "0", false],
    [{ "text/html": "<b>two</b>", "text/plain": "<b>two</b>" }, "0", true],
    [{ "image/png": "cG5n", "text/plain": "<image/png>" }, "1", false],
    [{ "text/x": "raw", "text/plain": "raw" }, "2", false],
  ]);
});

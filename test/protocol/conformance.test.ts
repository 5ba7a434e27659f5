/** The community's conformance suite and the papermill/nbclient way of running a notebook, on the installed kernelspec. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { installKernelspec, kernelsFolderOf } from "../../kernel/install/kernelspec.ts";
import { installTranslator } from "../../kernel/install/papermill.ts";
import { environmentAt } from "../../kernel/install/python.ts";
import { removeFolder, temporaryFolder } from "../../kernel/transport/folders.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const folder = temporaryFolder("gradbook-conformance-");
after(() => removeFolder(folder));
installKernelspec({ kernels: kernelsFolderOf(folder) });

function python(args: readonly string[]): { status: number | null; output: string } {
  const { python: command } = environmentAt(root);
  const env = {
    ...process.env,
    JUPYTER_PATH: join(folder, "share", "jupyter"),
    JUPYTER_DATA_DIR: join(folder, "data"),
    IPYTHONDIR: join(folder, "ipython"),
  };
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: join(root, "test", "protocol"),
    encoding: "utf8",
    env,
    timeout: 120_000,
  });
  if (error !== undefined) throw error;
  return { status, output: stdout + stderr };
}

test("jupyter_kernel_test passes, and skips nothing", () => {
  const { status, output } = python(["jupyter_kernel_test_gradbook.py"]);
  assert.equal(status, 0, output);
  const skipped = [...output.matchAll(/^(test_\w+) .*skipped/gm)].map(([, name]) => name);
  assert.deepEqual(skipped, []);
  assert.match(output, /Ran 12 tests/);
});

test("nbclient runs a notebook: outputs, a display updated later, an error where one is allowed", () => {
  const { status, output } = python(["nbclient_gradbook.py"]);
  assert.equal(status, 0, output);
  assert.match(output, /as expected/);
});

test("papermill gives a notebook its parameters, as TypeScript, and lists those there are", () => {
  installTranslator(environmentAt(root).prefix);
  const { status, output } = python(["papermill_gradbook.py"]);
  assert.equal(status, 0, output);
  assert.match(output, /as expected/);
});

test("jupyter_client encrypts the connection, and nobody without its keys gets in on any channel", () => {
  const { status, output } = python(["curve_gradbook.py"]);
  assert.equal(status, 0, output);
  assert.match(output, /as expected/);
});

/** `npm test`: the fast checks, then the setup of all that the rest needs, then everything that needs a real Jupyter. */
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { labLayer, prepareLab, root } from "../kernel/install/lab.ts";
import { say, SetupError } from "../kernel/install/progress.ts";
import type { Layer } from "../kernel/install/python.ts";
import { ensureChromium } from "./browser/chromium.ts";

const testLayer: Layer = { name: "the tests", lockFile: join(root, "test", "requirements.txt") };
const SLOW = [
  "pictures",
  "exchange",
  "language",
  "protocol",
  "docs/snippets.test.ts",
  "notebooks",
  "lab",
  "browser",
];

/** Runs a program of the checkout in the foreground and tells whether it succeeded. */
function succeeds(command: string, args: readonly string[]): boolean {
  const options = { cwd: root, stdio: "inherit", shell: process.platform === "win32" } as const;
  return spawnSync(command, args, options).status === 0;
}

async function test(): Promise<boolean> {
  const checked = succeeds("npm", ["run", "--silent", "check"]);
  if (!checked) return false;
  try {
    await prepareLab([labLayer, testLayer]);
    await ensureChromium();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(error.message);
    return false;
  }
  // Screenshots of an earlier run would be taken for this one's.
  rmSync(join(root, "test", "output"), { recursive: true, force: true });
  return succeeds(process.execPath, [join(root, "dist", "test", "run.js"), ...SLOW]);
}

process.exitCode = (await test()) ? 0 : 1;

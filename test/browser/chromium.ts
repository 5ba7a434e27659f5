/** A Chromium for the tests: named, on PATH, from Debian, or Playwright's own. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { chromium } from "playwright-core";
import { runStep, SetupError, type Step } from "../../kernel/install/progress.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

function onPath(): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find((path) => existsSync(path));
}

/** The Chromium that is there already, if one is. */
export function findChromium(): string | undefined {
  const named = process.env["GRADBOOK_CHROMIUM"];
  if (named !== undefined && named !== "") {
    if (existsSync(named)) return named;
    throw new SetupError(
      `GRADBOOK_CHROMIUM names ${named}, which is not there: correct it or unset it.`,
    );
  }
  const own = chromium.executablePath();
  return onPath() ?? (existsSync(own) ? own : undefined);
}

const REMEDY = "install Chromium, or name one in GRADBOOK_CHROMIUM, and run npm test again";

function mayUseApt(): boolean {
  if (process.getuid?.() !== 0 || !existsSync("/etc/os-release")) return false;
  const isDebian = /^ID(_LIKE)?=.*debian/m.test(readFileSync("/etc/os-release", "utf8"));
  // Ubuntu's package called chromium only starts a snap, which does not run in a container.
  const isUbuntu = /^ID=ubuntu/m.test(readFileSync("/etc/os-release", "utf8"));
  return isDebian && !isUbuntu && spawnSync("apt-get", ["--version"]).status === 0;
}

const aptFailure = (output: string): string =>
  `${output.trimEnd().split("\n").slice(-6).join("\n")}\nDebian's chromium could not be installed: ${REMEDY}.`;

function aptSteps(): Step[] {
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const failure = aptFailure;
  const install = ["install", "-y", "--no-install-recommends", "chromium"];
  return [
    { label: "Debian's list of packages", command: "apt-get", args: ["update"], env, failure },
    { label: "Debian's chromium", command: "apt-get", args: install, env, failure },
  ];
}

function playwrightStep(): Step {
  const manifest = createRequire(import.meta.url).resolve("playwright-core/package.json");
  return {
    label: "Playwright's Chromium",
    command: process.execPath,
    args: [join(dirname(manifest), "cli.js"), "install", "chromium"],
    failure: () => `Playwright's Chromium cannot be downloaded: ${REMEDY}.`,
  };
}

/** A Chromium that is there, installing one where that is possible. */
export async function ensureChromium(): Promise<string> {
  const found = findChromium();
  if (found !== undefined) return found;
  for (const step of mayUseApt() ? aptSteps() : [playwrightStep()]) await runStep(step);
  const installed = findChromium();
  if (installed === undefined)
    throw new SetupError(`No Chromium was found after installing one: ${REMEDY}.`);
  return installed;
}

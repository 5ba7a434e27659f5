/**
 * Runs the compiled tests under the given folders or files of test/ with Node's own test runner, each file in a
 * process of its own. `--together` puts many files into one process for each core: what takes no socket and no
 * browser spends most of its time in starting Node. `--coverage` prints how much of lib/ the tests reach, by line and by
 * branch, and fails below 95 % of either. Tests have a folder of their own for temporary files, and fail if they leave
 * any there.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join, relative } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { removeFolder, temporaryFolder } from "../kernel/transport/folders.ts";

const compiled = dirname(fileURLToPath(import.meta.url));
const sources = join(compiled, "..", "..", "test");

function testsUnder(path: string): string[] {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path)
    .flatMap((name) => testsUnder(join(path, name)))
    .filter((file) => file.endsWith(".test.ts"))
    .toSorted();
}

function toCompiled(source: string): string {
  return join(compiled, relative(sources, source)).replace(/\.ts$/, ".js");
}

/** Writes one module for each core that imports its share of the files, dealt out like cards. */
function grouped(files: readonly string[]): string[] {
  const count = Math.min(availableParallelism(), files.length);
  return Array.from({ length: count }, (_, group) => {
    const share = files.filter((_file, i) => i % count === group);
    const path = join(compiled, `together-${group}.test.js`);
    writeFileSync(path, share.map((file) => `import "${pathToFileURL(file).href}";\n`).join(""));
    return path;
  });
}

/** What Node needs to measure lib/ alone, through the source maps; it can since 22.8. */
function coverageFlags(): string[] {
  const [major, minor] = process.versions.node.split(".").map(Number) as [number, number];
  if (major < 22 || (major === 22 && minor < 8)) {
    console.error(`test/run.ts: --coverage needs Node 22.8 or later; this is ${process.version}`);
    process.exit(2);
  }
  return [
    "--experimental-test-coverage",
    // What runs lies in dist/, what the source maps name does not.
    "--test-coverage-include=dist/lib/**",
    "--test-coverage-include=lib/**",
    "--test-coverage-lines=95",
    "--test-coverage-branches=95",
  ];
}

/** What a folder still holds when what tests have killed has had the time to tidy up. */
async function leftIn(folder: string): Promise<string[]> {
  for (let attempt = 0; attempt < TIDY_ATTEMPTS; attempt++) {
    if (readdirSync(folder).length === 0) return [];
    await delay(TIDY_MS);
  }
  return readdirSync(folder);
}

/** A test that hangs fails by then, under its name; a file may take as long. */
const LONGEST_MS = 600_000;
const TIDY_ATTEMPTS = 300;
const TIDY_MS = 100;

const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const missing = wanted.filter((name) => !existsSync(join(sources, name)));
if (wanted.length === 0 || missing.length > 0) {
  console.error(`test/run.ts: name folders or files below test/; not found: ${missing.join(", ")}`);
  process.exit(2);
}
const files = wanted.flatMap((name) => testsUnder(join(sources, name))).map(toCompiled);
const isTogether = process.argv.includes("--together");
const flags = [
  "--enable-source-maps",
  "--test",
  "--test-reporter=spec",
  `--test-timeout=${LONGEST_MS}`,
  ...(process.argv.includes("--coverage") ? coverageFlags() : []),
  ...(isTogether ? [`--test-concurrency=${availableParallelism()}`] : []),
];
const temporary = temporaryFolder("gradbook-tests-");
const run = spawnSync(process.execPath, [...flags, ...(isTogether ? grouped(files) : files)], {
  stdio: "inherit",
  env: { ...process.env, TMPDIR: temporary },
});
const left = await leftIn(temporary);
removeFolder(temporary);
if (left.length > 0) console.error(`test/run.ts: temporary files were left: ${left.join(", ")}`);
process.exit(run.status === 0 && left.length > 0 ? 1 : (run.status ?? 1));

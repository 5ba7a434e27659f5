/** Runs the compiled tests under the given folders or files of test/ with Node's own test runner. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

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

const wanted = process.argv.slice(2);
const missing = wanted.filter((name) => !existsSync(join(sources, name)));
if (wanted.length === 0 || missing.length > 0) {
  console.error(`test/run.ts: name folders or files below test/; not found: ${missing.join(", ")}`);
  process.exit(2);
}
const files = wanted.flatMap((name) => testsUnder(join(sources, name))).map(toCompiled);
const flags = ["--enable-source-maps", "--test", "--test-reporter=spec"];
const run = spawnSync(process.execPath, [...flags, ...files], { stdio: "inherit" });
process.exit(run.status ?? 1);

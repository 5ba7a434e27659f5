/**
 * Puts the library's many modules into a few files, for a program and a notebook that import it: reading a hundred and
 * fifty files takes longer than running them. What is compiled stays beside it, for types, tests and stack traces.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type BuildOptions } from "esbuild";

const dist = fileURLToPath(new URL("../../", import.meta.url));

/** What package.json exports, and the modules that start in threads of their own, beside those that look for them. */
const entries = {
  index: "lib/index.js",
  preload: "lib/preload.js",
  display: "lib/display/index.js",
  data: "lib/data/index.js",
  io: "lib/io/index.js",
  worker: "lib/display/worker.js",
  // Loaded when a plan is first compiled.
  compiled: "lib/session/compiled.js",
  "wasm/thread": "lib/backend/wasm/thread.js",
};

const common: BuildOptions = {
  absWorkingDir: dist,
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  packages: "external",
  chunkNames: "[name]-[hash]",
  sourcemap: "linked",
  logLevel: "warning",
};

rmSync(join(dist, "bundle"), { recursive: true, force: true });
await build({ ...common, entryPoints: entries, outdir: "bundle" });
// A thread reads one file of its own: what both need is in each, and nothing is shared but what was passed.
for (const [name, entry] of Object.entries({
  front: "kernel/front/front.js",
  main: "kernel/main.js",
})) {
  await build({ ...common, entryPoints: { [name]: entry }, outdir: "bundle/kernel" });
}

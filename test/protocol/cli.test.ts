/** The `gradbook` command beside `run`: kernelspecs, the doctor, and what is said of mistakes. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { environmentAt } from "../../kernel/install/python.ts";
import { hasProc } from "./process.ts";

const cli = fileURLToPath(new URL("../../kernel/cli.js", import.meta.url));
const root = fileURLToPath(new URL("../../..", import.meta.url));
// As homes may be.
const home = mkdtempSync(join(tmpdir(), "gradbook cli ü "));
after(() => rmSync(home, { recursive: true }));

const env: NodeJS.ProcessEnv = {
  ...process.env,
  HOME: home,
  JUPYTER_DATA_DIR: join(home, "Jupyter data"),
};

function gradbook(...args: string[]): { status: number | null; text: string } {
  const options = { encoding: "utf8", timeout: 120_000, env } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], options);
  return { status, text: stdout + stderr };
}

interface Kernelspec {
  readonly argv: readonly string[];
  readonly display_name: string;
  readonly language: string;
}

function kernelspecIn(folder: string): Kernelspec {
  return JSON.parse(readFileSync(join(folder, "kernel.json"), "utf8")) as Kernelspec;
}

test("a kernelspec is installed for the user, with its pictures, and removed again", () => {
  const folder = join(home, "Jupyter data", "kernels", "gradbook");
  assert.match(gradbook("install").text, /Installed the kernelspec gradbook in/);
  const spec = kernelspecIn(folder);
  assert.equal(spec.language, "typescript");
  assert.ok(spec.argv.includes(cli));
  for (const size of [32, 64]) {
    const png = readFileSync(join(folder, `logo-${size}x${size}.png`));
    assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [size, size]);
  }
  assert.match(readFileSync(join(folder, "logo-svg.svg"), "utf8"), /^<svg /);
  assert.match(gradbook("uninstall").text, /Removed the kernelspec gradbook from/);
  assert.ok(!existsSync(folder));
  const { status, text } = gradbook("uninstall");
  assert.equal(status, 1);
  assert.match(text, /the kernelspec gradbook is not in .*Jupyter data/);
});

test("a kernelspec of another name, into an environment", () => {
  const prefix = join(home, "an env");
  gradbook(
    "install",
    "--prefix",
    prefix,
    "--name",
    "mine",
    "--display-name",
    "Mine",
    "--heap-mb=99",
  );
  const folder = join(prefix, "share", "jupyter", "kernels", "mine");
  const { display_name, argv } = kernelspecIn(folder);
  assert.equal(display_name, "Mine");
  assert.ok(argv.includes("--max-old-space-size=99"));
  // Four threads for V8 are Node's own choice.
  const cores = availableParallelism();
  const pool = argv.find((argument) => argument.startsWith("--v8-pool-size="));
  assert.equal(pool, cores < 4 ? `--v8-pool-size=${cores}` : undefined);
  assert.equal(gradbook("uninstall", "--prefix", prefix, "--name", "mine").status, 0);
});

test("the doctor finds a kernelspec whose checkout has moved, and all else well", () => {
  gradbook("install");
  const well = gradbook("doctor");
  assert.equal(well.status, 0, well.text);
  assert.match(well.text, /^ok +kernelspec .*gradbook$/m);
  assert.match(well.text, /^ok +a kernel started, ran a cell/m);
  const folder = join(home, "Jupyter data", "kernels", "moved");
  mkdirSync(folder, { recursive: true });
  const argv = [process.execPath, "/gone/dist/kernel/cli.js", "kernel", "{connection_file}"];
  writeFileSync(join(folder, "kernel.json"), JSON.stringify({ argv }));
  const ill = gradbook("doctor");
  assert.equal(ill.status, 1);
  assert.match(ill.text, /^FAULT .*moved or removed: install it anew with gradbook install/m);
});

test("jupyter kernelspec lists it, starts it, and removes it", () => {
  // The environment has a gradbook of its own, which is to stay.
  gradbook("install", "--name", "gradbook-cli-test");
  const { python } = environmentAt(root);
  const jupyter = (...args: string[]): string => {
    const done = spawnSync(python, ["-m", "jupyter", ...args], { encoding: "utf8", env });
    return done.stdout + done.stderr;
  };
  assert.match(jupyter("kernelspec", "list"), /gradbook-cli-test +.*Jupyter data/);
  const input = join(home, "a notebook ü.ipynb");
  const cell = {
    cell_type: "code",
    metadata: {},
    execution_count: null,
    outputs: [],
    source: "6*7",
  };
  const notebook = { nbformat: 4, nbformat_minor: 4, metadata: {}, cells: [cell] };
  writeFileSync(input, JSON.stringify(notebook));
  jupyter("execute", "--inplace", "--kernel_name=gradbook-cli-test", input);
  assert.match(readFileSync(input, "utf8"), /"42"/);
  assert.match(jupyter("kernelspec", "remove", "-y", "gradbook-cli-test"), /[Rr]emoved/);
});

const wrong: [args: string[], sentence: RegExp][] = [
  [["instal"], /there is no such command; did you mean install\?/],
  [["install", "--usr"], /there is no option --usr; did you mean --user\?/],
  [["install", "here"], /here is one word too many/],
  [["install", "--user", "--prefix", "x"], /--prefix and --user exclude each other/],
  [["install", "--name", "a/b"], /--name a\/b is no name for Jupyter/],
  [["install", "--types", "maybe"], /--types maybe is none of on, warn, off/],
  [["install", "--heap-mb", "3"], /--heap-mb 3 is not a whole number of megabytes from 64 on/],
  [["install", "--user=5"], /--user takes no value/],
  [["kernel"], /name the connection file/],
  [["kernel", "/nowhere.json"], /there is no connection file \/nowhere\.json/],
  [["doctor", "me"], /me is one word too many/],
];

for (const [args, sentence] of wrong) {
  test(`gradbook ${args.join(" ")}: one sentence`, () => {
    const { status, text } = gradbook(...args);
    assert.notEqual(status, 0);
    assert.match(text, sentence);
    assert.ok(text.trim().split("\n").length <= 2, text);
  });
}

test("what cannot be written is said with the way out", () => {
  const file = join(home, "a file");
  writeFileSync(file, "");
  const { status, text } = gradbook("install", "--prefix", file);
  assert.equal(status, 1);
  assert.match(text, /cannot be written \(ENOTDIR: not a directory\): --user, or --prefix/);
});

test("a folder that takes no folders is no place for a kernelspec", { skip: !hasProc }, () => {
  const { status, text } = gradbook("install", "--prefix", "/proc/gradbook");
  assert.equal(status, 1);
  assert.match(
    text,
    /^gradbook install: \/proc\/gradbook\S+ cannot be written \([^)]*\): --user, or .*\n$/,
  );
});

test("the version is told with those of TypeScript and Node", () => {
  for (const word of ["--version", "-v", "version"]) {
    const { status, text } = gradbook(word);
    assert.equal(status, 0);
    assert.match(
      text,
      /^gradbook \d+\.\d+\.\d+: TypeScript \d+\.\d+\.\d+ on Node \d+\.\d+\.\d+\n$/,
    );
  }
});

test("help is given wherever it is asked for", () => {
  for (const args of [[], ["--help"], ["help"], ["run", "--help"], ["install", "-h"]]) {
    const { status, text } = gradbook(...args);
    assert.equal(status, 0);
    assert.match(text, /gradbook run NOTEBOOK/);
  }
});

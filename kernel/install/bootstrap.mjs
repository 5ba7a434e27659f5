// The first step of `npm start`, `npm test` and `npm run demo`. Plain JavaScript and nothing but Node's own modules,
// because on a fresh clone nothing else is there: it installs the packages, compiles the sources, and hands over to the
// compiled program named on its command line. What is already done is not done again.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const say = (line) => process.stderr.write(`${line}\n`);

class Remedy extends Error {}

/** True if a version like 22.15.0 satisfies a range like "^20.19.0 || >=24", the only two forms package.json uses. */
function satisfies(version, range) {
  const [major, minor] = version.split(".").map(Number);
  return range.split("||").some((part) => {
    const match = /(\^|>=)(\d+)(?:\.(\d+))?/.exec(part);
    const [wantMajor, wantMinor] = [Number(match[2]), Number(match[3] || 0)];
    if (match[1] === ">=" && major > wantMajor) return true;
    return major === wantMajor && minor >= wantMinor;
  });
}

function checkNode() {
  const range = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).engines.node;
  if (satisfies(process.versions.node, range)) return;
  throw new Remedy(
    `Node ${process.versions.node} is too old or not supported; install a Node that is ${range}.`,
  );
}

/** Draws one line that moves on a terminal, and one line every ten seconds elsewhere. */
function progress(label) {
  const started = Date.now();
  const tty = process.stderr.isTTY;
  let detail = "";
  const line = () =>
    `${label} … ${Math.round((Date.now() - started) / 1000)} s${detail && `, ${detail}`}`;
  const draw = () => process.stderr.write(tty ? `\r\x1b[2K${line()}` : `${line()}\n`);
  const timer = setInterval(draw, tty ? 250 : 10000);
  return {
    detail: (text) => (detail = text),
    end: (verdict) => {
      clearInterval(timer);
      if (tty) process.stderr.write("\r\x1b[2K");
      say(`${label}: ${verdict}, ${((Date.now() - started) / 1000).toFixed(1)} s`);
    },
  };
}

/** Runs a command under a progress line and returns its exit code and what it printed. */
function run(label, command, args, options, detailOf) {
  const bar = progress(label);
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
      ...options,
    });
    let output = "";
    const take = (chunk) => {
      output += chunk;
      bar.detail(detailOf(output));
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.on("error", () => {
      bar.end("failed");
      reject(
        new Remedy(`${command} cannot be started: it comes with Node; check that it is on PATH.`),
      );
    });
    child.on("close", (code) => {
      bar.end(code === 0 ? "done" : "failed");
      resolve({ code, output });
    });
  });
}

function npmFailure(output) {
  const last = output
    .split("\n")
    .filter((line) => line.startsWith("npm error") && line.length > 12)
    .slice(0, 6)
    .join("\n");
  if (/ENOSPC/.test(output))
    return "The disk is full: free some space, then run the same command again.";
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH/.test(output))
    return "The npm registry cannot be reached: check the network or proxy, then run the same command again.";
  return `npm could not install the packages:\n${last}`;
}

// npm install, not npm ci: oxc and oxlint have a binary package per platform, and npm 11's `ci` refuses a lock file that
// does not name the binaries of every other platform. --no-save installs what the lock file says and leaves it as it is.
const npmArgs = [
  "install",
  "--no-save",
  "--ignore-scripts",
  "--no-audit",
  "--no-fund",
  "--loglevel=http",
];

const fetched = (output) => `${(output.match(/^npm http fetch/gm) || []).length} requests`;

async function installPackages() {
  const stamp = join(root, "node_modules", ".gradbook");
  const lock = readFileSync(join(root, "package-lock.json"));
  const wanted = createHash("sha256")
    .update(`${process.platform} ${process.arch} `)
    .update(lock)
    .digest("hex");
  const found = existsSync(stamp) ? readFileSync(stamp, "utf8") : "";
  if (found === wanted) return wanted;
  if (found === "unfinished") rmSync(join(root, "node_modules"), { recursive: true, force: true });
  mkdirSync(join(root, "node_modules"), { recursive: true });
  writeFileSync(stamp, "unfinished");
  const npm = process.env.npm_execpath;
  const windows = process.platform === "win32";
  const command = npm ? process.execPath : "npm";
  const args = npm ? [npm, ...npmArgs] : npmArgs;
  const { code, output } = await run(
    "Node packages",
    command,
    args,
    { shell: windows && !npm },
    fetched,
  );
  if (code !== 0) throw new Remedy(npmFailure(output));
  writeFileSync(stamp, wanted);
  return wanted;
}

function sourcesUnder(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "output" ? [] : sourcesUnder(path);
    return entry.name.endsWith(".ts") ? [path] : [];
  });
}

async function compile(packages) {
  const config = JSON.parse(readFileSync(join(root, "tsconfig.json"), "utf8"));
  const files = config.include.flatMap((folder) => sourcesUnder(join(root, folder)));
  const hash = createHash("sha256").update(packages);
  for (const file of [join(root, "tsconfig.json"), ...files.toSorted()])
    hash.update(file).update(readFileSync(file));
  const wanted = hash.digest("hex");
  const stamp = join(root, "dist", ".gradbook");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const { code, output } = await run("TypeScript", process.execPath, [tsc], {}, () => "");
  if (code !== 0)
    throw new Remedy(`${output}The sources do not compile: correct the errors above.`);
  await import(pathToFileURL(join(root, "dist", "kernel", "install", "bundle.js")).href);
  writeFileSync(stamp, wanted);
}

async function main() {
  const [program, ...args] = process.argv.slice(2);
  checkNode();
  await compile(await installPackages());
  mkdirSync(join(root, ".cache"), { recursive: true });
  const path = join(root, program);
  process.argv = [process.execPath, path, ...args];
  await import(pathToFileURL(path).href);
}

main().catch((error) => {
  if (!(error instanceof Remedy)) throw error;
  say(error.message);
  process.exitCode = 1;
});

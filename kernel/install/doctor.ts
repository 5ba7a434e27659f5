/** `gradbook doctor`: what a working kernel needs, looked at one by one, each with its remedy. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { findCompiler } from "../language/lsp.ts";
import { removeFolder, temporaryFolder, userDataFolder } from "../transport/folders.ts";
import { COMMAND } from "./kernelspec.ts";
import { root } from "./lab.ts";
import { environmentAt } from "./python.ts";

export interface Finding {
  /** "note" is worth knowing, and no fault. */
  readonly kind: "ok" | "note" | "fault";
  readonly sentence: string;
}

type Check = () => readonly Finding[] | Promise<readonly Finding[]>;

const ok = (sentence: string): Finding => ({ kind: "ok", sentence });
const note = (sentence: string): Finding => ({ kind: "note", sentence });
const fault = (sentence: string): Finding => ({ kind: "fault", sentence });

const checks: readonly Check[] = [node, kernelspecs, types, sockets, pictures, aCell, jupyter];

/** Reports each finding as it is made, and resolves with whether nothing is at fault. */
export async function doctor(report: (finding: Finding) => void): Promise<boolean> {
  let isWell = true;
  for (const check of checks) {
    for (const finding of await check()) {
      report(finding);
      isWell &&= finding.kind !== "fault";
    }
  }
  return isWell;
}

function node(): Finding[] {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const isFit = major >= 24 || (major === 22 && minor >= 15) || (major === 20 && minor >= 19);
  const name = `Node ${process.version} (${process.execPath})`;
  return [isFit ? ok(name) : fault(`${name} is too old or odd: install Node 20.19, 22.15 or 24`)];
}

/** Folders of kernelspecs, as a Jupyter of this user, or of the environment that is active, looks for them. */
function kernelFolders(): string[] {
  const { JUPYTER_PATH = "", VIRTUAL_ENV, CONDA_PREFIX } = process.env;
  const prefixes = [environmentAt(root).prefix, VIRTUAL_ENV, CONDA_PREFIX, "/usr/local", "/usr"];
  const data = [
    ...JUPYTER_PATH.split(delimiter).filter(Boolean),
    userDataFolder(),
    ...prefixes.flatMap((prefix) =>
      prefix === undefined ? [] : [join(prefix, "share", "jupyter")],
    ),
  ];
  return [...new Set(data)].map((folder) => join(folder, "kernels"));
}

function kernelspecs(): Finding[] {
  const found = kernelFolders().flatMap((folder) =>
    existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [],
  );
  const findings = found.flatMap((folder) => {
    const finding = kernelspec(folder);
    return finding === null ? [] : [finding];
  });
  if (findings.length > 0) return findings;
  return [
    note(
      "no Jupyter has this kernel yet: gradbook install, or gradbook lab for a JupyterLab of its own",
    ),
  ];
}

/** Null for another kernel's. */
function kernelspec(folder: string): Finding | null {
  const argv = argvOf(join(folder, "kernel.json"));
  const command = argv.find((word) => /[\\/]kernel[\\/]cli\.js$/.test(word));
  if (command === undefined) return null;
  const anew = "install it anew with gradbook install, or take it away with gradbook uninstall";
  const [program = ""] = argv;
  if (!existsSync(program)) {
    return fault(`${folder} starts ${program}, which is gone: ${anew}`);
  }
  if (!existsSync(command)) {
    return fault(`${folder} starts ${command}, which was moved or removed: ${anew}`);
  }
  if (command === COMMAND) return ok(`kernelspec ${folder}`);
  return note(`${folder} starts another copy of gradbook, ${command}`);
}

function argvOf(path: string): string[] {
  try {
    const { argv } = JSON.parse(readFileSync(path, "utf8")) as { readonly argv?: unknown };
    return Array.isArray(argv) ? argv.map(String) : [];
  } catch {
    return [];
  }
}

function types(): Finding[] {
  try {
    return [ok(`types by ${findCompiler()}`)];
  } catch {
    return [
      fault("TypeScript for this platform is not installed, so no types are checked: npm install"),
    ];
  }
}

async function sockets(): Promise<Finding[]> {
  if (await loads("zeromq")) return [ok("zeromq, for encrypted and ipc connections")];
  return [
    note(
      "zeromq cannot be loaded: plain TCP works without it, encrypted and ipc connections do not",
    ),
  ];
}

async function pictures(): Promise<Finding[]> {
  for (const name of ["jsdom", "@resvg/resvg-js"]) {
    if (await loads(name)) continue;
    return [
      fault(`${name} cannot be loaded, so figures come without a static picture: npm install`),
    ];
  }
  return [ok("static pictures")];
}

async function loads(name: string): Promise<boolean> {
  return import(name).then(
    () => true,
    () => false,
  );
}

/** A kernel that is started as a server does it, and asked something. */
function aCell(): Finding[] {
  const folder = temporaryFolder("gradbook-doctor-");
  try {
    const path = join(folder, "doctor.ipynb");
    const source = "const answer: number = 6 * 7;\nanswer";
    const cell = { cell_type: "code", metadata: {}, execution_count: null, outputs: [], source };
    writeFileSync(
      path,
      JSON.stringify({ nbformat: 4, nbformat_minor: 4, metadata: {}, cells: [cell] }),
    );
    const started = performance.now();
    const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, "run", path], {
      encoding: "utf8",
      timeout: 60_000,
    });
    if (status !== 0) return [fault(`a kernel does not run a cell:\n${stdout}${stderr}`)];
    const took = ((performance.now() - started) / 1000).toFixed(1);
    return [ok(`a kernel started, ran a cell and ended in ${took} s`)];
  } finally {
    removeFolder(folder);
  }
}

function jupyter(): Finding[] {
  const { python } = environmentAt(root);
  const asked = spawnSync(python, ["-m", "jupyterlab", "--version"], { encoding: "utf8" });
  const lab =
    asked.status === 0
      ? ok(`JupyterLab ${asked.stdout.trim()} in ${python}`)
      : note(
          "gradbook has no JupyterLab of its own yet: gradbook lab makes one, with Python 3.10 or newer",
        );
  return [
    lab,
    note(
      "a Jupyter server that gradbook lab did not start drops what cells print above 1 MB/s: --ZMQChannelsWebsocketConnection.iopub_data_rate_limit=1e9 lets it through",
    ),
  ];
}

/** Packages for the notebook. */
import { accessSync, constants, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { type ActionMagic, type Ended, MagicError, type MagicHost } from "./magic.ts";
import { CommandError, howEnded } from "./shell.ts";

const WRITING = new Set(["install", "i", "add", "uninstall", "remove", "rm", "update", "ci"]);
/** The names of packages are a word of the shell, that of Windows included. */
const QUIET = ["--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=http"];
const FETCHED = /^npm http (?:fetch|cache) (?:GET \d* ?)?(\S+)/;

export const npm: ActionMagic = {
  name: "npm",
  usage: ["%npm install name", "%npm uninstall name", "%npm command"],
  doc: "Runs npm in the notebook's folder, which gets a package.json if it has none; what is installed can be imported at once. Packages run their own install scripts, as npm lets them: --ignore-scripts keeps them from it.",
  forms: ["line"],
  takes: "text",
  async run({ text }, host) {
    const args = text.split(/\s+/).filter(Boolean);
    const [command = ""] = args;
    if (command === "") throw new MagicError("%npm wants a command, as in %npm install lodash");
    if (!WRITING.has(command)) return finish(await run(args, host, {}), text);
    prepareFolder(host);
    const progress = new Progress(text, host);
    const ended = await run([...args, ...QUIET], host, { hear: progress.hear });
    progress.end(ended);
    finish(ended, text);
  },
};

type Hear = (stream: "stdout" | "stderr", text: string) => void;

async function run(
  args: readonly string[],
  host: MagicHost,
  options: { hear?: Hear },
): Promise<Ended> {
  const isWindows = process.platform === "win32";
  const [program, before] = isWindows ? ["cmd", ["/d", "/s", "/c", "npm"]] : (["npm", []] as const);
  return host.run({ program, args: [...before, ...args], folder: host.folder, ...options });
}

function finish(ended: Ended, text: string): void {
  if (ended.code !== 0) throw new CommandError(`npm ${text}: ${howEnded(ended)}`);
}

/** Without a package.json of its own, npm would install into a folder above. */
function prepareFolder(host: MagicHost): void {
  const { folder } = host;
  const path = join(folder, "package.json");
  try {
    accessSync(folder, constants.W_OK);
    if (existsSync(path)) return;
    writeFileSync(path, '{\n  "private": true\n}\n');
    host.print(`Made ${path}, in which npm keeps what the notebook needs.\n`);
  } catch {
    throw new MagicError(
      `%npm cannot install into ${folder}: the folder cannot be written; move the notebook to one of your own`,
    );
  }
}

/** One line for all that is fetched, and behind it what npm says itself. */
class Progress {
  readonly #text: string;
  readonly #host: MagicHost;
  readonly #line: { update(value: unknown): void };
  #count = 0;
  #rest = "";
  #shown = 0;

  constructor(text: string, host: MagicHost) {
    this.#text = text;
    this.#host = host;
    this.#line = host.show(lineOf(`npm ${text} …`));
  }

  hear: Hear = (stream, text) => {
    if (stream === "stdout") return this.#host.print(text);
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#hearLine(line);
  };

  #hearLine(line: string): void {
    const fetched = FETCHED.exec(stripVTControlCharacters(line));
    if (fetched === null) return this.#host.print(`${line}\n`, "stderr");
    this.#count++;
    // A live display has its price in every client.
    if (this.#host.now() - this.#shown < PAUSE_MS) return;
    this.#shown = this.#host.now();
    this.#line.update(lineOf(`npm ${this.#text} … ${this.#count} fetched, ${fetched[1] ?? ""}`));
  }

  end(ended: Ended): void {
    if (this.#rest !== "") this.#hearLine(this.#rest);
    const how = ended.code === 0 ? "done" : howEnded(ended);
    this.#line.update(lineOf(`npm ${this.#text}: ${how}`));
  }
}

const PAUSE_MS = 200;

/** A line of text as a value that is shown without quotes. */
function lineOf(text: string): object {
  return { [Symbol.for("Jupyter.display")]: () => ({ "text/plain": text }) };
}

/** Commands of the system: `!command`, `%sh`, `%%bash`. */
import {
  type ActionMagic,
  type Ended,
  type MagicCall,
  MagicError,
  type MagicHost,
} from "./magic.ts";

/** The magic that `!command` is short for. */
export const COMMAND = "sh";

export const sh: ActionMagic = {
  name: COMMAND,
  usage: ["!command", "%sh command", "%%sh"],
  doc: "Runs a command, or a script below, in the system's shell; what it writes appears as it comes, the stop button ends it, and an exit code other than 0 fails the cell.",
  forms: ["line", "cell"],
  takes: "text",
  run: async ({ text, body }, host) => {
    const isWindows = process.platform === "win32";
    await runScript({ text, body }, isWindows ? ["cmd", "/d", "/s", "/c"] : ["sh", "-c"], host);
    // The shell that changed its folder is gone.
    if (/^cd\b[^;&|\n]*$/.test(text)) {
      host.print("The notebook stays in its folder; process.chdir(…) moves it.\n", "stderr");
    }
  },
};

export const bash: ActionMagic = {
  name: "bash",
  usage: ["%%bash", "%bash command"],
  doc: "Runs the cell below its first line as one script of bash, as %sh runs a command.",
  forms: ["line", "cell"],
  takes: "text",
  run: async (call, host) => runScript(call, ["bash", "-c"], host),
};

/** The exit code by which a shell says so. */
const NO_COMMAND = 127;

async function runScript(
  { text, body }: MagicCall,
  [program = "", ...args]: readonly string[],
  host: MagicHost,
): Promise<void> {
  const script = body ?? text;
  if (body !== null && text !== "") {
    throw new MagicError(
      `%%${program} takes nothing on its line, got "${text}": write it below, or as %${program} ${text}`,
    );
  }
  if (script.trim() === "") {
    throw new MagicError(`%${program} wants a command, as in %${program} ls -l`);
  }
  const ended = await host.run({ program, args: [...args, script] });
  if (ended.code === 0) return;
  const [first = ""] = script.trim().split("\n");
  const shown = first === script.trim() ? first : `${first} …`;
  // What was meant may be TypeScript: `!done` of a name that is not there.
  const isName = ended.code === NO_COMMAND && /^[\w$]+$/.test(shown);
  const hint = isName ? `, and no variable ${shown} that could be negated` : "";
  throw new CommandError(`${shown}: ${howEnded(ended)}${hint}`);
}

/** A command that did not succeed. */
export class CommandError extends Error {
  override name = "CommandError";
}

/** The end of a program in words. */
export function howEnded({ code, signal }: Ended): string {
  if (signal !== null) return `ended by ${signal}`;
  const why = code === NO_COMMAND ? ": there is no such command" : "";
  return `ended with exit code ${code}${why}`;
}

/** Runs the long steps of an installation under one progress line. */
import { spawn } from "node:child_process";

/** An installation step that cannot go on; the message is one sentence with the remedy. */
export class SetupError extends Error {}

/** A program to run under a progress line. */
export interface Step {
  readonly label: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** The sentence for a step that failed, from all it printed. */
  readonly failure: (output: string) => string;
}

/** Writes one line for the person who started the installation. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

const WIDTH = 60;

function lastLine(output: string): string {
  const line = output.trimEnd().split("\n").at(-1) ?? "";
  return line.trim().slice(0, WIDTH);
}

interface Progress {
  readonly detail: (text: string) => void;
  readonly end: (verdict: string) => void;
}

/** One line that moves on a terminal; elsewhere, a line every ten seconds. */
function startProgress(label: string): Progress {
  const started = Date.now();
  const terminal = process.stderr.isTTY;
  let latest = "";
  const draw = (): void => {
    const seconds = Math.round((Date.now() - started) / 1000);
    const line = `${label} … ${seconds} s  ${latest}`;
    process.stderr.write(terminal ? `\r\u001B[2K${line}` : `${line}\n`);
  };
  const timer = setInterval(draw, terminal ? 250 : 10_000);
  return {
    detail: (text) => {
      latest = text;
    },
    end: (verdict) => {
      clearInterval(timer);
      if (terminal) process.stderr.write("\r\u001B[2K");
      say(`${label}: ${verdict}, ${((Date.now() - started) / 1000).toFixed(1)} s`);
    },
  };
}

interface Ended {
  readonly code: number;
  readonly output: string;
}

function runToEnd({ command, args, env }: Step, detail: (text: string) => void): Promise<Ended> {
  return new Promise((resolve) => {
    let output = "";
    const take = (chunk: Buffer): void => {
      output += chunk.toString();
      detail(lastLine(output));
    };
    const child = spawn(command, args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...env },
    });
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.on("error", (error) => resolve({ code: 127, output: output + error.message }));
    child.on("close", (status) => resolve({ code: status ?? 1, output }));
  });
}

/** Runs one step to its end, showing the last line it printed; throws a SetupError if it fails. */
export async function runStep(step: Step): Promise<void> {
  const progress = startProgress(step.label);
  const { code, output } = await runToEnd(step, progress.detail);
  progress.end(code === 0 ? "done" : "failed");
  if (code !== 0) throw new SetupError(step.failure(output));
}

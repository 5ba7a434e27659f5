/** Magics at work: what they may do to the notebook, and the calls that stand for them in a cell's script. */
import { findMagic, magics } from "../cell/magics/index.ts";
import type { Magic, MagicHost } from "../cell/magics/magic.ts";
import type { TypesMode } from "../cell/magics/types.ts";
import type { CellId, FromBack } from "../channel.ts";
import { runCommand } from "./commands.ts";
import { bundleOf, type Display } from "./display.ts";
import type { Interruption } from "./interruption.ts";
import type { Output } from "./output.ts";
import type { Runs } from "./runs.ts";
import type { Scope } from "./scope.ts";
import { summaryOf } from "./values/summary.ts";

export interface MagicParts {
  /** The notebook's folder. */
  readonly folder: string;
  readonly runs: Runs;
  readonly scope: Scope;
  readonly output: Output;
  readonly interruption: Interruption;
  readonly display: Display;
  readonly types: () => TypesMode;
  readonly post: (message: FromBack) => void;
}

// A cell may replace it; the kernel keeps its own.
const now = performance.now.bind(performance);

export function magicHost(parts: MagicParts): MagicHost {
  const { folder, runs, scope, output, interruption, display, types, post } = parts;
  return {
    folder,
    magics,
    now,
    print: (text, stream = "stdout") => output.write(runs.speaker, stream, text),
    show: (value) => display(value),
    table: (rows) => void display(tableOf(rows)),
    types,
    names: () => scope.declared().map(({ name, value }) => ({ name, ...summaryOf(value) })),
    forget() {
      const count = scope.declared().length;
      post({ type: "forgotten", names: scope.forget() });
      return count;
    },
    async run(command) {
      const cell: CellId = runs.speaker;
      const hear = (stream: "stdout" | "stderr", text: string): void =>
        output.write(cell, stream, text);
      return runCommand({ hear, ...command }, interruption);
    },
    replaceCell: (text) =>
      post({
        type: "payload",
        cell: runs.speaker,
        payload: { source: "set_next_input", text, replace: true },
      }),
  };
}

/** Shown as a table, in text as well. */
function tableOf(rows: readonly Readonly<Record<string, string>>[]): object {
  const show = async (): Promise<object> => {
    const { data } = await bundleOf(rows);
    return { ...data, "text/plain": columnsOf(rows) };
  };
  return { [Symbol.for("Jupyter.display")]: show };
}

/** Rows with their columns below each other, under the names of the columns. */
function columnsOf(rows: readonly Readonly<Record<string, string>>[]): string {
  const names = Object.keys(rows[0] ?? {});
  const lines = [names, ...rows.map((row) => names.map((name) => row[name] ?? ""))];
  const widths = names.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((text, i) => text.padEnd(widths[i] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** What a script calls in the place of its magics. */
export interface MagicRuntime {
  magic(name: string, text: string, body: string | null): Promise<void>;
  begin(name: string): <T>(value: T) => T;
  loop(name: string, text: string, isAsync: boolean, call: () => unknown): Promise<void>;
}

export function magicRuntime(host: MagicHost): MagicRuntime {
  return {
    async magic(name, text, body) {
      const magic = taking("text", name);
      // Not returned: a stack shows the cell's line only through what was awaited.
      await magic.run({ text, body }, host);
    },
    begin(name) {
      const end = taking("statement", name).begin(host);
      return (value) => {
        end();
        return value;
      };
    },
    async loop(name, text, isAsync, call) {
      await taking("loop", name).loop({ call, isAsync }, text, host);
    },
  };
}

function taking<T extends Magic["takes"]>(what: T, name: string): Extract<Magic, { takes: T }> {
  const magic = findMagic(name);
  if (magic?.takes !== what) throw new Error(`no magic ${name} takes a ${what}`);
  return magic as Extract<Magic, { takes: T }>;
}

/** Runs a notebook in a kernel of its own, without Jupyter. */
import { resolve } from "node:path";
import { KernelClient } from "./client.ts";
import {
  type Cell,
  type Output,
  Outputs,
  prepareOutput,
  readNotebook,
  writeNotebook,
} from "./notebook.ts";

export interface RunOptions {
  readonly notebook: string;
  /** Where the notebook is written with its outputs; null to write nothing. */
  readonly output: string | null;
  readonly report: (line: string) => void;
}

/** Resolves with the number of cells that failed; the cells behind the first failure are not run. */
export async function runNotebook({ notebook, output, report }: RunOptions): Promise<number> {
  const path = resolve(notebook);
  const read = readNotebook(path);
  if (output !== null) prepareOutput(resolve(output));
  const code = read.cells.filter((cell) => cell.cell_type === "code");
  const started = performance.now();
  const kernel = await KernelClient.launch({ notebook: path });
  const outputs = new Outputs();
  let failed = 0;
  try {
    for (const [index, cell] of code.entries()) {
      const from = performance.now();
      const status = await runCell(kernel, cell, outputs);
      report(progressLine(index + 1, code.length, cell, seconds(from), status));
      if (status === "ok") continue;
      failed++;
      report(failureText(cell));
      break;
    }
  } finally {
    await kernel.shutdown();
    if (output !== null) writeNotebook(resolve(output), read);
  }
  report(
    `${code.length - failed} cells in ${seconds(started)} s${output === null ? "" : `, written to ${output}`}`,
  );
  return failed;
}

async function runCell(kernel: KernelClient, cell: Cell, all: Outputs): Promise<"ok" | "error"> {
  const outputs: Output[] = [];
  const pendingClear = { wanted: false };
  cell.json["outputs"] = outputs;
  let reply: Awaited<ReturnType<KernelClient["execute"]>>;
  try {
    reply = await kernel.execute(cell.source, (received) =>
      all.collect(outputs, pendingClear, received),
    );
  } catch (error) {
    // The process is gone: the cell is told, so that the notebook shows where it was.
    const evalue = error instanceof Error ? error.message : String(error);
    outputs.push({ output_type: "error", ename: "KernelDied", evalue, traceback: [evalue] });
    return "error";
  }
  cell.json["execution_count"] = reply.content["execution_count"] ?? null;
  const mayFail = tagsOf(cell).includes("raises-exception");
  return reply.content["status"] === "ok" || mayFail ? "ok" : "error";
}

function tagsOf(cell: Cell): readonly unknown[] {
  const metadata = cell.json["metadata"] as { tags?: readonly unknown[] } | undefined;
  return metadata?.tags ?? [];
}

function seconds(from: number): string {
  return ((performance.now() - from) / 1000).toFixed(1);
}

function progressLine(at: number, of: number, cell: Cell, took: string, status: string): string {
  const [first = ""] = cell.source.trim().split("\n");
  const mark = status === "ok" ? "ok    " : "failed";
  return `[${String(at).padStart(String(of).length)}/${of}] ${mark} ${took.padStart(5)} s  ${first.slice(0, 60)}`;
}

function failureText(cell: Cell): string {
  const outputs = cell.json["outputs"] as readonly Output[];
  const error = outputs.find(({ output_type }) => output_type === "error");
  const traceback = error?.["traceback"];
  return Array.isArray(traceback) ? traceback.join("\n") : "The cell was aborted.";
}

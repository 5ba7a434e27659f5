/** Runs a notebook in a kernel of its own, without Jupyter. */
import { resolve } from "node:path";
import { KernelClient } from "./client.ts";
import {
  type Cell,
  type Notebook,
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
  /** Whether the cells behind one that failed are run too, and the run has succeeded all the same. */
  readonly allowErrors?: boolean;
  /** How long a cell may take; null, or nothing, for as long as it likes. */
  readonly timeoutMs?: number | null;
  /** Stops the running cell; what has been shown until then is written. */
  readonly stop?: AbortSignal;
  readonly report: (line: string) => void;
}

type Status = "ok" | "failed" | "stopped" | "overdue";

/** How long a kernel that was asked to stop a cell may take over it. */
const PATIENCE_MS = 5000;

/** Resolves with whether all went well; the cells behind the first failure are not run. */
export async function runNotebook(options: RunOptions): Promise<boolean> {
  const { notebook, output, report, allowErrors = false, timeoutMs = null } = options;
  const { stop = new AbortController().signal } = options;
  const path = resolve(notebook);
  const read = readNotebook(path);
  if (output !== null) prepareOutput(resolve(output));
  const code = read.cells.filter(isRun);
  const started = performance.now();
  const kernel = await KernelClient.launch({ notebook: path });
  await describeLanguage(kernel, read);
  const outputs = new Outputs();
  let failed = 0;
  let ran = 0;
  try {
    for (const [index, cell] of code.entries()) {
      if (stop.aborted) break;
      const from = performance.now();
      const status = await runCell(kernel, cell, outputs, { timeoutMs, stop });
      report(progressLine(index + 1, code.length, cell, seconds(from), status));
      ran++;
      if (status === "ok") continue;
      failed++;
      report(failureText(cell));
      const isOver = kernel.process.exitCode !== null || kernel.process.signalCode !== null;
      if (isOver || !allowErrors || status === "stopped") break;
    }
  } finally {
    await kernel.shutdown();
    if (output !== null) writeNotebook(resolve(output), read);
  }
  const sum = sumOf({ ran, failed, of: code.length });
  const end = output === null ? "" : `, written to ${output}`;
  report(`${stop.aborted ? "Stopped: " : ""}${sum} in ${seconds(started)} s${end}`);
  return !stop.aborted && (failed === 0 || allowErrors);
}

/** As nbclient has it, what is skipped keeps the outputs that it has. */
function isRun(cell: Cell): boolean {
  const isCode = cell.cell_type === "code" && cell.source.trim() !== "";
  return isCode && !tagsOf(cell).includes("skip-execution");
}

/** What converters go by: the ending of a script, the colours of a page. */
async function describeLanguage(kernel: KernelClient, { json }: Notebook): Promise<void> {
  const { content } = await kernel.request("kernel_info_request", {});
  const metadata = json["metadata"] as Record<string, unknown> | undefined;
  json["metadata"] = { language_info: content["language_info"], ...metadata };
}

function sumOf({ ran, failed, of }: Readonly<Record<"ran" | "failed" | "of", number>>): string {
  const cells = of === 1 ? "1 cell" : `${of} cells`;
  const count = ran - failed === of ? cells : `${ran - failed} of ${cells}`;
  return failed === 0 ? count : `${count} ran, ${failed} failed`;
}

async function runCell(
  kernel: KernelClient,
  cell: Cell,
  all: Outputs,
  { timeoutMs, stop }: { readonly timeoutMs: number | null; readonly stop: AbortSignal },
): Promise<Status> {
  const outputs: Output[] = [];
  const pendingClear = { wanted: false };
  cell.json["outputs"] = outputs;
  const limits = limit(kernel, timeoutMs, stop);
  try {
    const reply = await kernel.execute(cell.source, (received) =>
      all.collect(outputs, pendingClear, received),
    );
    cell.json["execution_count"] = reply.content["execution_count"] ?? null;
    const mayFail = tagsOf(cell).includes("raises-exception");
    const isFine = reply.content["status"] === "ok" || mayFail;
    return limits.reason() ?? (isFine ? "ok" : "failed");
  } catch (error) {
    // The process is gone: the cell is told, so that the notebook shows where it was.
    const evalue = error instanceof Error ? error.message : String(error);
    outputs.push({ output_type: "error", ename: "KernelDied", evalue, traceback: [evalue] });
    return limits.reason() ?? "failed";
  } finally {
    limits.end();
  }
}

/** Interrupts the cell when its time is up or the run is stopped, and ends a kernel that does not listen. */
function limit(
  kernel: KernelClient,
  timeoutMs: number | null,
  stop: AbortSignal,
): { reason(): "stopped" | "overdue" | null; end(): void } {
  let reason: "stopped" | "overdue" | null = null;
  const timers: NodeJS.Timeout[] = [];
  const interrupt = (why: "stopped" | "overdue"): void => {
    if (reason !== null) return;
    reason = why;
    // A kernel that dies meanwhile says so by the cell's request.
    kernel.interrupt().catch(() => {});
    timers.push(setTimeout(() => kernel.process.kill("SIGKILL"), PATIENCE_MS));
  };
  const onStop = (): void => interrupt("stopped");
  stop.addEventListener("abort", onStop);
  if (timeoutMs !== null) timers.push(setTimeout(() => interrupt("overdue"), timeoutMs));
  return {
    reason: () => reason,
    end() {
      stop.removeEventListener("abort", onStop);
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

function tagsOf(cell: Cell): readonly unknown[] {
  const metadata = cell.json["metadata"] as { tags?: readonly unknown[] } | undefined;
  return metadata?.tags ?? [];
}

function seconds(from: number): string {
  return ((performance.now() - from) / 1000).toFixed(1);
}

const MARKS: Readonly<Record<Status, string>> = {
  ok: "ok    ",
  failed: "failed",
  stopped: "stopped",
  overdue: "took too long",
};

function progressLine(at: number, of: number, cell: Cell, took: string, status: Status): string {
  const [first = ""] = cell.source.trim().split("\n");
  return `[${String(at).padStart(String(of).length)}/${of}] ${MARKS[status]} ${took.padStart(5)} s  ${first.slice(0, 60)}`;
}

function failureText(cell: Cell): string {
  const outputs = cell.json["outputs"] as readonly Output[];
  const error = outputs.find(({ output_type }) => output_type === "error");
  const traceback = error?.["traceback"];
  return Array.isArray(traceback) ? traceback.join("\n") : "The cell was aborted.";
}

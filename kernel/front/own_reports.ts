/** Errors that no line of a cell is to blame for. */
import { paint } from "../cell/excerpt.ts";
import { type ErrorReport, INTERRUPTED, type Outcome } from "../channel.ts";

/** A report of the kernel's own. */
export function reportOf(ename: string, evalue: string): ErrorReport {
  return { ename, evalue, traceback: [`${paint.red(paint.bold(ename))}: ${evalue}`] };
}

export function interrupted(): Outcome {
  return { status: "error", ...reportOf(INTERRUPTED.ename, INTERRUPTED.evalue) };
}

/** Of a cell that no interrupt ends. */
export const STUCK: ErrorReport = reportOf(
  "NotInterruptible",
  "The cell cannot be interrupted: it is in a call that nothing in the process can end, such as a blocking read of a " +
    "pipe or a long computation in native code. Restart the kernel to stop it; its variables will be lost.",
);

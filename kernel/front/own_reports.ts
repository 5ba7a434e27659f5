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

/** Options as callers that TypeScript has not checked may write them: a notebook's cells, above all. */
import { describe } from "./describe.ts";

/** Throws unless `options` is an object of known names; `call` shows how to write it. */
export function checkOptions(
  what: string,
  options: unknown,
  known: readonly string[],
  call: string,
): void {
  const isObject = typeof options === "object" && options !== null;
  const proto: unknown = isObject ? Object.getPrototypeOf(options) : undefined;
  if (!isObject || (proto !== Object.prototype && proto !== null)) {
    throw new TypeError(`${what}: options are ${describe(options)}; write ${call}`);
  }
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  throw new TypeError(`${what}: ${noOption(unknown, known)}`);
}

/** What other libraries call an option of ours. */
const elsewhere: Readonly<Record<string, string>> = {
  alpha: "decay",
  axes: "axis",
  betas: "beta1",
  depth: "classes",
  dim: "axis",
  dims: "axis",
  eps: "epsilon",
  kernel_size: "size",
  lr: "learningRate",
  lr_decay: "rateDecay",
  maxval: "high",
  minval: "low",
  num_classes: "depth",
  p: "rate",
  type: "dtype",
};

/** What to say of an option that there is not: which one may have been meant, and those that there are. */
export function noOption(unknown: string, known: readonly string[]): string {
  const meant = plain(known.includes(elsewhere[unknown]) ? elsewhere[unknown] : unknown);
  const near = known.find((key) => {
    const [short, long] = [meant, plain(key)].toSorted((a, b) => a.length - b.length);
    return short.length > 2 && long.startsWith(short);
  });
  const hint = near === undefined ? "" : ` did you mean ${near}?`;
  return `has no option ${unknown};${hint} it has ${known.join(", ")}`;
}

/** A name without what differs from one style of spelling to another. */
function plain(name: string): string {
  return name.toLowerCase().replaceAll("_", "");
}

/** Where a number may lie; a bound that is `open` is itself excluded. */
export interface Range {
  readonly least?: number;
  readonly most?: number;
  readonly open?: "least" | "most" | "both";
  readonly whole?: boolean;
}

/** The number itself; throws, naming it and the range, unless it is finite and within. */
export function checkNumber(what: string, value: unknown, range: Range, wayOut = ""): number {
  if (typeof value === "number" && isWithin(value, range)) return value;
  throw new RangeError(
    `${what} is ${describe(value)}; wanted ${rangeText(range)}${wayOut === "" ? "" : `: ${wayOut}`}`,
  );
}

function isWithin(value: number, { least, most, open, whole = false }: Range): boolean {
  if (!Number.isFinite(value) || (whole && !Number.isSafeInteger(value))) return false;
  const [openLeast, openMost] = [
    open === "least" || open === "both",
    open === "most" || open === "both",
  ];
  const above = least === undefined || (openLeast ? value > least : value >= least);
  return above && (most === undefined || (openMost ? value < most : value <= most));
}

function rangeText({ least, most, open, whole = false }: Range): string {
  const kind = whole ? "a whole number" : "a number";
  const [openLeast, openMost] = [
    open === "least" || open === "both",
    open === "most" || open === "both",
  ];
  const low = openLeast ? `above ${least}` : `from ${least}`;
  if (least === undefined) return kind;
  if (most === undefined) return openLeast ? `${kind} ${low}` : `${kind} ${low} up`;
  return `${kind} ${low} ${openMost ? `to below ${most}` : `to ${most}`}`;
}

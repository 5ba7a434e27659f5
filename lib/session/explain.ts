/** What the compiler made of a computation: its kernels in order, what was fused, where values lie, what computes them. */
import { outputsOf, readsOf, type Kernel, type Slot } from "../backend/program.ts";
import { bytesOf } from "../backend/wasm/emit.ts";
import { DISPLAY, type Displayable, type MimeBundle } from "../core/mime.ts";
import { show } from "../core/shape.ts";
import { describe } from "../core/describe.ts";
import { label } from "../graph/node.ts";
import type { Compiled } from "./compiled.ts";
import { drawExplanation } from "./explain_svg.ts";
import type { ExplainedPlan, ExplainedStep, ExplainedValue } from "./explained.ts";
import type { Feeds } from "./feeds.ts";
import type { Fetch } from "./fetch.ts";
import type { Task } from "./tasks.ts";

/** A plan that prints as a list of its steps, and shows as a picture of its memory over time. */
export class Explanation implements Displayable, ExplainedPlan {
  readonly steps: readonly ExplainedStep[];
  readonly values: readonly ExplainedValue[];
  readonly nodes: number;
  readonly needed: number;
  readonly bytes: number;

  constructor({ steps, values, nodes, needed, bytes }: ExplainedPlan) {
    this.steps = steps;
    this.values = values;
    this.nodes = nodes;
    this.needed = needed;
    this.bytes = bytes;
  }

  /** A heading, then one line for each step. */
  toString(): string {
    const width = Math.max(0, ...this.steps.map(({ backend }) => backend.length));
    const lines = this.steps.map((step, i) => {
      const { backend, text, bytes } = step;
      const size = bytes > 0 ? ` → ${bytesText(bytes)}` : "";
      return `${String(i).padStart(4)}  ${backend.padEnd(width)}  ${text}${size}${partsText(step)}`;
    });
    return [headingOf(this), ...lines].join("\n");
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  [DISPLAY](): MimeBundle {
    return { "text/plain": this.toString(), "image/svg+xml": drawExplanation(this) };
  }
}

/** How threads share a step. */
function partsText({ parts, follows }: ExplainedStep): string {
  if (parts === 1) return "";
  return follows ? ", in the same parts" : `, in ${parts} parts`;
}

/** What a plan comes to, in a sentence. */
export function headingOf({ nodes, steps, needed, bytes }: ExplainedPlan): string {
  const memory =
    bytes > 0 ? `; ${bytesText(bytes)} of memory for ${bytesText(needed)} of values` : "";
  return `${nodes} nodes in ${steps.length} steps${memory}`;
}

/** The plan with which a session computes a fetch; feeds are needed where placeholders leave their shapes open. */
export function explain(session: Explainer, fetch: Fetch, feeds: Feeds = []): Explanation {
  if (typeof session?.explain !== "function") {
    throw new TypeError(
      `explain: the session is ${describe(session)}; write explain(session, fetch, [[X, points]])`,
    );
  }
  return session.explain(fetch, feeds);
}

/** Whatever makes plans; a `Session` does. */
export interface Explainer {
  explain(fetch: Fetch, feeds?: Feeds): Explanation;
}

/** A size as people write it. */
export function bytesText(bytes: number): string {
  const units = ["B", "kB", "MB", "GB"];
  const power = bytes < 1 ? 0 : Math.min(3, Math.floor(Math.log10(bytes) / 3));
  return `${Number((bytes / 1000 ** power).toPrecision(3))} ${units[power]}`;
}

/** The explanation of a plan that is compiled. */
export function explainCompiled(compiled: Compiled, nodes: number): Explanation {
  const { program, ways } = compiled;
  const shares = program.phases.flatMap(({ kernels, parts }) =>
    kernels.map((_, i) => ({ parts, follows: parts > 1 && i > 0 })),
  );
  const steps = program.kernels.map((kernel, i): ExplainedStep => ({
    backend: ways[i],
    kind: kernel.kind,
    text: textOf(kernel),
    nodes: namesOf(kernel),
    bytes: outputsOf(kernel)
      .filter((slot) => !program.own.has(slot))
      .reduce((sum, slot) => sum + slot.size * bytesOf(slot), 0),
    ...shares[i],
  }));
  const values = valuesOf(program.kernels, program.slots, program.offsets);
  const needed = values.reduce((sum, value) => sum + value.bytes, 0);
  return new Explanation({ steps, values, nodes, needed, bytes: program.bytes });
}

/** The explanation of a plan that is carried out node by node. */
export function explainTasks(
  tasks: readonly Task[],
  backend: "javascript" | "reference",
): Explanation {
  const steps = tasks
    .filter(({ node }) => node.inputs.length > 0)
    .map(({ node, op }): ExplainedStep => ({
      backend,
      kind: "call",
      text: `${op.name}: ${label(node)} ${show(node.shape)}`,
      nodes: [node.name],
      bytes: 0,
      parts: 1,
      follows: false,
    }));
  return new Explanation({ steps, values: [], nodes: tasks.length, needed: 0, bytes: 0 });
}

function namesOf(kernel: Kernel): readonly string[] {
  if (kernel.kind !== "map") return outputsOf(kernel).map(nameOf);
  return kernel.body.map((one) => nameOf(one.out));
}

/** Kernels of ops have memory of their own between their steps, which no node names. */
function nameOf(slot: Slot): string {
  return slot.name === "" ? `value ${slot.id}` : slot.name;
}

function textOf(kernel: Kernel): string {
  switch (kernel.kind) {
    case "map":
      return `${show(kernel.shape)} ${few(namesOf(kernel))}`;
    case "reduce":
      return `${kernel.reduction} of ${kernel.length} in ${nameOf(kernel.x)}: ${nameOf(kernel.out)}`;
    case "gemm": {
      const { m, k, n, transpose } = kernel.layout;
      const [a, b] = [transpose === "a" ? "ᵀ" : "", transpose === "b" ? "ᵀ" : ""];
      const factors = `${nameOf(kernel.a)}${a} · ${nameOf(kernel.b)}${b}`;
      const { update } = kernel;
      const product =
        update === undefined ? factors : `${nameOf(update.addend)} + ${update.scale} · ${factors}`;
      return `[${m}, ${k}] · [${k}, ${n}]: ${nameOf(kernel.out)} = ${product}`;
    }
    case "call":
      return `${kernel.name}: ${nameOf(kernel.out.slot)} ${show(kernel.out.shape)}`;
    default:
      throw kernel satisfies never;
  }
}

function few(names: readonly string[]): string {
  const shown = names.length <= 6 ? names : [...names.slice(0, 3), "…", ...names.slice(-2)];
  return names.length === 1 ? names[0] : `${names.length} in one: ${shown.join(", ")}`;
}

function valuesOf(
  kernels: readonly Kernel[],
  slots: readonly Slot[],
  offsets: ReadonlyMap<Slot, number>,
): ExplainedValue[] {
  const times = new Map<Slot, { from: number; to: number }>();
  const seen = (slot: Slot, i: number): void => {
    const time = times.get(slot);
    if (time === undefined) times.set(slot, { from: i, to: i });
    else time.to = i;
  };
  for (const [i, kernel] of kernels.entries()) {
    for (const slot of [...readsOf(kernel), ...outputsOf(kernel)]) seen(slot, i);
  }
  const end = kernels.length - 1;
  return slots.flatMap((slot) => {
    const offset = offsets.get(slot);
    if (offset === undefined) return [];
    // What comes from outside is there from the start; what stays is there to the end.
    const stays = slot.origin === "planned" ? times.get(slot) : undefined;
    const { from, to } = stays ?? { from: 0, to: end };
    return [{ name: nameOf(slot), offset, bytes: slot.size * bytesOf(slot), from, to }];
  });
}

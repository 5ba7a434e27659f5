/** Gradients against finite differences, entry by entry. */
import { DISPLAY, type Displayable, type MimeBundle } from "../core/mime.ts";
import { random } from "../core/random.ts";
import { stridesOf } from "../core/shape.ts";
import { parseTensor, Tensor, type TensorLike } from "../core/tensor.ts";
import { checkNode } from "../graph/build.ts";
import { GraphError, label, topologicalOrder, type Node } from "../graph/node.ts";
import { add, multiply } from "../ops/elementwise.ts";
import { Placeholder, Variable } from "../ops/state.ts";
import { reduceSum } from "../ops/structure.ts";
import { computeGradients } from "./gradients.ts";
import { explainMissing } from "./missing.ts";
import { formatCheck, formatCheckAsHtml, type CheckRow } from "./report.ts";

/** What can be nudged: a value that comes from outside of the graph. */
export type Leaf = Variable | Placeholder;

/** What a gradient check is told. */
export interface CheckOptions {
  /** By default the variables that a gradient of the loss reaches, or else the placeholders. */
  readonly xs?: readonly Leaf[];
  /** 2 checks the second derivatives too, along a random direction; 1 by default. */
  readonly order?: 1 | 2;
  /** The largest relative error that passes: 1e-6, in float32 2e-2. */
  readonly tolerance?: number;
  /** How many entries of each tensor are tried, drawn at random if it has more; 20 by default. */
  readonly entries?: number;
  /** Decides which entries and which direction are drawn. */
  readonly seed?: number;
}

/** What a gradient check found; prints and shows as a table. */
export class GradientCheck implements Displayable {
  readonly rows: readonly CheckRow[];
  readonly tolerance: number;

  constructor(rows: readonly CheckRow[], tolerance: number) {
    this.rows = rows;
    this.tolerance = tolerance;
  }

  /** The largest relative error; NaN if an entry is. */
  get worst(): number {
    return this.rows.reduce((most, row) => Math.max(most, row.error), 0);
  }

  /** Whether every entry agrees to within the tolerance. */
  get ok(): boolean {
    return this.worst <= this.tolerance;
  }

  toString(): string {
    return formatCheck(this);
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  [DISPLAY](): MimeBundle {
    return { "text/plain": this.toString(), "text/html": formatCheckAsHtml(this) };
  }
}

/** Whatever runs nodes; a `Session` does. */
export interface Runner {
  run(fetches: readonly Node[], feeds: LeafFeeds): readonly Tensor[];
}

/** Pairs of a placeholder and its value. */
export type LeafFeeds = Iterable<readonly [Placeholder, TensorLike]>;

/** Compares the gradients of `loss` with central differences, running everything on `runner`. */
export function compareGradients(
  runner: Runner,
  loss: Node,
  feeds: LeafFeeds,
  options: CheckOptions = {},
): GradientCheck {
  checkNode("checkGradients: the loss", loss);
  const { order = 1, entries = 20, seed = 0 } = options;
  const fed = new Map(feeds);
  const xs = options.xs ?? leavesOf(loss);
  for (const x of xs) checkLeaf(x, fed);
  const tolerance = options.tolerance ?? (loss.dtype === "float32" ? 2e-2 : 1e-6);
  const bench: Bench = { runner, fed, entries, seed, tolerance };
  const rows = rowsOf(bench, loss, xs, 1);
  if (order === 2) rows.push(...rowsOf(bench, alongDirection(bench, loss, xs), xs, 2));
  return new GradientCheck(rows, tolerance);
}

interface Bench {
  readonly runner: Runner;
  readonly fed: Map<Placeholder, TensorLike>;
  readonly entries: number;
  readonly seed: number;
  readonly tolerance: number;
}

function leavesOf(loss: Node): Leaf[] {
  const reached = computeGradients(loss);
  const nodes = topologicalOrder([loss]).filter((node) => reached.has(node));
  const variables = nodes.filter((node) => node instanceof Variable);
  const leaves =
    variables.length > 0 ? variables : nodes.filter((node) => node instanceof Placeholder);
  if (leaves.length > 0) return leaves;
  const behind = topologicalOrder([loss]);
  const leaf =
    behind.find((node) => node instanceof Variable) ??
    behind.find((node) => node instanceof Placeholder);
  if (leaf !== undefined) throw explainMissing("checkGradients", loss, leaf, reached);
  throw new GraphError(
    `checkGradients: ${label(loss)} (made at ${loss.origin.place}) is computed from no variable or placeholder; build it from a new Variable(…)`,
  );
}

function checkLeaf(x: unknown, fed: ReadonlyMap<Placeholder, TensorLike>): void {
  if (x instanceof Variable || (x instanceof Placeholder && fed.has(x))) return;
  const what = x instanceof Placeholder ? `placeholder ${x.name}, which is not fed` : String(x);
  throw new GraphError(`checkGradients: xs has ${what}; wanted variables and fed placeholders`);
}

/** Σ ⟨∂J/∂x, v⟩ for random v: its gradient is the Hessian of J times v. */
function alongDirection({ fed, seed }: Bench, loss: Node, xs: readonly Leaf[]): Node {
  const gradients = computeGradients(loss, xs);
  const stream = random(seed);
  return xs
    .map((x) => {
      const { shape } = valueOf(x, fed);
      return reduceSum(multiply(gradients.get(x)!, stream.normal(shape)));
    })
    .reduce((sum, part) => add(sum, part));
}

function rowsOf(bench: Bench, loss: Node, xs: readonly Leaf[], order: 1 | 2): CheckRow[] {
  const gradients = gradientsOf(bench, loss, xs);
  return xs.flatMap((x, i) => {
    const start = valueOf(x, bench.fed);
    const chosen = random(bench.seed).permutation(start.size).slice(0, bench.entries);
    return chosen
      .toSorted((a, b) => a - b)
      .map((entry) => {
        const symbolic = gradients[i].data[entry];
        const { numeric, sides } = slopes(bench, loss, x, start, entry);
        const error = relative(symbolic, numeric);
        const row = { name: x.name, order, index: indexOf(entry, start), symbolic, numeric, error };
        if (error <= bench.tolerance) return row;
        const kink = sides();
        return isKink(kink, symbolic, bench.tolerance) ? { ...row, kink } : row;
      });
  });
}

/** A second derivative may be nothing at all: a gradient that depends on no x has gradient 0. */
function gradientsOf({ runner, fed }: Bench, loss: Node, xs: readonly Leaf[]): readonly Tensor[] {
  const all = computeGradients(loss);
  return xs.map((x) => {
    const gradient = all.get(x);
    if (gradient !== undefined) return runner.run([gradient], fed)[0];
    return valueOf(x, fed).map(() => 0);
  });
}

function relative(a: number, b: number): number {
  return Math.abs(a - b) / Math.max(1, Math.abs(a), Math.abs(b));
}

/** Whether the slopes on both sides differ by more than curvature explains, with the symbolic one between them. */
function isKink(sides: readonly [number, number], symbolic: number, tolerance: number): boolean {
  const slack = tolerance * Math.max(1, Math.abs(symbolic));
  const isBetween =
    symbolic >= Math.min(...sides) - slack && symbolic <= Math.max(...sides) + slack;
  return isBetween && relative(...sides) > 10 * tolerance;
}

interface Slopes {
  readonly numeric: number;
  /** Those below and above the entry, for one more run. */
  readonly sides: () => readonly [below: number, above: number];
}

/** (J(x + h) − J(x − h)) / 2h at one entry; h balances truncation against rounding: ∛ε. */
function slopes(bench: Bench, loss: Node, x: Leaf, start: Tensor, entry: number): Slopes {
  const epsilon = start.dtype === "float32" ? 2 ** -23 : 2 ** -52;
  const h = Math.cbrt(epsilon) * Math.max(1, Math.abs(start.data[entry]));
  const at = [-h, 0, h].map((by) => start.map((value, i) => (i === entry ? value + by : value)));
  const [below, middle, above] = at.map((value) => value.data[entry]);
  const [low, high] = [lossAt(bench, loss, x, at[0]), lossAt(bench, loss, x, at[2])];
  const sides = (): readonly [number, number] => {
    const value = lossAt(bench, loss, x, at[1]);
    return [(value - low) / (middle - below), (high - value) / (above - middle)];
  };
  return { numeric: (high - low) / (above - below), sides };
}

function lossAt({ runner, fed }: Bench, loss: Node, x: Leaf, value: Tensor): number {
  if (x instanceof Placeholder) return runner.run([loss], new Map(fed).set(x, value))[0].item();
  const before = x.value;
  x.value = value;
  try {
    return runner.run([loss], fed)[0].item();
  } finally {
    x.value = before;
  }
}

function valueOf(x: Leaf, fed: ReadonlyMap<Placeholder, TensorLike>): Tensor {
  if (x instanceof Variable) return x.value;
  return parseTensor(`checkGradients: the value fed to ${x.name}`, fed.get(x), x.dtype);
}

function indexOf(entry: number, { shape }: Tensor): number[] {
  return stridesOf(shape).map((stride, axis) => Math.floor(entry / stride) % shape[axis]);
}

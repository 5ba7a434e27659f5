/** What all laws share: the ops and compositions, their samples, and seeded numbers to try them on. */
import type { Buffer } from "../../lib/backend/backend.ts";
import { allocate, type Dtype } from "../../lib/core/dtype.ts";
import { random } from "../../lib/core/random.ts";
import { isKnown, ShapeError, sizeOf, type Shape } from "../../lib/core/shape.ts";
import { Tensor } from "../../lib/core/tensor.ts";
import { isComposition, type AnyComposition, type Trait } from "../../lib/graph/composition.ts";
import { isOp, type AnyOp, type Domain } from "../../lib/graph/op.ts";
import { Graph, placeholder, type Node, type Placeholder } from "../../lib/index.ts";
import * as ops from "../../lib/ops/index.ts";

/** One op, or composition, at one of its samples. */
export interface Case<O extends AnyOp | AnyComposition = AnyOp | AnyComposition> {
  readonly op: O;
  readonly title: string;
  readonly shapes: readonly Shape[];
  readonly attrs: object;
  readonly domains: readonly Domain[];
  readonly dtypes: readonly (Dtype | undefined)[];
}

/** Every op of the registry. */
export const allOps: readonly AnyOp[] = Object.values(ops).filter((value) => isOp(value));

/** Every composition of the registry. */
export const allCompositions: readonly AnyComposition[] = Object.values(ops).filter((value) =>
  isComposition(value),
);

/** Every op at each of its samples. */
export const allCases: readonly Case<AnyOp>[] = allOps.flatMap((op) => casesOf(op));

/** Every composition at each of its samples. */
export const allComposed: readonly Case<AnyComposition>[] = allCompositions.flatMap((op) =>
  casesOf(op),
);

function casesOf<O extends AnyOp | AnyComposition>(op: O): Case<O>[] {
  return op.samples.map(({ shapes, attrs = {}, domain = [-1, 1], domains = [], dtypes = [] }) => {
    const text = shapes.map((shape) => `[${shape.join(", ")}]`).join(" ");
    return {
      op,
      title: `${op.name} ${text} ${JSON.stringify(attrs)}`,
      shapes,
      attrs,
      domains: shapes.map((_, i) => domains[i] ?? domain),
      dtypes,
    };
  });
}

/** Whether laws of a kind leave a case out. */
export function has(law: Case, trait: Trait): boolean {
  return isComposition(law.op) && law.op.traits.includes(trait);
}

/** Input types at which an op can be tried. */
export function dtypesOf({ shapes, dtypes }: Case, float: Dtype = "float64"): readonly Dtype[] {
  return shapes.map((_, i) => dtypes[i] ?? float);
}

/** Seeded inputs of a case, drawn from its domains. */
export function inputsOf({ shapes, domains }: Case, dtypes: readonly Dtype[]): Buffer[] {
  return shapes.map((shape, i) => {
    const [low, high] = domains[i];
    const drawn = random(100 + i).uniform([sizeOf(shape)], { low, high }).data;
    const data = allocate(dtypes[i], drawn.length);
    for (const [j, x] of drawn.entries()) {
      data[j] = dtypes[i] === "bool" ? Number(x > 0) : dtypes[i] === "int32" ? Math.floor(x) : x;
    }
    return { shape, dtype: dtypes[i], data };
  });
}

/** The op applied to nodes. */
export function apply({ op, attrs }: Case, nodes: readonly Node[]): Node {
  const call = op as unknown as (...args: readonly unknown[]) => Node;
  return "list" in op ? call(nodes, attrs) : call(...nodes, attrs);
}

/** The shape an op's rule gives at known shapes. */
export function ruledShape(op: AnyOp, shapes: readonly Shape[], attrs: object): Shape {
  const shape = op.shape(shapes, attrs);
  if (!isKnown(shape)) throw new Error(`${op.name}: its rule leaves a known case open`);
  return shape;
}

/** Whether an op takes these shapes; laws change those of its samples. */
export function accepts({ op, attrs }: Case<AnyOp>, shapes: readonly Shape[]): boolean {
  try {
    return isKnown(op.shape(shapes, attrs));
  } catch (error) {
    if (error instanceof ShapeError) return false;
    throw error;
  }
}

/** A case as a graph of its own: fed placeholders, and the op applied to them. */
export interface Built {
  readonly xs: readonly Placeholder[];
  readonly y: Node;
  readonly feeds: readonly (readonly [Placeholder, Tensor])[];
}

/** Builds a case; `shapesOf` says what is known of its inputs' shapes. */
export function build(
  law: Case,
  {
    float = "float64",
    known = has(law, "known shapes"),
  }: { readonly float?: Dtype; readonly known?: boolean } = {},
): Built {
  new Graph({ dtype: float, seed: 5 }).asDefault();
  const dtypes = dtypesOf(law, float);
  const values = inputsOf(law, dtypes);
  const xs = values.map(({ shape, dtype }, i) =>
    placeholder({
      name: law.op.inputs[i] ?? `x${i}`,
      dtype,
      ...(known ? { shape } : {}),
    }),
  );
  const feeds = xs.map((x, i) => [x, new Tensor(values[i].data, values[i].shape)] as const);
  return { xs, y: apply(law, xs), feeds };
}

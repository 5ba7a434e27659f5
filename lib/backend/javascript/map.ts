/** Elementwise expressions, compiled to loops that V8 turns into machine code. */
import type { Data } from "../../core/dtype.ts";
import { toSource, type Scalar } from "../../core/scalar.ts";
import type { Buffer, Step } from "../backend.ts";
import { broadcastNest, type Nest } from "./loops.ts";

type Loop = (data: readonly Data[], sizes: readonly number[], strides: readonly number[]) => void;

/** Loops by their source text and dtypes, so that equal ones are compiled, and warmed up, once. */
export type LoopCache = Map<string, Loop>;

/** Binds an elementwise expression to its buffers. */
export function bindMap(
  cache: LoopCache,
  expression: Scalar,
  inputs: readonly Buffer[],
  out: Buffer,
): Step {
  const shapes = inputs.map((x) => x.shape);
  const nest = broadcastNest([...shapes, out.shape], out.shape);
  const loop = compile(cache, expression, nest, [...inputs, out]);
  const buffers = [...inputs, out];
  const data: Data[] = buffers.map((x) => x.data);
  const strides = nest.strides.flat();
  return () => {
    for (let i = 0; i < buffers.length; i++) data[i] = buffers[i]!.data;
    loop(data, nest.sizes, strides);
  };
}

function compile(
  cache: LoopCache,
  expression: Scalar,
  nest: Nest,
  buffers: readonly Buffer[],
): Loop {
  const body = loopSource(expression, nest);
  // One copy per combination of dtypes keeps each loop's array accesses monomorphic.
  const key = `${buffers.map((x) => x.dtype).join()}\n${body}`;
  const found = cache.get(key);
  if (found !== undefined) return found;
  // The body holds words of the scalar language, numbers and loop counters, nothing from outside.
  // oxlint-disable-next-line no-new-func -- generated code is this backend's way to fuse an expression
  const loop = new Function("data", "sizes", "strides", body) as Loop;
  cache.set(key, loop);
  return loop;
}

/** The innermost stride decides how an operand is read: held (0), in step (1), or strided. */
function loopSource(expression: Scalar, { sizes, strides }: Nest): string {
  const rank = sizes.length;
  const operands = strides.length;
  const name = (i: number): string => (i === operands - 1 ? "out" : `x${i}`);
  const lines = strides.map((_, i) => `const ${name(i)} = data[${i}];`);
  for (let axis = 0; axis < rank; axis++) {
    lines.push(`const n${axis} = sizes[${axis}];`);
    for (let i = 0; i < operands; i++)
      lines.push(`const s${i}_${axis} = strides[${i * rank + axis}];`);
  }
  const at = strides.map((own, i) => access(name(i), i, rank, own[rank - 1] ?? 0));
  for (let i = 0; i < operands; i++) lines.push(`let o${i}_0 = 0;`);
  for (let axis = 0; axis < rank - 1; axis++) {
    lines.push(`for (let i${axis} = 0; i${axis} < n${axis}; i${axis}++) {`);
    for (let i = 0; i < operands; i++) lines.push(`let o${i}_${axis + 1} = o${i}_${axis};`);
  }
  for (const [i, own] of strides.entries()) {
    if (i < operands - 1 && (own[rank - 1] ?? 0) === 0) {
      lines.push(`const h${i} = x${i}[o${i}_${Math.max(0, rank - 1)}];`);
    }
  }
  const assignment = `${at[operands - 1]} = ${toSource(expression, (i) => at[i]!)};`;
  lines.push(rank === 0 ? assignment : `for (let i = 0; i < n${rank - 1}; i++) ${assignment}`);
  for (let axis = rank - 2; axis >= 0; axis--) {
    for (let i = 0; i < operands; i++) lines.push(`o${i}_${axis} += s${i}_${axis};`);
    lines.push("}");
  }
  return lines.join("\n");
}

function access(array: string, operand: number, rank: number, stride: number): string {
  const offset = `o${operand}_${Math.max(0, rank - 1)}`;
  if (array === "out" && rank === 0) return "out[0]";
  if (stride === 0) return `h${operand}`;
  return stride === 1
    ? `${array}[${offset} + i]`
    : `${array}[${offset} + i * s${operand}_${rank - 1}]`;
}

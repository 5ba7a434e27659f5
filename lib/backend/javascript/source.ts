/** The source text of the loops that evaluate a scalar expression at every position. */
import { toSource, type Scalar } from "../../core/scalar.ts";
import type { Nest } from "./loops.ts";

// A loop of two rounds costs more than its body; past this length V8 is better left to itself.
const unrollUpTo = 4;

/** The body of a function (sizes, strides, x0, x1, …, out). */
export function loopSource(expression: Scalar, nest: Nest): string {
  const outer = Math.max(0, nest.sizes.length - 1);
  const inner = innerLines(expression, nest).join("\n");
  const nested = Array.from({ length: outer }, (_, i) => outer - 1 - i).reduce(
    (body, axis) => around(body, axis, nest),
    inner,
  );
  return [...declarations(nest), nested].join("\n");
}

/** What the source text depends on, apart from the expression. */
export function layoutOf({ sizes, strides }: Nest): string {
  const last = sizes.length - 1;
  const unrolled = last > 0 && sizes[last] <= unrollUpTo ? sizes[last] : 0;
  return `${sizes.length} ${unrolled} ${strides.map((own) => own[last] ?? 0).join()}`;
}

/** How operand `i` is called; the last one is the output. */
export function arrayName(i: number, operands: number): string {
  return i === operands - 1 ? "out" : `x${i}`;
}

function declarations({ sizes, strides }: Nest): string[] {
  const rank = sizes.length;
  return [
    ...sizes.map((_, axis) => `const n${axis} = sizes[${axis}];`),
    ...strides.flatMap((own, i) =>
      own.map((_, axis) => `const s${i}_${axis} = strides[${i * rank + axis}];`),
    ),
    ...(rank > 1 ? strides.map((_, i) => `let o${i}_0 = 0;`) : []),
  ];
}

/** One loop around a body; `o2_1` is where operand 2 is read by the loops from axis 1 on. */
function around(body: string, axis: number, { sizes, strides }: Nest): string {
  const innermost = axis === sizes.length - 2;
  const begin = strides.map((_, i) => `let o${i}_${axis + 1} = o${i}_${axis};`);
  // `| 0` spares the check whether a sum is still a small integer, which costs as much as the arithmetic.
  const advance = strides.map((_, i) => `o${i}_${axis} = (o${i}_${axis} + s${i}_${axis}) | 0;`);
  return [
    `for (let i${axis} = 0; i${axis} < n${axis}; i${axis}++) {`,
    ...(innermost ? begin.map((line) => line.replace("let", "const")) : begin),
    body,
    ...advance,
    "}",
  ].join("\n");
}

/** The innermost axis: operands that do not move along it are read once, before it. */
function innerLines(expression: Scalar, nest: Nest): string[] {
  const { sizes, strides } = nest;
  const last = sizes.length - 1;
  const read = (i: number, offset: string): string => {
    const index = last > 0 ? `(o${i}_${last} + ${offset}) | 0` : offset;
    return `${arrayName(i, strides.length)}[${index}]`;
  };
  const still = (i: number): boolean => i < strides.length - 1 && (strides[i][last] ?? 0) === 0;
  const held = strides.flatMap((_, i) => (still(i) ? [`const h${i} = ${read(i, "0")};`] : []));
  const assign = (offset: (i: number) => string): string => {
    const value = toSource(expression, (i) => (still(i) ? `h${i}` : read(i, offset(i))));
    return `${read(strides.length - 1, offset(strides.length - 1))} = ${value};`;
  };
  if (last < 0) return [...held, assign(() => "0")];
  const length = sizes[last];
  if (last > 0 && length <= unrollUpTo) {
    const rounds = Array.from({ length }, (_, j) => assign((i) => String(j * strides[i][last])));
    return [...held, ...rounds];
  }
  const step = (i: number): string => (strides[i][last] === 1 ? "j" : `j * s${i}_${last}`);
  return [...held, `for (let j = 0; j < n${last}; j++) ${assign(step)}`];
}

/** Starting values for weights, so that signals keep their size from layer to layer. */
import { checkShape, ShapeError, show, sizeOf, type Shape } from "../core/shape.ts";
import type { Random } from "../core/random.ts";
import { describe } from "../core/describe.ts";
import { Tensor } from "../core/tensor.ts";

/** Starting values of a shape, drawn from a stream. Weights are [inputs, outputs], filters [height, width, inputs, outputs]. */
export type Initialiser = (shape: Shape, random: Random) => Tensor;

interface Fans {
  /** How many numbers each output is computed from. */
  readonly fanIn: number;
  /** How many outputs each number goes into. */
  readonly fanOut: number;
}

/** Glorot, Bengio: Understanding the Difficulty of Training Deep Feedforward Neural Networks (2010): U(−√(6/(in + out)), …). */
export const glorotUniform: Initialiser = (shape, random) => {
  const { fanIn, fanOut } = fansOf("glorotUniform", shape, random);
  return uniform(shape, random, Math.sqrt(6 / (fanIn + fanOut)));
};

/** N(0, 2/(in + out)), by Glorot and Bengio. */
export const glorotNormal: Initialiser = (shape, random) => {
  const { fanIn, fanOut } = fansOf("glorotNormal", shape, random);
  return random.normal(shape, { std: Math.sqrt(2 / (fanIn + fanOut)) });
};

/** He, Zhang, Ren, Sun: Delving Deep into Rectifiers (2015), for relu: U(−√(6/in), √(6/in)). */
export const heUniform: Initialiser = (shape, random) =>
  uniform(shape, random, Math.sqrt(6 / fansOf("heUniform", shape, random).fanIn));

/** N(0, 2/in), by He and others, for relu. */
export const heNormal: Initialiser = (shape, random) => {
  const { fanIn } = fansOf("heNormal", shape, random);
  return random.normal(shape, { std: Math.sqrt(2 / fanIn) });
};

/** LeCun, Bottou, Orr, Müller: Efficient BackProp (1998): U(−√(3/in), √(3/in)). */
export const lecunUniform: Initialiser = (shape, random) =>
  uniform(shape, random, Math.sqrt(3 / fansOf("lecunUniform", shape, random).fanIn));

/** N(0, 1/in), by LeCun and others. */
export const lecunNormal: Initialiser = (shape, random) => {
  const { fanIn } = fansOf("lecunNormal", shape, random);
  return random.normal(shape, { std: Math.sqrt(1 / fanIn) });
};

/**
 * Orthonormal columns, or rows where there are fewer of those; all but the last axis count as one. Saxe, McClelland, Ganguli:
 * Exact Solutions to the Nonlinear Dynamics of Learning in Deep Linear Neural Networks (2014).
 */
export const orthogonal: Initialiser = (shape, random) => {
  fansOf("orthogonal", shape, random);
  const columns = shape[shape.length - 1];
  const rows = sizeOf(shape) / columns;
  const [count, length] = [Math.min(rows, columns), Math.max(rows, columns)];
  const vectors = orthonormal(random.normal([count, length]));
  const data = Float64Array.from({ length: rows * columns }, (_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    return columns <= rows ? vectors[column][row] : vectors[row][column];
  });
  return new Tensor(data, [...shape]);
};

/** Rows made orthonormal one after the other, twice each: once leaves what rounding brought in (Giraud, Langou 2002). */
function orthonormal(rows: Tensor): number[][] {
  const [count, length] = rows.shape;
  const done: number[][] = [];
  for (let i = 0; i < count; i++) {
    let row = Array.from<number>(rows.data.subarray(i * length, (i + 1) * length));
    for (const other of [...done, ...done]) {
      const along = dot(row, other);
      row = row.map((x, k) => x - along * other[k]);
    }
    const norm = Math.sqrt(dot(row, row));
    done.push(row.map((x) => x / norm));
  }
  return done;
}

function dot(x: readonly number[], y: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * y[i];
  return sum;
}

function uniform(shape: Shape, random: Random, limit: number): Tensor {
  return random.uniform(shape, { low: -limit, high: limit });
}

function fansOf(name: string, shape: Shape, random: unknown): Fans {
  const what = `nn.init.${name}`;
  checkShape(what, shape);
  if (shape.length < 2 || sizeOf(shape) === 0) {
    throw new ShapeError(
      `${what}: shape ${show(shape)}; wanted [inputs, outputs] or [height, width, inputs, outputs]`,
    );
  }
  if (typeof random !== "object" || random === null || !("normal" in random)) {
    throw new TypeError(
      `${what}: random is ${describe(random)}; wanted a stream: nn.init.${name}([2, 8], random(1))`,
    );
  }
  const [inputs, outputs] = shape.slice(-2);
  const window = sizeOf(shape.slice(0, -2));
  return { fanIn: window * inputs, fanOut: window * outputs };
}

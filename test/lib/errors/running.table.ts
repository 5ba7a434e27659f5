/** Mistakes in a run, each with the exact text of its error; the line that made the node is in it. */
import { untyped, type Fixture, type Row, type Untyped, type UntypedClass } from "./fixture.ts";

// What follows is written as by somebody whom TypeScript does not stop.
const {
  add,
  check,
  computeGradients,
  exp,
  gather,
  log,
  matmul,
  meanSquaredError,
  negative,
  oneHot,
  reduceSum,
  softmaxCrossEntropy,
  square,
} = untyped as Readonly<Record<string, Untyped>>;
const { GradientDescentOptimizer, Session } = untyped as unknown as Readonly<
  Record<string, UntypedClass>
>;

/** Rows of a title, the mistake, and what is thrown. */
export const running: readonly Row[] = [
  [
    "a missing feed",
    ({ run, x }: Fixture) => run(exp(x)),
    "GraphError: run: placeholder x has no value (made at HERE); feed it: session.run(…, [[x, value]])",
  ],
  [
    "a feed of another shape",
    ({ run, x2 }: Fixture) => run(x2, [[x2, [1, 2, 3]]]),
    "ShapeError: run: placeholder x2 was fed [3]; wanted [?, 2] (made at HERE)",
  ],
  [
    "a feed of ragged rows",
    ({ run, x2 }: Fixture) => run(x2, [[x2, [[1, 2], [3]]]]),
    "ShapeError: run: the value fed to placeholder x2: nested arrays are ragged: found a row of 1 where the first row has 2; make all rows equally long (made at HERE)",
  ],
  [
    "a feed of text",
    ({ run, x }: Fixture) => run(x, [[x, "1"]]),
    'TypeError: run: the value fed to placeholder x: got the text "1"; wanted a number, nested arrays of numbers, a typed array or a Tensor (made at HERE)',
  ],
  [
    "a feed given twice",
    ({ run, x }: Fixture) =>
      run(x, [
        [x, 1],
        [x, 2],
      ]),
    "GraphError: run: placeholder x is fed twice (made at HERE); feed it once",
  ],
  [
    "a fed variable",
    ({ J, M, run }: Fixture) => run(J, [[M, 1]]),
    'GraphError: run: cannot feed variable "M" (made at HERE); only placeholders take values from outside; set M.value instead',
  ],
  [
    "a fed number",
    ({ J, run }: Fixture) => run(J, [[1, 1]]),
    "GraphError: run: cannot feed number 1; only placeholders take values from outside",
  ],
  [
    "feeds as a record",
    ({ J, run }: Fixture) => run(J, { x: 1 }),
    "GraphError: run: feeds are an object with x; wanted pairs: [[X, points], [c, labels]] or a Map",
  ],
  [
    "a second fetch for feeds",
    ({ run, J, M }: Fixture) => run(J, M),
    "GraphError: run: feeds are a Variable; wanted pairs: [[X, points], [c, labels]] or a Map; several fetches stand in one array",
  ],
  [
    "a feed that is no pair",
    ({ J, run, x }: Fixture) => run(J, [x]),
    "GraphError: run: a feed is a Placeholder; wanted pairs: [[X, points]]",
  ],
  [
    "a fetch that is no node",
    ({ run }: Fixture) => run(1),
    "GraphError: run: the fetch is number 1; wanted a node, or an array or object of nodes",
  ],
  [
    "an optimizer as the fetch",
    ({ run }: Fixture) => run(new GradientDescentOptimizer({ learningRate: 1 })),
    "GraphError: run: the fetch is a GradientDescentOptimizer; wanted a node, or an array or object of nodes",
  ],
  [
    "a Map as the fetch",
    ({ M, J, run }: Fixture) => run(computeGradients(J, [M])),
    "GraphError: run: the fetch is a Map; wanted a node, or an array or object of nodes: [...it.values()]",
  ],
  [
    "fetches in fetches",
    ({ J, run }: Fixture) => run([[J]]),
    "GraphError: run: fetch 0 is an array of 1; wanted a node, for fetches do not nest; write one flat array",
  ],
  [
    "two updates of one variable",
    ({ M, run }: Fixture) =>
      run([
        M.assign([
          [1, 2],
          [3, 4],
        ]),
        M.assign([
          [0, 0],
          [0, 0],
        ]),
      ]),
    "GraphError: run: variable M would get two values, from assign_M (made at HERE) and assign_M_1 (made at HERE); run them one after the other",
  ],
  [
    "a shape that differs in the run",
    ({ M, run, x }: Fixture) => run(matmul(x, M), [[x, [[1, 2, 3]]]]),
    "ShapeError: matmul: a [1, 3] · b [2, 2]: inner sizes 3 and 2 differ; transpose one? (made at HERE)",
  ],
  [
    "a shape that does not broadcast in the run",
    ({ M, run, x }: Fixture) => run(add(x, M), [[x, [1, 2, 3]]]),
    "ShapeError: add: shapes [3] and [2, 2] do not broadcast: sizes 3 and 2 meet on one axis; axes are matched from the right, and each pair must be equal or contain a 1; transpose or reshape one? (made at HERE)",
  ],
  [
    "an axis out of range in the run",
    ({ run, x }: Fixture) => run(reduceSum(x, { axis: 1 }), [[x, [1, 2]]]),
    "ShapeError: reduceSum: axis 1 does not exist in rank 1; use -1 to 0 (made at HERE)",
  ],
  [
    "an index out of range",
    ({ M, run }: Fixture) => run(gather(M, [0, 2])),
    "GraphError: gather: index 2, number 1 of [2], is outside of 0 to 1 (made at HERE)",
  ],
  [
    "a class out of range",
    ({ run }: Fixture) => run(oneHot([0, 3], { depth: 3 })),
    "GraphError: oneHot: class 3, number 1 of [2], is outside of 0 to 2 (made at HERE)",
  ],
  [
    "labels that are not one-hot",
    ({ M, run }: Fixture) =>
      run(
        softmaxCrossEntropy(M, [
          [1, 1],
          [0, 1],
        ]),
      ),
    "GraphError: softmaxCrossEntropy: row 0 of labels [2, 2] adds up to 2; wanted 1, as in one-hot rows; class numbers go through oneHot(labels, { depth }) (made at HERE)",
  ],
  [
    "an empty batch",
    ({ reshaped, run, x2 }: Fixture) => run(meanSquaredError(x2, x2), [[x2, reshaped([0, 2])]]),
    'ShapeError: meanSquaredError: the batch is empty, shape [0, 2], and has no mean; feed at least one example, or use reduction: "sum" (made at HERE)',
  ],
  [
    "a NaN hunted",
    ({ run, x }: Fixture) => run(log(negative(square(x))), [[x, 2]], { checkNumerics: true }),
    "GraphError: checkNumerics: log made NaN (made at HERE): number 0 of its value scalar; negative was between -4 and -4",
  ],
  [
    "a NaN met by check",
    ({ run, x }: Fixture) => run(check(x), [[x, [1, NaN]]]),
    "GraphError: check: number 1 of x [2] is NaN; wanted finite ones; run(…, { checkNumerics: true }) names the node that made it first (made at HERE)",
  ],
  [
    "nodes of two graphs in one run",
    ({ J, foreign, run }: Fixture) => run([J, foreign]),
    'GraphError: run: reduceSum "J" (made at HERE) and constant "foreign" (made at HERE) belong to different graphs; make both after the same new Graph().asDefault()',
  ],
  [
    "an unknown backend",
    () => new Session({ backend: "gpu" }),
    "TypeError: Session: backend gpu is unknown; use one of auto, wasm, javascript, reference",
  ],
];

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { metrics, tensor } from "../../../lib/index.ts";

interface Golden {
  readonly metrics: {
    readonly labels: number[];
    readonly scores: number[][];
    readonly accuracy: number;
    readonly confusion: number[][];
    readonly precision: number[];
    readonly recall: number[];
    readonly auc: number;
  };
}

const file = new URL("../../../../test/golden/training_golden.json", import.meta.url);
const golden = (JSON.parse(readFileSync(file, "utf8")) as Golden).metrics;
const oneHot = golden.labels.map((k) => [0, 1, 2].map((j) => Number(j === k)));

function assertNear(got: number, wanted: number): void {
  assert.ok(Math.abs(got - wanted) < 1e-14, `${got} is not ${wanted}`);
}

describe("metrics", () => {
  test("are NumPy's, of class numbers and of one-hot rows", () => {
    for (const labels of [golden.labels, oneHot]) {
      const { scores } = golden;
      assertNear(metrics.accuracy(scores, labels), golden.accuracy);
      const confusion = metrics.confusionMatrix(scores, labels);
      assert.deepEqual([confusion.toArray(), confusion.dtype], [golden.confusion, "int32"]);
      for (const k of [0, 1, 2]) {
        const [p, r] = [golden.precision[k], golden.recall[k]];
        assertNear(metrics.precision(scores, labels, { of: k }), p);
        assertNear(metrics.recall(scores, labels, { of: k }), r);
        assertNear(metrics.f1(scores, labels, { of: k }), (2 * p * r) / (p + r));
      }
      const mean = golden.precision.reduce((sum, x) => sum + x, 0) / 3;
      assertNear(metrics.precision(scores, labels, { average: "macro" }), mean);
    }
    const isFirst = golden.labels.map((k) => Number(k === 1));
    const column = golden.scores.map((row) => row[1]);
    assertNear(metrics.auc(column, isFirst), golden.auc);
    const pairs = isFirst.map((k) => [1 - k, k]);
    assertNear(
      metrics.auc(
        column.map((x) => [1 - x, x]),
        pairs,
      ),
      golden.auc,
    );
  });

  test("a class that nothing is of and nothing was taken for is not in the mean", () => {
    const [predicted, labels] = [
      [0, 2, 0],
      [0, 2, 2],
    ];
    // sklearn.metrics.precision_score([0, 2, 2], [0, 2, 0], average="macro"), and recall_score.
    assertNear(metrics.precision(predicted, labels, { average: "macro" }), 0.75);
    assertNear(metrics.recall(predicted, labels, { average: "macro" }), 0.75);
  });

  test("a single probability means class 1 above the threshold", () => {
    const [p, labels] = [
      [0.2, 0.5, 0.7, 0.9],
      [0, 0, 0, 1],
    ];
    assert.equal(metrics.accuracy(p, labels), 0.75);
    assert.equal(
      metrics.accuracy(
        p.map((x) => [x]),
        labels.map((k) => [k]),
        { threshold: 0.8 },
      ),
      1,
    );
    assert.equal(metrics.precision(p, labels), 0.5);
    assert.equal(metrics.recall(p, labels), 1);
    assert.equal(metrics.recall(p, labels, { of: 0 }), 2 / 3);
  });

  test("nothing predicted and nothing there is 0, not NaN", () => {
    assert.equal(metrics.precision([0, 0], [0, 1]), 0);
    assert.equal(metrics.recall([0, 1], [0, 0]), 0);
    assert.equal(metrics.f1([0, 0], [0, 0]), 0);
  });

  test("equal scores count half", () => {
    assert.equal(metrics.auc([1, 1, 1, 1], [0, 1, 0, 1]), 0.5);
    assert.equal(metrics.auc([1, 2, 2, 3], [0, 0, 1, 1]), 0.875);
  });
});

describe("mistakes", () => {
  const rows3 = [
    [0.1, 0.2, 0.7],
    [0.8, 0.1, 0.1],
  ];
  const cases: readonly [() => unknown, string][] = [
    [
      () => metrics.accuracy([0, 1], [1]),
      "metrics.accuracy: there are 2 predictions and 1 labels; give one label for each",
    ],
    [() => metrics.accuracy([], []), "metrics.accuracy: there are no rows; give it at least one"],
    [
      () =>
        metrics.accuracy(rows3, [
          [0, 0.5, 0.5],
          [1, 0, 0],
        ]),
      "metrics.accuracy: the labels are not one-hot: row 0 is [0, 0.5, 0.5]; wanted a single 1 among zeros, or class numbers [n]",
    ],
    [
      () => metrics.accuracy(rows3, [0.5, 1]),
      "metrics.accuracy: the labels hold 0.5; wanted class numbers 0, 1, 2, … or one-hot rows",
    ],
    [
      () => metrics.precision([-2.5, 3], [0, 1]),
      "metrics.precision: the predictions hold -2.5; wanted probabilities from 0 to 1, class numbers, or a score for each class: apply sigmoid first?",
    ],
    [
      () => metrics.recall(rows3, [2, 0]),
      'metrics.recall: there are 3 classes; say of which: { of: 1 }, or of all: { average: "macro" }',
    ],
    [
      () => metrics.f1(rows3, [2, 0], { of: 3 }),
      "metrics.f1: of is number 3; wanted a whole number from 0 to 2",
    ],
    [
      () => metrics.accuracy(tensor(1), [1]),
      "metrics.accuracy: the predictions are scalar; wanted one row an example: [n, k] or [n]",
    ],
    [
      () => metrics.auc(rows3, [0, 1]),
      "metrics.auc: scores are [2, 3]; wanted one score a row, [n]: of several classes, take one column against the rest",
    ],
    [
      () => metrics.auc([0.1, 0.2], [1, 1]),
      "metrics.auc: the labels have 2 ones among 2 rows; wanted both classes, 0 and 1",
    ],
    [
      () => metrics.accuracy([1], [1], 0.5 as never),
      "metrics.accuracy: options are number 0.5; write metrics.accuracy(predictions, labels)",
    ],
  ];
  for (const [run, message] of cases) test(message, () => assert.throws(run, { message }));
});

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { inspect } from "node:util";
import {
  batches,
  classes,
  csv,
  digits,
  moons,
  normalizer,
  oneHot,
  parseCsv,
  plane,
  shuffle,
  split,
} from "../../../lib/data/index.ts";
import { DISPLAY } from "../../../lib/core/mime.ts";
import { Tensor, tensor } from "../../../lib/index.ts";

describe("sets", () => {
  test("moons: a half circle above, one below, 50 points each by default", () => {
    const { points, labels } = moons({ std: 0 });
    assert.deepEqual(
      [points.shape, labels.shape],
      [
        [100, 2],
        [100, 2],
      ],
    );
    for (let i = 0; i < 100; i++) {
      const [x, y] = [points.at(i, 0), points.at(i, 1)];
      const [cx, cy] = i < 50 ? [0, 0] : [1, 0.5];
      assert.ok(Math.abs(Math.hypot(x - cx, y - cy) - 1) < 1e-12, `point ${i}`);
      assert.ok(i < 50 ? y >= 0 : y <= 0.5, `point ${i}`);
      assert.equal(labels.at(i, 0), Number(i < 50));
    }
    assert.notDeepEqual(moons({ seed: 1 }).points.data, moons({ seed: 2 }).points.data);
    assert.equal(moons({ n: 1 }).points.shape[0], 2);
  });

  test("plane: heights over a plane, in as many dimensions as there are weights", () => {
    const { points, targets } = plane({ n: 200, std: 0, weights: [1, 2, 3], bias: -1, seed: 4 });
    assert.deepEqual(
      [points.shape, targets.shape],
      [
        [200, 3],
        [200, 1],
      ],
    );
    for (let i = 0; i < 200; i++) {
      const [x, y, z] = [0, 1, 2].map((k) => points.at(i, k));
      assert.ok(Math.max(Math.abs(x), Math.abs(y), Math.abs(z)) <= 1);
      assert.ok(Math.abs(targets.at(i, 0) - (x + 2 * y + 3 * z - 1)) < 1e-12);
    }
    const noisy = plane({ n: 1000, seed: 1 });
    const exact = plane({ n: 1000, seed: 1, std: 0 });
    const errors = noisy.targets.zip(exact.targets, (x, y) => x - y).data;
    const variance = Array.from<number>(errors).reduce((sum, x) => sum + x * x, 0) / 1000;
    // Of 1000 draws with σ = 0.1, four standard errors of the variance.
    assert.ok(Math.abs(variance - 0.01) < 4 * 0.01 * Math.sqrt(2 / 1000), `${variance}`);
  });

  test("digits: 1797 images of 64 pixels, ten classes, as scikit-learn counts them", () => {
    const { points, labels, digits: numbers } = digits();
    assert.deepEqual([points.shape, labels.shape, numbers.shape], [[1797, 64], [1797, 10], [1797]]);
    const counts = Array<number>(10).fill(0);
    for (const digit of numbers.data) counts[digit] += 1;
    // numpy.bincount(load_digits().target), and the sum of all pixels.
    assert.deepEqual(counts, [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
    const sum = Array.from<number>(points.data).reduce((total, x) => total + x, 0);
    assert.equal(sum * 16, 561718);
    for (let i = 0; i < 1797; i += 100) assert.equal(labels.at(i, numbers.at(i)), 1);
    assert.deepEqual(
      Array.from(points.data.subarray(0, 16), (x) => x * 16),
      [0, 0, 5, 13, 9, 1, 0, 0, 0, 0, 13, 15, 10, 15, 5, 0],
    );
  });
});

const numbered = {
  points: tensor(Array.from({ length: 10 }, (_, i) => [i, -i])),
  labels: tensor(Array.from({ length: 10 }, (_, i) => i)),
};

function rowsAgree({ points, labels }: typeof numbered): number[] {
  const rows = Array.from<number>(labels.data);
  for (const [i, k] of rows.entries())
    assert.deepEqual([points.at(i, 0), points.at(i, 1)], [k, -k]);
  return rows;
}

describe("splitting, mixing and cutting", () => {
  test("a split has each row once, in parts of the sizes asked for", () => {
    const {
      train,
      validation,
      test: unseen,
    } = split(numbered, { test: 0.3, validation: 0.1, seed: 1 });
    const parts = [train, validation, unseen].map(rowsAgree);
    assert.deepEqual(
      parts.map((rows) => rows.length),
      [6, 1, 3],
    );
    assert.deepEqual(
      parts.flat().toSorted((a, b) => a - b),
      Array.from({ length: 10 }, (_, i) => i),
    );
    assert.notDeepEqual(
      rowsAgree(split(numbered, { seed: 2 }).train),
      rowsAgree(split(numbered, { seed: 3 }).train),
    );
    const inOrder = split(numbered, { shuffle: false });
    assert.deepEqual(rowsAgree(inOrder.train), [0, 1, 2, 3, 4, 5, 6, 7]);
    assert.deepEqual(inOrder.validation.points.shape, [0, 2]);
  });

  test("a shuffle keeps rows together", () => {
    const rows = rowsAgree(shuffle(numbered, { seed: 5 }));
    assert.notDeepEqual(rows, rowsAgree(numbered));
    assert.deepEqual(
      rows.toSorted((a, b) => a - b),
      rowsAgree(numbered),
    );
    assert.deepEqual(rowsAgree(shuffle(numbered, { seed: 5 })), rows);
  });

  test("batches: the last has what is left; with a seed their order is random", () => {
    const inOrder = [...batches(numbered, 4)].map(rowsAgree);
    assert.deepEqual(inOrder, [
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9],
    ]);
    const mixed = [...batches(numbered, 4, { seed: 1 })].map(rowsAgree);
    assert.deepEqual(
      mixed.map((rows) => rows.length),
      [4, 4, 2],
    );
    assert.notDeepEqual(mixed, inOrder);
    assert.deepEqual(
      mixed.flat().toSorted((a, b) => a - b),
      inOrder.flat(),
    );
  });
});

describe("normalisation", () => {
  test("standard: made of the training rows, applied to others", () => {
    const rows = tensor([
      [1, 10, 7],
      [3, 30, 7],
    ]);
    const standard = normalizer(rows);
    assert.deepEqual(standard.apply(rows).toArray(), [
      [-1, -1, 0],
      [1, 1, 0],
    ]);
    assert.deepEqual(standard.apply([[5, 20, 8]]).toArray(), [[3, 0, 1]]);
    assert.deepEqual(standard.invert(standard.apply([[5, 25, 8]])).toArray(), [[5, 25, 8]]);
  });

  test("range: to [0, 1]; a column that never changes is only shifted", () => {
    const range = normalizer(
      [
        [1, 4],
        [3, 4],
      ],
      { kind: "range" },
    );
    assert.deepEqual(
      range
        .apply([
          [1, 4],
          [2, 4],
          [3, 5],
        ])
        .toArray(),
      [
        [0, 0],
        [0.5, 0],
        [1, 1],
      ],
    );
  });

  test("of digits: mean 0 and variance 1 in each column that is not blank", () => {
    const { points } = digits();
    const scaled = normalizer(points).apply(points);
    for (let k = 0; k < 64; k++) {
      const column = Array.from({ length: 1797 }, (_, i) => scaled.at(i, k));
      const mean = column.reduce((sum, x) => sum + x, 0) / 1797;
      const square = column.reduce((sum, x) => sum + x * x, 0) / 1797;
      const isBlank = column.every((x) => x === column[0]);
      assert.ok(
        Math.abs(mean) < 1e-12 && Math.abs(square - Number(!isBlank)) < 1e-12,
        `column ${k}`,
      );
    }
  });
});

describe("classes", () => {
  test("names are numbered in the order of the alphabet", () => {
    const { names, numbers } = classes(["dog", "cat", "dog"]);
    assert.deepEqual(
      [names, numbers.toArray(), numbers.dtype],
      [["cat", "dog"], [1, 0, 1], "int32"],
    );
    assert.deepEqual(oneHot(numbers).toArray(), [
      [0, 1],
      [1, 0],
      [0, 1],
    ]);
    assert.deepEqual(oneHot([[2], [0]], { classes: 4 }).toArray(), [
      [0, 0, 1, 0],
      [1, 0, 0, 0],
    ]);
  });
});

describe("csv", () => {
  const folder = mkdtempSync(join(tmpdir(), "gradbook-csv-"));
  after(() => rmSync(folder, { recursive: true }));
  const text =
    'length,width,species\n5.1,3.5,"Iris ""setosa"""\n4.9,,virginica\n\n6e1,-1,virginica\n';

  test("columns as numbers, texts and classes, from a file or a text", () => {
    const path = join(folder, "iris.csv");
    writeFileSync(path, `\uFEFF${text.replaceAll("\n", "\r\n")}`);
    for (const table of [csv(path), parseCsv(text)]) {
      assert.deepEqual([table.rows, table.columns], [3, ["length", "width", "species"]]);
      assert.deepEqual(table.numbers("length").toArray(), [[5.1], [4.9], [60]]);
      assert.deepEqual(table.numbers("width", "length").toArray(), [
        [3.5, 5.1],
        [NaN, 4.9],
        [-1, 60],
      ]);
      assert.deepEqual(table.texts("species"), ['Iris "setosa"', "virginica", "virginica"]);
      assert.deepEqual(table.classes("species").numbers.toArray(), [0, 1, 1]);
      assert.equal(
        inspect(table),
        `Table of 3 rows, 3 columns
length  width  species
5.1     3.5    Iris "setosa"
4.9            virginica
6e1     -1     virginica`,
      );
    }
  });

  test("a table shows its first rows, numbers at the right edge, what it holds as text", () => {
    const bundle = parseCsv(`a<b,n\n${"<i>,1\n".repeat(7)}`)[DISPLAY]();
    assert.equal(bundle["text/plain"], String(parseCsv(`a<b,n\n${"<i>,1\n".repeat(7)}`)));
    const html = String(bundle["text/html"]);
    const cells = [...html.matchAll(/text-align:(\w+)">([^<]*)</g)].map((found) => found.slice(1));
    assert.equal(cells.length, 2 + 5 * 2 + 2);
    assert.deepEqual(cells.slice(0, 4), [
      ["left", "a&lt;b"],
      ["right", "n"],
      ["left", "&lt;i>"],
      ["right", "1"],
    ]);
    assert.match(html, /7 rows × 2 columns/);
  });

  test("other delimiters, headers, comments and signs for what is missing", () => {
    const table = parseCsv("# a note\n1;2\n?;4", {
      delimiter: ";",
      header: ["a", "b"],
      comment: "#",
      missing: ["?"],
    });
    assert.deepEqual(table.numbers().toArray(), [
      [1, 2],
      [NaN, 4],
    ]);
    assert.deepEqual(parseCsv("1,2", { header: false }).columns, ["x0", "x1"]);
    assert.match(String(parseCsv("a\n1\n2\n3\n4\n5\n6")), /\n5\n…$/);
  });

  const mistakes: readonly [() => unknown, string | RegExp][] = [
    [
      () => csv(join(folder, "none.csv")),
      /^Error: data\.csv: .*none\.csv cannot be read: there is no such file; the path counts from /,
    ],
    [
      () => parseCsv(""),
      "data.parseCsv: the text has no rows; wanted a line of names, then lines of fields",
    ],
    [
      () => parseCsv("a,b\n1,2\n3"),
      "data.parseCsv: the text cannot be read: Invalid Record Length: expect 2, got 1 on line 3; is the delimiter right, and each quote closed?",
    ],
    [
      () => parseCsv('a\n"1'),
      /^TypeError: data\.parseCsv: the text cannot be read: Quote Not Closed: .*; is the delimiter right, and each quote closed\?$/,
    ],
    [
      () => parseCsv("a,a\n1,2"),
      'data.parseCsv: the text has two columns called a; name them: { header: ["a", "b"] }',
    ],
    [
      () => parseCsv("1,2", { header: ["a"] }),
      "data.parseCsv: the text has 2 columns, and header names 1; name each once",
    ],
    [
      () => parseCsv(text).numbers("height"),
      'data.parseCsv: the text has no column "height"; it has length, width, species',
    ],
    [
      () => parseCsv("a,b\n1,x").numbers(),
      'data.parseCsv: the text: column b holds "x" in row 0; wanted numbers: name the columns that have them, read classes by classes("b"), or say what means missing',
    ],
    [
      () => parseCsv(text, ";" as never),
      'data.csv: options are the text ";"; write data.csv("data.csv", { delimiter: ";" })',
    ],
  ];
  for (const [run, message] of mistakes) {
    test(`says: ${String(message).slice(0, 70)}`, () => {
      assert.throws(run, typeof message === "string" ? { message } : message);
    });
  }
});

describe("mistakes", () => {
  const cases: readonly [() => unknown, string][] = [
    [
      () => split(numbered, { test: 0.8, validation: 0.2 }),
      "data.split: of 10 rows, 8 are to test and 2 to validate with, which leaves 0; make test or validation smaller",
    ],
    [
      () => split(numbered, { test: 2 }),
      "data.split: test is number 2; wanted a number from 0 to 1",
    ],
    [
      () => split(numbered.points as never),
      "data.split: got a Tensor; wanted an object of tensors: { points, labels }",
    ],
    [
      () => split({ points: [[1]] } as never),
      "data.split: got points, an array of 1; wanted an object of tensors: { points, labels }",
    ],
    [
      () => shuffle({ ...numbered, labels: tensor([1, 2]) }),
      "data.shuffle: points is [10, 2] and labels [2]; wanted one row an example in each",
    ],
    [
      () => [...batches(numbered, 0)],
      "data.batches: size is number 0; wanted a whole number from 1 up: data.batches(set, 32, { seed: 1 })",
    ],
    [
      () => normalizer(new Tensor(new Float64Array(0), [0, 2])),
      "data.normalizer: got [0, 2]; wanted at least one row of numbers",
    ],
    [
      () => normalizer([[1]], { kind: "minmax" as never }),
      'data.normalizer: kind is the text "minmax"; wanted "standard" or "range"',
    ],
    [
      () => normalizer([[1, 2]]).apply([[1, 2, 3]]),
      "Normalizer.apply: got [1, 3]; it was made for rows of 2 numbers",
    ],
    [
      () => oneHot([0, 3], { classes: 3 }),
      "data.oneHot: row 1 is 3; wanted a class number, whole and from 0 to 2: number names by data.classes(names)",
    ],
    [
      () => oneHot([0.5]),
      "data.oneHot: row 0 is 0.5; wanted a class number, whole and from 0 up: number names by data.classes(names)",
    ],
    [
      () => oneHot([[1, 0]]),
      "data.oneHot: got [1, 2]; wanted class numbers [n]: data.oneHot([0, 2, 1], { classes: 3 })",
    ],
    [
      () => moons({ n: -1 }),
      "moons: n is number -1; wanted a whole number of points from 0 up: write moons({ n: 50 })",
    ],
    [
      () => plane({ weights: [] }),
      "plane: weights are an array of 0; wanted a list of numbers: plane({ weights: [2, -1] })",
    ],
  ];
  for (const [run, message] of cases) test(message, () => assert.throws(run, { message }));
});

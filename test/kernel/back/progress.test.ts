/** A loop's progress, with a clock that the test turns. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { makeDisplay } from "../../../kernel/back/display.ts";
import { makeProgress } from "../../../kernel/back/progress.ts";

function setUp() {
  const shown: { text: string; html: string; isUpdate: boolean }[] = [];
  let time = 0;
  const display = makeDisplay(
    {
      show(bundle, _id, isUpdate) {
        assert.ok(!(bundle instanceof Promise));
        const { "text/plain": text, "text/html": html } = bundle.data as Record<string, string>;
        shown.push({ text: text ?? "", html: html ?? "", isUpdate });
      },
    },
    () => "bar",
  );
  const progress = makeProgress(display, () => time);
  const pass = (milliseconds: number): void => {
    time += milliseconds;
  };
  return { progress, shown, pass, texts: () => shown.map(({ text }) => text) };
}

test("a count, a label, a rate and the time that is left", () => {
  const { progress, shown, pass } = setUp();
  const seen: number[] = [];
  for (const i of progress(4, { label: "<fit>" })) {
    seen.push(i);
    pass(500);
  }
  assert.deepEqual(seen, [0, 1, 2, 3]);
  assert.deepEqual(
    shown.map(({ isUpdate }) => isUpdate),
    [false, true, true, true, true],
  );
  assert.match(shown[2]?.text ?? "", /^<fit> █{15}░{15} 2\/4 50 %, 2\.0\/s, 1\.0 s, 1\.0 s left$/);
  assert.match(shown[2]?.html ?? "", /&lt;fit&gt; <progress max="1" value="0\.5">/);
  assert.match(shown.at(-1)?.text ?? "", /4\/4 100 %, 2\.0\/s, 2\.0 s$/);
});

test("at most ten updates a second, and one at the end", () => {
  const { progress, shown, pass } = setUp();
  for (const _ of progress(10_000)) pass(0.3);
  assert.ok(shown.length > 25 && shown.length <= 32, `${shown.length} updates in 3 s`);
  assert.match(shown.at(-1)?.text ?? "", /10000\/10000 100 %, 3333\/s, 3\.0 s$/);
});

test("what is iterated over says how long it is, or is told, or is not known", () => {
  const { progress, texts } = setUp();
  const generate = function* () {
    yield 1;
  };
  const cases: [Iterable<unknown>, number | undefined, RegExp][] = [
    [[7, 8], undefined, /2\/2 100 %/],
    [new Set([1]), undefined, /1\/1/],
    [new Map([[1, 2]]), undefined, /1\/1/],
    ["abc", undefined, /3\/3/],
    [new Float32Array(2), undefined, /2\/2/],
    [[], undefined, /0\/0/],
    [generate(), 1, /1\/1/],
    [generate(), undefined, /^1, /],
  ];
  for (const [iterable, total, wanted] of cases) {
    for (const _ of progress(iterable, total === undefined ? {} : { total }));
    assert.match(texts().at(-1) ?? "", wanted);
  }
});

test("for await over an async iterable", async () => {
  const { progress, texts } = setUp();
  const generate = async function* () {
    yield* ["a", "b"];
  };
  const seen: unknown[] = [];
  for await (const value of progress(generate(), { total: 2 })) seen.push(value);
  assert.deepEqual(seen, ["a", "b"]);
  assert.match(texts().at(-1) ?? "", /2\/2 100 %/);
});

test("a loop that is left early, or fails, shows how far it came", () => {
  const { progress, texts } = setUp();
  for (const i of progress(5)) if (i === 2) break;
  assert.match(texts().at(-1) ?? "", /2\/5 40 %/);
  assert.throws(() => {
    for (const i of progress(5)) if (i === 1) throw new Error("stop");
  }, /stop/);
  assert.match(texts().at(-1) ?? "", /1\/5 20 %/);
});

test("slow and long loops have readable figures", () => {
  const { progress, texts, pass } = setUp();
  for (const _ of progress(2)) pass(3_599_700);
  assert.match(texts()[1] ?? "", /1 h 0 min each, 1 h 0 min, 1 h 0 min left/);
  for (const _ of progress(2)) pass(119_700);
  assert.match(texts().at(-2) ?? "", /2 min 0 s each, .*left/);
});

test("what is no number of steps and nothing to iterate over is an error that says so", () => {
  const { progress } = setUp();
  for (const [value, got] of [
    [null, /got null/],
    [undefined, /got undefined/],
    [-1, /got -1/],
    [1.5, /got 1\.5/],
    [{ a: 1 }, /got \{ a: 1 \}/],
  ] as const) {
    assert.throws(() => progress(value as never), got);
  }
});

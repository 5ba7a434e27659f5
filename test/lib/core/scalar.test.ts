import assert from "node:assert/strict";
import { test } from "node:test";
import { evaluate, input, s, toSource, words, type Word } from "../../../lib/core/scalar.ts";

const numbers = [-2.5, -0.5, -0, 0, 0.3, 1, 1.5, 3, NaN, Infinity, -Infinity];

test("every word means the same evaluated and as source text", () => {
  for (const word of Object.keys(words) as Word[]) {
    const make = s[word] as (...operands: unknown[]) => ReturnType<typeof s.exp>;
    const expression = make(...Array.from({ length: words[word] }, (_, i) => input(i)));
    const source = toSource(expression, (i) => `x[${i}]`);
    // oxlint-disable-next-line typescript/no-implied-eval -- source text is what is tested
    const compiled = new Function("x", `return ${source};`) as (x: readonly number[]) => number;
    for (const a of numbers) {
      for (const b of numbers) {
        const x = [a, b, 7];
        assert.ok(Object.is(compiled(x), evaluate(expression, x)), `${source} at ${String(x)}`);
      }
    }
  }
});

test("numbers in expressions keep their sign, zero too", () => {
  const source = toSource(s.subtract(-1, s.negative(-0)), () => "");
  assert.equal(source, "((-1) - (-(-0)))");
});

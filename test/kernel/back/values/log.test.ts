/** What the console writes: Node's text for Node's format strings, within bounds. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { formatWithOptions, stripVTControlCharacters } from "node:util";
import { dirText, logText, tableRows } from "../../../../kernel/back/values/log.ts";

class Named {
  toString(): string {
    return "named";
  }
}

const SAME: readonly (readonly unknown[])[] = [
  [],
  ["text"],
  ["100%", 1],
  ["%%", 1],
  ["100%% of %s", "x"],
  ["%s and %s", "one"],
  ["%s", "one", "two", { a: 1 }],
  ["%d|%i|%f", "42.5", 42.9, "1.5"],
  ["%d %d", 10n, { valueOf: () => 3 }],
  ["%s %s %s %s", -0, 5n, Symbol("s"), null],
  ["%s", new Named()],
  ["%s", { a: { b: 1 } }],
  ["%s", [1, [2]]],
  ["%s", new Date(0)],
  ["%j", { a: [1] }],
  ["%j", undefined],
  ["%o", { a: { b: 1 } }],
  ["%O", { a: { b: { c: { d: 1 } } } }],
  ["%x %", 1, 2],
  [1, "a", { b: "c" }, [1, 2], null, undefined],
  [{ a: { b: { c: { d: 1 } } } }],
  [new Map([["k", { a: 1 }]]), new Set([1])],
];

test("the console writes what Node's writes", () => {
  for (const values of SAME) {
    const expected = formatWithOptions({ colors: true }, ...values);
    assert.equal(logText(values), expected.replaceAll("\u001b[90m", "\u001b[38;5;244m"));
  }
});

/** What a browser's console understands, each with the codes it begins with. */
const STYLES: readonly (readonly [css: string, codes: string])[] = [
  ["color: red", "38;2;255;0;0"],
  ["color:#0f8; font-weight: bold", "38;2;0;255;136;1"],
  ["background: #102030; font-style: italic", "48;2;16;32;48;3"],
  ["background-color: RGB(1, 2, 300)", "48;2;1;2;255"],
  ["color: rgba(1 2 3 / 50%); text-decoration: underline line-through", "38;2;1;2;3;4;9"],
  ["font-weight: 700; padding: 4px; color: rebeccapurple;", "1;38;2;102;51;153"],
];

function withColors(environment: NodeJS.ProcessEnv, check: () => void): void {
  const { NO_COLOR, FORCE_COLOR } = process.env;
  delete process.env["NO_COLOR"];
  delete process.env["FORCE_COLOR"];
  Object.assign(process.env, environment);
  try {
    check();
  } finally {
    for (const [name, value] of Object.entries({ NO_COLOR, FORCE_COLOR })) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

test("%c gives what follows a style, up to the next and to the end of the format", () => {
  withColors({}, () => {
    for (const [css, codes] of STYLES) {
      assert.equal(logText(["a %cb", css, "c"]), `a \u001b[${codes}mb\u001b[0m c`);
    }
    assert.equal(logText(["%ca%cb", "color: blue", ""]), "\u001b[38;2;0;0;255ma\u001b[0mb");
    assert.equal(logText(["%c%s", "color: nothing; oops", "x"]), "x");
    assert.equal(logText(["%cx", { css: 1 }]), "x");
  });
});

test("%c leaves no trace where there are to be no colours", () => {
  for (const environment of [{ NO_COLOR: "1" }, { FORCE_COLOR: "0" }]) {
    withColors(environment, () => assert.equal(logText(["%cx", "color: red"]), "x"));
  }
  withColors({ NO_COLOR: "1", FORCE_COLOR: "1" }, () =>
    assert.match(logText(["%cx", "color: red"]), /38;2;255/),
  );
});

const HUGE = Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`key${i}`, i]));

test("huge values stay short in every directive", () => {
  for (const values of [[HUGE], ["%o", HUGE], ["%O", HUGE], ["%s", HUGE], ["a", HUGE, 1]]) {
    const text = logText(values);
    assert.ok(text.length < 5_000, `${text.length} characters`);
    assert.match(text, /\.\.\. 49\d00 more properties/);
  }
  assert.ok(dirText(HUGE).length < 5_000);
});

test("console.dir goes as deep as it is told", () => {
  const value = { a: { b: { c: { d: { e: 1 } } } } };
  assert.equal(stripVTControlCharacters(dirText(value)), "{ a: { b: { c: [Object] } } }");
  assert.equal(
    dirText(value, { depth: null, colors: false }),
    "{\n  a: {\n    b: { c: { d: { e: 1 } } }\n  }\n}",
  );
  assert.equal(dirText({ x: 1 }, { colors: false }), "{ x: 1 }");
});

test("console.table gets no more rows than can be read", () => {
  const many = Array.from({ length: 1_500 }, (_, i) => i);
  const { rows, more } = tableRows(many);
  assert.deepEqual([(rows as unknown[]).length, more], [1_000, "... 500 more rows"]);
  assert.equal((tableRows(new Set(many)).rows as Set<unknown>).size, 1_000);
  assert.equal(
    (tableRows(new Map(many.map((i) => [i, i]))).rows as Map<unknown, unknown>).size,
    1_000,
  );
  assert.equal(Object.keys(tableRows(HUGE).rows as object).length, 1_000);
  const few = [{ a: 1 }];
  assert.deepEqual(tableRows(few), { rows: few, more: null });
});

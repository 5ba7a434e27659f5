/** Functions of cells, with the signature their author wrote. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parametersOf } from "../../../../kernel/back/values/parameters.ts";
import { TestNotebook } from "../../notebook.ts";

const CELLS: readonly (readonly [string, string])[] = [
  ["function f(a: number, b = 2, ...rest: string[]) {}; f", "[Function: f(a, b = 2, ...rest)]"],
  ["const add = (a: number, b: number): number => a + b; add", "[Function: add(a, b)]"],
  ["let same = <T,>(x: T) => x; same", "[Function: same(x)]"],
  ["(x) => x", "[Function: (x)]"],
  ["(rate = 0.1, all = [0.5, 10.5]) => rate", "[Function: (rate = 0.1, all = [0.5, 10.5])]"],
  ["(() => {})", "[Function: ()]"],
  [
    "async function load(url: string, { retries = 3 } = {}) {}; load",
    "[AsyncFunction: load(url, { retries = 3 } = {})]",
  ],
  ["function* count() {}; count", "[GeneratorFunction: count()]"],
  ["async function* ticks(ms = 10) {}; ticks", "[AsyncGeneratorFunction: ticks(ms = 10)]"],
  ["Math.max", "[Function: max]"],
  ["add.bind(null, 1)", "[Function: bound add]"],
  ["let limit = 5; (n = limit) => n", "[Function: (n = limit)]"],
  ["let base = () => 1; (n = base()) => n", "[Function: (n = base())]"],
  ["(n = laterName) => n", "[Function: (n = laterName)]"],
  ["(n = later2(1)) => n", "[Function: (n = later2(1))]"],
  ["(n = limit, o = { limit }) => n", "[Function: (n = limit, o = { limit })]"],
  [
    "(m = import('node:fs'), u = import.meta.url) => m",
    "[Function: (m = import('node:fs'), u = import.meta.url)]",
  ],
  [
    "class Animal { static count = 0; constructor(name: string) {} }; Animal",
    "[class Animal] { count: 0 }",
  ],
  ["class Dog extends Animal {}; Dog", "[class Dog extends Animal]"],
  ["(class {})", "[class (anonymous)]"],
  ["new Dog('x')", "Dog {}"],
  [
    "({ f, g: (x: number) => x, m(a: string) {}, async n() {} })",
    "{\n  f: [Function: f(a, b = 2, ...rest)],\n  g: [Function: g(x)],\n  m: [Function: m(a)],\n  n: [AsyncFunction: n()]\n}",
  ],
  [
    "({ ['a b'](x) {}, [Symbol.iterator](y) {} })",
    "{ 'a b': [Function: a b(x)], [Symbol(Symbol.iterator)]: [Function: [Symbol.iterator](y)] }",
  ],
  ["Object.assign((x) => x, { version: 1 })", "[Function: (x)] { version: 1 }"],
];

test("functions of cells show their parameters, with the names of the notebook", async () => {
  const notebook = new TestNotebook();
  for (const [source, expected] of CELLS) {
    const text = await notebook.text(source);
    assert.equal(text.replaceAll('"node:fs"', "'node:fs'"), expected, source);
  }
});

const SOURCES: readonly (readonly [string, string | null])[] = [
  ["function max() { [native code] }", null],
  ["x => x", "(x)"],
  ["async x => x", "(x)"],
  ["async(a, b) => a", "(a, b)"],
  ["get size() { return 1 }", "()"],
  ["static async *[Symbol.for('(')](a) {}", "(a)"],
  ["'na(me'(a) {}", "(a)"],
  [
    `function f(a = ")", b = '\\')', c = \`)\`, d = /[)/]\\)/, e /* ) */ = 1, // )\n g) {}`,
    `(a = ")", b = '\\')', c = \`)\`, d = /[)/]\\)/, e = 1, g)`,
  ],
  [
    "function f(a = 4 / 2, b = (1 / 2), c = [')', (d) => d]) {}",
    "(a = 4 / 2, b = (1 / 2), c = [')', (d) => d])",
  ],
  ["function f(\n  first,\n  second,\n) {}", "(first, second)"],
  [`function f(options = { ${"name: 1, ".repeat(20)} }, x) {}`, "(options = …, x)"],
  [`function f({ ${"name, ".repeat(20)} }, x) {}`, "({…}, x)"],
  [
    `function f(${Array.from({ length: 40 }, (_, i) => `parameter${i}`).join(", ")}) {}`,
    "(parameter0, parameter1, parameter2, parameter3, parameter4, parameter5, parameter6, parameter7, parameter8, parameter9, …)",
  ],
  ["function f(a = (", null],
  [`function f(a) { return "${"x".repeat(1_000_000)}" }`, "(a)"],
];

test("parameters are found in any source, also one that plays tricks", () => {
  for (const [source, expected] of SOURCES) {
    assert.equal(parametersOf(source), expected, source.slice(0, 80));
  }
});

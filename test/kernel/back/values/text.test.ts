/** Values as text: Node's words where Node has good ones, bounds where it has none, and nothing of the value run. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { AsyncLocalStorage } from "node:async_hooks";
import { inspect } from "node:util";
import { lookAt, textOf, WIDTH } from "../../../../kernel/back/values/text.ts";

class Point {
  readonly x = 1;
  readonly label = "p";
}
class Registry extends Map<unknown, unknown> {}
class Stack extends Array<unknown> {}

function cyclic(): object {
  const value: Record<string, unknown> = { name: "c" };
  value["self"] = value;
  value["list"] = [value, { value }];
  return value;
}

function withAccessors(): object {
  return Object.defineProperties(
    {},
    {
      a: { get: () => 1, enumerable: true },
      b: { set: () => {}, enumerable: true },
      c: { get: () => 1, set: () => {}, enumerable: true },
      d: { value: undefined, enumerable: true },
    },
  );
}

const range = (length: number): number[] => Array.from({ length }, (_, i) => i);

/** What Node shows well is shown as Node shows it. */
const LIKE_NODE: readonly unknown[] = [
  1,
  -0,
  1n,
  true,
  null,
  undefined,
  Symbol("x"),
  "str",
  "it's",
  "multi\nline",
  NaN,
  {},
  [],
  [[]],
  [{}],
  { a: {} },
  { a: 1 },
  [1, 2, 3],
  [undefined, null, NaN],
  [1.5, -2, 1e21],
  { a: { b: { c: { d: { e: { f: 1 } } } } } },
  [[[[[[1]]]]]],
  [[1, 2, [3, 4, [5, [6, [7]]]]]],
  range(50).map((i) => i * i),
  range(150),
  range(30).map((i) => `item${i}`),
  range(8).map((i) => `some longer text number ${i}`),
  [-1, -22, 333, 4, 5, 6, 7, 8],
  [true, false, true, true, true, true, true, true],
  [1n, 2n],
  range(20).map((id) => ({ id, name: `n${id}`, tags: ["a", "b"] })),
  {
    x: [
      { a: 1, b: { c: 1 } },
      { a: 2, b: { c: [1, 2, 3] } },
    ],
    y: new Map([[{ a: 1 }, 2]]),
  },
  { a: "x".repeat(200), b: "line\n".repeat(30), "a-b": 1, 3: 4, __proto__x: 1 },
  ["x".repeat(90), "y\nz"],
  [new Point(), [new Point()]],
  Object.create(Point.prototype),
  Object.create(null, { a: { value: 1, enumerable: true } }),
  cyclic(),
  withAccessors(),
  new Map<unknown, unknown>([
    [1, { a: 2 }],
    ["k", [1, 2]],
  ]),
  new Set([1, "a", { b: 1 }]),
  new Set(range(130)),
  new Registry([[1, 2]]),
  Stack.from([1, 2]),
  Object.assign([1, 2, 3], { extra: "e" }),
  Object.assign([1, 2, 3], { 5: 6 }),
  Array.from({ length: 1 }).concat(1).fill(7, 0, 0),
  Array(5),
  "ab".match(/(?<x>a)/),
  new Date(0),
  new Date(NaN),
  /x/g,
  Buffer.from("abc"),
  new Float32Array([0.5, 1, 2]),
  new Float64Array(120),
  new Uint8Array(0),
  new ArrayBuffer(8),
  new SharedArrayBuffer(4),
  new DataView(new ArrayBuffer(2)),
  new WeakMap(),
  new WeakSet(),
  new URL("http://a.b/c?d=1"),
  new Headers({ a: "b" }),
  new Response("x"),
  new Blob(["abc"]),
  Object(true),
  Object("s"),
  new Map([[1, 2]]).entries(),
  (function* (): Generator {})(),
  new Proxy({ a: 1 }, {}),
  Math,
  JSON,
];

test("what Node shows well is shown as Node shows it, with and without colours", () => {
  for (const value of LIKE_NODE) {
    for (const colors of [false, true]) {
      const expected = inspect(value, { depth: 4, colors, breakLength: WIDTH });
      // But for the grey, which cannot be read on a dark page.
      assert.equal(
        textOf(value, { colors }),
        expected.replaceAll("\u001b[90m", "\u001b[38;5;244m"),
      );
    }
  }
});

test("keys that are symbols read the same in every version of Node", () => {
  const value = { [Symbol("s")]: 2, a: 1 };
  assert.equal(textOf(value, { colors: false }), "{ a: 1, [Symbol(s)]: 2 }");
});

test("a promise has nothing but its state and its own keys, also where Node follows promises", () => {
  new AsyncLocalStorage().run(1, () => {
    const value = Object.assign(Promise.resolve({ a: 1 }), { mine: 2 });
    assert.equal(textOf(value, { colors: false }), "Promise { { a: 1 }, mine: 2 }");
  });
});

test("of long values the beginning is shown, and how much is left out", () => {
  const plain = (value: unknown): string => textOf(value, { colors: false });
  assert.match(plain(range(1_000_000)), /\n {2}96, 97, 98, 99,\n {2}\.\.\. 999900 more items\n\]$/);
  assert.match(plain("x".repeat(50_000_000)), /^'x{10000}'\.\.\. 49990000 more characters$/);
  const wide = Object.fromEntries(range(5_000).map((i) => [`key${i}`, i]));
  assert.match(plain(wide), /^\{\n {2}key0: 0,[^]* {2}\.\.\. 4900 more properties\n\}$/);
  assert.match(
    plain(Array(1_000_000_000)),
    /^\[ <100000 empty items>, \.\.\. 999900000 more items \]$/,
  );
  assert.match(plain(2n ** 100_000n), /^0x10{59}\.\.\. \(a bigint of about 30,104 digits\)$/);
  const symbol = plain(Symbol("y".repeat(20_000)));
  assert.match(symbol, /^Symbol\(y{10000}\.\.\. 10000 more characters\)$/);
});

function nested(levels: number, width: number): unknown {
  return levels === 0 ? 1 : range(width).map(() => nested(levels - 1, width));
}

function deep(levels: number, around: (inner: unknown) => unknown): unknown {
  return range(levels).reduce<unknown>(around, 1);
}

const MANY_KEYS = Object.fromEntries(range(210_000).map((i) => [`k${i}`, i]));

const GIANTS: readonly (readonly [string, () => unknown])[] = [
  ["an array of a million", () => range(1_000_000)],
  ["an array of many records", () => range(100_000).map((id) => ({ id }))],
  ["a thousand by a thousand", () => nested(2, 1_000)],
  ["arrays of arrays of arrays of arrays", () => nested(4, 16)],
  ["an object with many keys", () => MANY_KEYS],
  ["objects with many keys", () => [MANY_KEYS, { ...MANY_KEYS }, { ...MANY_KEYS }]],
  ["10,000 levels of arrays", () => deep(10_000, (inner) => [inner])],
  ["10,000 levels of objects", () => deep(10_000, (inner) => ({ inner }))],
  ["10,000 causes", () => deep(10_000, (cause) => new Error("e", { cause }))],
  ["a large map", () => new Map(range(100_000).map((i) => [i, { i }]))],
  ["a large set", () => new Set(range(100_000))],
  ["50 MB of text", () => "0123456789".repeat(5_000_000)],
  ["many long texts", () => range(1_000).map(() => "y".repeat(100_000))],
  ["50 MB of bytes", () => Buffer.alloc(50_000_000)],
  ["50 MB of a typed array", () => new Float64Array(6_250_000)],
  ["50 MB of an ArrayBuffer", () => new ArrayBuffer(50_000_000)],
  ["an error with a long message", () => new Error("m".repeat(1_000_000))],
  ["a long name", () => Object.defineProperty(() => {}, "name", { value: "n".repeat(1_000_000) })],
  ["a proxy of many keys", () => new Proxy(MANY_KEYS, {})],
  ["a promise of many keys", () => Promise.resolve(MANY_KEYS)],
  ["a long text of its own", () => ({ [inspect.custom]: () => "z".repeat(10_000_000) })],
];

test("no value takes many visits, and none makes a long text", () => {
  for (const [name, make] of GIANTS) {
    const { text, visited } = lookAt(make());
    assert.ok(text.length > 0 && text.length <= 50_100, `${name}: ${text.length} characters`);
    assert.ok(visited <= 15_000, `${name}: ${visited} visits`);
  }
});

test("a value that is too much at first is shown less closely, not cut off", () => {
  const text = textOf(nested(2, 1_000), { colors: false });
  assert.match(text, /^\[\n {2}\[\n/);
  assert.match(text, /\n {2}\],\n {2}\.\.\. 950 more items\n\]$/);
});

test("once very many keys were listed, no further object is asked for its own", () => {
  const text = textOf([MANY_KEYS, { ...MANY_KEYS }, 3], { colors: false });
  assert.match(text, /\.\.\. 209900 more properties\n {2}\},\n {2}\[Object\],\n {2}3\n\]$/);
});

/** Errors that are values, not thrown: their stack in lines of the cell, their causes, what they carry. */
import assert from "node:assert/strict";
import { test } from "node:test";
import vm from "node:vm";
import { Errors } from "../../../../kernel/back/errors.ts";
import { textOf } from "../../../../kernel/back/values/text.ts";
import { compile } from "../../../../kernel/cell/compile.ts";

/** The text of the value of one cell, run by hand. */
function textOfCell(source: string): string {
  const original = Error.prepareStackTrace?.bind(Error);
  const errors = new Errors();
  errors.install();
  try {
    const compiled = compile(source, { names: new Map(), isGlobal: (name) => name in globalThis });
    errors.register("Cell [1]", source, compiled.map);
    const script = new vm.Script(compiled.script, { filename: "Cell [1]" });
    const run = script.runInThisContext() as (...args: object[]) => unknown;
    const value = run({}, ...compiled.boxes.map(() => ({ v: undefined, d: 0 })));
    return textOf(value, { colors: false });
  } finally {
    if (original === undefined) Reflect.deleteProperty(Error, "prepareStackTrace");
    else Error.prepareStackTrace = original;
  }
}

const CELLS: readonly (readonly [string, string])[] = [
  ["interface A {\n  a: 1\n}\nnew Error('boom')", "Error: boom\n    at Cell [1]:4:1"],
  [
    "function make() {\n  return new RangeError('far')\n}\nmake()",
    "RangeError: far\n    at make (Cell [1]:2:10)\n    at Cell [1]:4:1",
  ],
  [
    "class HttpError extends Error { constructor(m: string, readonly status: number) { super(m) } }\nnew HttpError('gone', 410)",
    "HttpError: gone\n    at Cell [1]:2:1 {\n  status: 410\n}",
  ],
  [
    "class Named extends TypeError { constructor(m: string) { super(m); this.name = 'MyName' } }\nnew Named('n')",
    "MyName: n\n    at Cell [1]:2:1",
  ],
  [
    "new Error('outer', {\n  cause: new TypeError('inner', { cause: { code: 7 } }) })",
    "Error: outer\n    at Cell [1]:1:1 {\n  [cause]: TypeError: inner\n      at Cell [1]:2:10 {\n    [cause]: { code: 7 }\n  }\n}",
  ],
  [
    "new AggregateError([new Error('one'), 2], 'both')",
    "AggregateError: both\n    at Cell [1]:1:1 {\n  [errors]: [\n    Error: one\n        at Cell [1]:1:21,\n    2\n  ]\n}",
  ],
  ["const e = new Error('a'); e.message = 'b'; e", "Error: b\n    at Cell [1]:1:11"],
  ["const e = new Error('none'); delete e.stack; [e]", "[ [Error: none] ]"],
  [
    "const e: any = new Error('me'); e.cause = e; e",
    "<ref *1> Error: me\n    at Cell [1]:1:16 {\n  cause: [Circular *1]\n}",
  ],
  ["({ result: new Error('in') })", "{\n  result: Error: in\n      at Cell [1]:1:12\n}"],
  ["new Error('two\\nlines')", "Error: two\nlines\n    at Cell [1]:1:1"],
  ["new Error()", "Error\n    at Cell [1]:1:1"],
  [
    "new DOMException('stopped', 'AbortError')",
    "DOMException [AbortError]: stopped\n    at Cell [1]:1:1",
  ],
];

test("errors show their stack in cell lines, then what they carry", () => {
  for (const [source, expected] of CELLS) {
    const text = textOfCell(source).replace(
      "\n    at new DOMException (node:internal/per_context/domexception:53:5)",
      "",
    );
    assert.equal(text, expected, source);
  }
});

test("the stack of a deep recursion is shortened", () => {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 100;
  try {
    const text = textOfCell(
      "const down = (n: number): Error => n === 0 ? new Error('deep') : down(n - 1)\ndown(60)",
    );
    assert.match(text, /^Error: deep\n( {4}at down .*\n){20} {4}\.\.\. 42 more$/);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
});

test("among very many errors the messages must do", () => {
  const many = Array.from({ length: 1_000 }, (_, i) => new Error(`${"m".repeat(100)}${i}`));
  const text = textOf(many, { colors: false });
  assert.match(text, /^\[\n {2}\[Error: m+0\],\n/);
  assert.doesNotMatch(text, /\n +at /);
});

test("name and frames are coloured, the message is not", () => {
  const error = Object.assign(new Error("m"), { stack: "Error: m\n    at f (Cell [1]:1:1)" });
  assert.equal(
    textOf(error),
    "\u001b[38;5;196m\u001b[1mError\u001b[22m\u001b[39m: m\n\u001b[38;5;244m    at f (Cell [1]:1:1)\u001b[39m",
  );
});

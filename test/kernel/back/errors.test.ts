/** Errors in cell lines: the stack, the excerpt, causes, and what is not an error. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { Errors } from "../../../kernel/back/errors.ts";
import { TestNotebook } from "../notebook.ts";
import { compile } from "../../../kernel/cell/compile.ts";
import vm from "node:vm";

/** Runs one cell by hand and returns the report of what it throws, without colours. */
function reportOf(source: string): { traceback: string; ename: string; evalue: string } {
  const original = Error.prepareStackTrace?.bind(Error);
  const errors = new Errors();
  errors.install();
  const compiled = compile(source, { names: new Map(), isGlobal: (name) => name in globalThis });
  errors.register("Cell [1]", source, compiled.map);
  try {
    const run = new vm.Script(compiled.script, { filename: "Cell [1]" }).runInThisContext() as (
      ...args: object[]
    ) => unknown;
    run({}, ...compiled.boxes.map(() => ({ v: undefined, d: 0 })));
  } catch (error) {
    const { traceback, ename, evalue } = errors.report(error);
    return { traceback: stripVTControlCharacters(traceback.join("\n")), ename, evalue };
  } finally {
    if (original === undefined) Reflect.deleteProperty(Error, "prepareStackTrace");
    else Error.prepareStackTrace = original;
  }
  throw new Error("the cell threw nothing");
}

test("the line is the author's, also behind types that take up lines", () => {
  const source =
    "interface A {\n  a: number\n}\n\nconst a: A = { a: 1 }\nfunction f(x: A) {\n  throw new RangeError('far')\n}\n\nf(a)";
  const { traceback } = reportOf(source);
  assert.match(traceback, /RangeError: far/);
  assert.match(traceback, /Cell \[1\], line 7/);
  assert.match(traceback, /> {1,2}7 \| {3}throw new RangeError\('far'\)\n +\| +\^/);
  assert.match(traceback, /at f \(Cell \[1\]:7:9\)/);
  assert.match(traceback, /at Cell \[1\]:10:1/);
});

test("a cell that writes stacks in a way of its own is told its lines, and keeps it", async () => {
  const { traceback } = reportOf("Error.prepareStackTrace = () => 'mine'\nthrow new Error('x')");
  assert.match(traceback, /Cell \[1\], line 2/);
  const notebook = new TestNotebook();
  await notebook.run("Error.prepareStackTrace = () => 'mine'; throw new Error('x')");
  assert.equal(await notebook.text("new Error('y').stack"), "'mine'");
  await notebook.run("delete Error.prepareStackTrace");
});

test("no frame of the kernel or of Node's inside is shown", () => {
  const { traceback } = reportOf("[1].map(() => { throw new Error('in a callback') })");
  assert.doesNotMatch(traceback, /node:internal|kernel\/|executor/);
  assert.match(traceback, /at Array\.map/);
});

test("a method of the language is shown where the cell calls it, and not where the library does", () => {
  const own = new URL("../../../lib/x.js", import.meta.url).href;
  const stack = ["own", "Array.map (<anonymous>)", "own", "Array.map (<anonymous>)", "Cell [1]:1:1"]
    .map((frame) => `    at ${frame === "own" ? `f (${own}:1:1)` : frame}`)
    .join("\n");
  const { traceback } = new Errors().report(
    Object.assign(new Error("x"), { stack: `Error: x\n${stack}` }),
  );
  const shown = traceback.map((line) => stripVTControlCharacters(line).trim());
  assert.deepEqual(shown, ["Error: x", "at Array.map (<anonymous>)", "at Cell [1]:1:1"]);
});

test("a column behind an edit on the same line is right", () => {
  const { traceback } = reportOf("let abc = 1; const d = 2; abc.x.y");
  assert.match(traceback, /Cell \[1\]:1:33/);
});

test("causes are followed, circles too", () => {
  const { traceback } = reportOf(
    "const e = new Error('outer', { cause: new TypeError('inner') }); (e.cause as Error).cause = e; throw e",
  );
  assert.match(traceback, /Error: outer[^]*Caused by: TypeError: inner/);
});

test("only so many cells are remembered, the latest", () => {
  const errors = new Errors();
  const { map } = compile("1", { names: new Map(), isGlobal: () => false });
  for (let n = 1; n <= 5000; n++) errors.register(`Cell [${n}]`, "x".repeat(20_000), map);
  const known = (n: number): boolean =>
    errors.report(Object.assign(new Error("x"), { stack: `Error\n    at Cell [${n}]:1:1` }))
      .traceback.length > 2;
  assert.deepEqual([1, 3999, 4001, 5000].map(known), [false, false, true, true]);
});

test("a thrown non-Error is shown as a value", () => {
  assert.deepEqual(reportOf("throw { code: 7 }"), {
    ename: "Uncaught",
    evalue: "{ code: 7 }",
    traceback: "Uncaught { code: 7 }",
  });
});

test("an error of another realm is an error", () => {
  const realm = "process.getBuiltinModule('node:vm')";
  const { ename, evalue } = reportOf(`${realm}.runInNewContext("throw new RangeError('far')")`);
  assert.deepEqual([ename, evalue], ["RangeError", "far"]);
});

test("an AggregateError names its parts", () => {
  const { traceback } = reportOf(
    "throw new AggregateError([new Error('one'), new Error('two')], 'both')",
  );
  assert.match(traceback, /AggregateError: both[^]*- Error: one\n {2}- Error: two/);
});

test("what an error carries besides is shown, and no getter of it run", () => {
  const { traceback } = reportOf(
    `const cause = Object.assign(new Error("inner"), { status: 404 });
const error = Object.assign(new Error("outer", { cause }), { code: "E_FAR", path: ["/x"] });
Object.defineProperty(error, "lazy", { enumerable: true, get() { throw error } });
throw error`,
  );
  assert.match(traceback, /at Cell \[1\]:2:29\n\{ code: 'E_FAR', path: \[ '\/x' \] \}\n/);
  assert.match(traceback, /Caused by: Error: inner[^]*\{ status: 404 \}$/);
  assert.doesNotMatch(reportOf("throw new RangeError('plain')").traceback, /\{ /);
});

test("tabs keep the caret under its column", () => {
  const { traceback } = reportOf("if (true) {\n\tthrow new Error('tab')\n}");
  assert.match(traceback, /\| \t {6}\^/);
});

test("an error whose parts are no texts, or throw when they are asked for, is reported all the same", async () => {
  const notebook = new TestNotebook();
  for (const [code, expected] of [
    ["throw Object.assign(new Error('m'), { stack: 5 })", /^Error: m$/],
    ["throw Object.assign(new Error('m'), { message: { a: 1 } })", /^Error: \{ a: 1 \}$/],
    ["throw Object.assign(new Error('m'), { message: Symbol('s') })", /^Error: Symbol\(s\)$/],
    [
      "class M extends Error { get message(): string { throw new Error('g') } }\nthrow new M()",
      /^Error: $/,
    ],
    [
      "const e = new Error('a'); Object.defineProperty(e, 'name', { get() { throw e } }); throw e",
      /^Error: a$/,
    ],
    ["throw new Error('a', { cause: Object.assign(new Error('q'), { stack: {} }) })", /^Error: a$/],
    ["const r = Proxy.revocable(new Error('x'), {}); r.revoke(); throw r.proxy", /^Uncaught: /],
    ["throw new Error('x'.repeat(5e6))", /^Error: x{10000}… \(4990000 more characters\)$/],
  ] as const) {
    assert.match(await notebook.text(code), expected, code);
  }
});

test("a revoked proxy is shown, not asked", async () => {
  const shown = await new TestNotebook().text(
    "const p = Proxy.revocable({}, {}); p.revoke(); p.proxy",
  );
  assert.match(shown, /Revoked/);
});

test("the stack of what an await brings ends in the line that awaits", async () => {
  const notebook = new TestNotebook();
  notebook.declare("fail", async () => {
    await Promise.resolve();
    throw new Error("late");
  });
  for (const awaited of ["fail()", "Promise.all([fail()])"]) {
    const cell = `let stack = "";\ntry { await ${awaited} }\ncatch (error) { stack = error.stack }\nstack`;
    assert.match(await notebook.text(cell), /at async Cell \[\d\]/, awaited);
  }
  const thenable = "await { then: (go) => go(4) }";
  const derived = "await new (class extends Promise {})((go) => setTimeout(go, 0, 5))";
  assert.deepEqual([await notebook.text(thenable), await notebook.text(derived)], ["4", "5"]);
});

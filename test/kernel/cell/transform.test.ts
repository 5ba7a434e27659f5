/** What the cell model promises, as sequences of cells and what the last one shows. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { compile } from "../../../kernel/cell/compile.ts";
import { TestNotebook } from "../notebook.ts";

const sequences: [title: string, cells: string[], shown: string][] = [
  ["a let is seen by the next cell", ["let a = 1", "a + 1"], "2"],
  ["a const is seen by the next cell", ["const a = 1", "a + 1"], "2"],
  ["a var inside a loop is the notebook's", ["for (var i = 0; i < 3; i++) {}", "i"], "3"],
  ["a var of for-of is the notebook's", ["for (var x of [1, 2]) {}", "x"], "2"],
  ["a let inside a loop is not", ["for (let j = 0; j < 3; j++) {}", "typeof j"], "'undefined'"],
  ["an inner name hides an outer one", ["let a = 1", "((a: number) => a * 10)(5) + a"], "51"],
  ["a parameter default reads the notebook", ["let a = 1", "((b = a) => b)()"], "1"],
  ["const becomes function", ["const f = 1", "function f() { return 2 }", "f()"], "2"],
  ["function becomes const", ["function f() {}", "const f = 7", "f"], "7"],
  ["var becomes let", ["var v = 1", "let v = 2", "v"], "2"],
  ["class becomes let", ["class C {}", "let C = 3", "C"], "3"],
  [
    "an old function sees a later assignment",
    ["let k = 1; const g = () => k", "k = 5", "g()"],
    "5",
  ],
  [
    "an old function sees a later redeclaration",
    ["let k = 1; function g() { return k }", "const k = 9", "g()"],
    "9",
  ],
  [
    "an old function sees a redefined helper",
    ["const h = () => 1", "const g = () => h()", "const h = () => 2", "g()"],
    "2",
  ],
  [
    "a name may be declared after the function that uses it",
    ["const g = () => later", "const later = 4", "g()"],
    "4",
  ],
  [
    "a name nobody declared is a ReferenceError",
    ["nobody"],
    "ReferenceError: nobody is not defined",
  ],
  ["typeof of a name nobody declared is no error", ["typeof nobody"], "'undefined'"],
  [
    "assigning a name nobody declared makes it a property of the global object, as in a script",
    ["nobody = 1; [third, { fourth }] = [3, { fourth: 4 }]", "nobody += third + fourth; nobody"],
    "8",
  ],
  [
    "a name nobody declared has no value to add to",
    ["unheard += 1"],
    "ReferenceError: unheard is not defined",
  ],
  [
    "a name that is declared behind its assignment hides the global one",
    ["early = 1", "let early = 2", "early = 3; [early, globalThis.early]"],
    "[ 3, 1 ]",
  ],
  [
    "assigning an earlier const is a worded error",
    ["const c = 1", "c = 2"],
    "TypeError: Assignment to constant variable: c is a const of an earlier cell.",
  ],
  [
    "state before a throw is kept",
    [
      "const a = 1; let b = 2; b = 3; throw new Error('x'); const never = 0",
      "[a, b, typeof never]",
    ],
    "[ 1, 3, 'undefined' ]",
  ],
  ["a cell that fails to compile changes nothing", ["let a = 1", "a"], "1"],
  [
    "destructuring declares every name",
    ["const { a, b: [c = 5], ...rest } = { a: 1, b: [], d: 2 }", "[a, c, rest]"],
    "[ 1, 5, { d: 2 } ]",
  ],
  [
    "destructuring a let declares every name",
    ["let [p, ...q] = [1, 2, 3]", "[p, q]"],
    "[ 1, [ 2, 3 ] ]",
  ],
  [
    "destructuring assignment reaches the notebook",
    ["let p = 1, q = 2", "[p, q] = [q, p]", "[p, q]"],
    "[ 2, 1 ]",
  ],
  [
    "shorthand properties read the notebook",
    ["let p = 1; const q = 2", "({ p, q })"],
    "{ p: 1, q: 2 }",
  ],
  ["shorthand patterns write to the notebook", ["let p = 1", "({ p } = { p: 8 }); p"], "8"],
  [
    "a function called through its box has no this",
    ["function f() { return this }", "f() === undefined"],
    "true",
  ],
  ["an arrow in a let has its name", ["let f = () => 1", "f.name"], "'f'"],
  [
    "a class may refer to itself",
    ["class N { static one = new N() }", "N.one instanceof N"],
    "true",
  ],
  [
    "a reassigned function is the new value",
    ["function f() { return 1 }; f = () => 2 as any", "f()"],
    "2",
  ],
  ["update expressions reach the box", ["let n = 1", "n++; ++n; n += 2; n"], "5"],
  ["the last expression is the value", ["1; 2; 3"], "3"],
  ["an object literal alone is a value", ["{ a: 1, b: [2] }"], "{ a: 1, b: [ 2 ] }"],
  ["an empty block is not an object", ["{ let x = 1; x }"], ""],
  ["a string alone is a value, not a directive", ["'hello'"], "'hello'"],
  ["a statement shows nothing", ["const x = 1"], ""],
  ["top-level await", ["const v = await Promise.resolve(3)", "v"], "3"],
  ["a promise as last value is awaited", ["Promise.resolve(4)"], "4"],
  [
    "for await over an async generator",
    ["async function* g() { yield 1; yield 2 }\nlet s = 0; for await (const x of g()) s += x; s"],
    "3",
  ],
  [
    "for await over promises",
    ["let s = 0; for await (const x of [Promise.resolve(1), 2]) s += x; s"],
    "3",
  ],
  ["an enum", ["enum Color { Red, Green }", "Color[Color.Green]"], "'Green'"],
  [
    "an enum run twice starts afresh",
    ["enum E { A, B }", "enum E { A }", "Object.keys(E).length"],
    "2",
  ],
  [
    "an enum written twice in a cell merges",
    ["enum E { A } enum E { B = 1 }", "[E.A, E.B]"],
    "[ 0, 1 ]",
  ],
  ["a namespace", ["namespace N { export const a = 1 }", "N.a"], "1"],
  [
    "a namespace that changes what it exports",
    ["namespace N { export let a = 1; export function more() { return ++a } }", "N.more(); N.a"],
    "2",
  ],
  [
    "types leave nothing behind",
    ["type T = number; interface I { a: T }\nconst x: I = { a: 1 }; x satisfies I"],
    "{ a: 1 }",
  ],
  ["export is ignored", ["export const e = 1; export default e + 1"], "2"],
  ["a default export needs no name", ["export default function () {}\n(4)", "5"], "5"],
  ["nor if it is a class", ["export default class extends Array {} [6]"], "[ 6 ]"],
  [
    "names that are a number but for their first character",
    ["const _0 = 1, _1 = 2; import { sep as _m0 } from 'node:path'", "[_0, _1, _m0]"],
    "[ 1, 2, '/' ]",
  ],
  ["parameter properties", ["class P { constructor(readonly x: number) {} }", "new P(3).x"], "3"],
  [
    "decorators",
    [
      "const d = (m: Function, _: unknown) => function (this: unknown) { return m.call(this) + 1 };\nclass A { @d f() { return 1 } }",
      "new A().f()",
    ],
    "2",
  ],
  [
    "using disposes at the end of the cell",
    [
      "const log: string[] = [];\nclass R { [Symbol.dispose ?? Symbol.for('d')]() { log.push('disposed') } }",
      "(globalThis as any).Symbol.dispose ??= Symbol('dispose'); typeof Symbol.dispose",
    ],
    "'symbol'",
  ],
  ["a cell of types alone", ["type A = 1"], ""],
  ["a cell with nothing in it", ["// nothing"], ""],
  [
    "a property of the global object may be assigned by its name",
    ["(globalThis as any).zz = 5", "zz++; zz"],
    "6",
  ],
  [
    "a proxy that refuses every question",
    ["new Proxy({}, { get() { throw new Error('no') } })"],
    "{}",
  ],
  ["_ is the last value", ["40 + 2", "_"], "42"],
  [
    "a _ of the notebook's own is kept also when its cell fails",
    ["let _ = 'mine'; throw new Error('x')", "1 + 1", "_"],
    "'mine'",
  ],
  ["a statement keeps _", ["40 + 2", "let z = 1", "_"], "42"],
  ["a _ of the notebook's own is kept", ["let _ = 'mine'", "1 + 1", "_"], "'mine'"],
  [
    "an import is seen by a later cell",
    ["import { join } from 'node:path'", "join('a', 'b')"],
    "'a/b'",
  ],
  [
    "a default and a namespace import",
    ["import fs, * as all from 'node:fs'", "fs.existsSync === all.existsSync"],
    "true",
  ],
  [
    "an import that does not exist is an error where it is used",
    ["import { nope } from 'node:path'; nope"],
    'SyntaxError: "node:path" does not export nope; it exports ',
  ],
  [
    "an imported type that leaves no trace is no error",
    ["import { Nope } from 'node:path'\n1"],
    "1",
  ],
  ["dynamic import", ["(await import('node:path')).sep"], "'/'"],
  ["require", ["require('node:path').sep"], "'/'"],
  ["import.meta", ["typeof import.meta.url"], "'string'"],
  [
    "import.meta.resolve gives URLs as Node does",
    [
      "const to = import.meta.resolve; [to('fs'), to('node:fs'), to('data:,1'), to('./none.ts') === new URL('none.ts', import.meta.url).href].join(' ')",
    ],
    "'node:fs node:fs data:,1 true'",
  ],
  ["__dirname", ["typeof __dirname"], "'string'"],
  ["a global may be hidden", ["const Buffer = 1", "Buffer"], "1"],
  ["a type assertion in angle brackets", ["const x = <number>(1 as unknown)", "x"], "1"],
  ["a generic arrow", ["const id = <T,>(x: T): T => x; id(6)"], "6"],
  ["a multi-line ternary", ["const a = 1\nconst b = a > 0\n  ? 'yes'\n  : 'no'\nb"], "'yes'"],
  ["statements without semicolons", ["let a = 1\nlet b = [2]\nb.push(a)\nb"], "[ 2, 1 ]"],
  [
    "JSX is HTML, with what stands in it escaped",
    [
      "const name = '<Ada>'; const Bold = ({ children }: any) => <b>{children}</b>",
      "String(<p className='x'>Hi <Bold>{name}</Bold>{[1, 2]}<br/></p>)",
    ],
    "'<p class=\"x\">Hi <b>&lt;Ada&gt;</b>12<br></p>'",
  ],
  [
    "a parameter decorator is told the way out",
    ["const d: any = () => {};\nclass A { constructor(@d x: number) {} }"],
    'SyntaxError: Parameter decorators only work when experimental decorators are enabled; put "// @experimentalDecorators" on a line of the cell',
  ],
  [
    "legacy decorators on request",
    [
      "// @experimentalDecorators\nconst seen: any[] = []; const d = (_: any, __: any, i: number) => { seen.push(i) };\nclass A { constructor(@d x: number) {} }\nseen",
    ],
    "[ 0 ]",
  ],
  [
    "a value beside a type-only import",
    ["import type { Stats } from 'node:fs'\nconst v = 41\nv + 1"],
    "42",
  ],
  ["a value beside a type-only export", ["export type K = 3; 12"], "12"],
  [
    "an error names the reader's variable, not our box",
    ["let fit: any = 3; const o: any = {}", "fit()"],
    "TypeError: fit is not a function",
  ],
  ["and its member", ["const o: any = {}", "o.fit(1)"], "TypeError: o.fit is not a function"],
  [
    "a package that is not there",
    ["import { x } from 'not-there'; x"],
    `ModuleNotFoundError: Cannot find "not-there": %npm install not-there installs it, in ${process.cwd()}`,
  ],
  ["a lone surrogate pair", ["const s = '😀'; s.length"], "2"],
];

for (const [title, cells, shown] of sequences) {
  test(title, async () => {
    const notebook = new TestNotebook();
    for (const cell of cells.slice(0, -1)) await notebook.run(cell);
    const last = await notebook.text(cells.at(-1) ?? "");
    if (shown.endsWith("exports ")) assert.ok(last.startsWith(shown), last);
    else assert.equal(last, shown);
  });
}

test("a class redeclared under a function that made instances leaves both usable", async () => {
  const notebook = new TestNotebook();
  await notebook.run("class A { n = 1 }; const make = () => new A()");
  await notebook.run("class A { n = 2 }");
  // Inside its own cell a class binds lexically.
  assert.equal(await notebook.text("[make().n, new A().n]"), "[ 1, 2 ]");
});

test("a cell names in its boxes exactly what it touches", () => {
  const surroundings = { names: new Map([["a", { constant: false }]]), isGlobal: () => false };
  const { boxes, declares } = compile("const b = a + 1; (c: number) => c", surroundings);
  assert.deepEqual(boxes.toSorted(), ["a", "b"]);
  assert.deepEqual(declares, ["b"]);
});

test("a loop over a local constant stays free of boxes", () => {
  const surroundings = { names: new Map(), isGlobal: () => false };
  const { script } = compile("const n = 5; for (let i = 0; i < n; i++) { i * n }", surroundings);
  assert.match(script, /i < n; i\+\+/);
});

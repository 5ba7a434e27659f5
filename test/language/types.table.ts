/** What flows from cell to cell in the type system, and what is refused. */
import { fails, files, of, type Row } from "./row.ts";

const refused = (code: number): ReturnType<typeof fails> => fails(new RegExp(`TS${code}`));

export const types: readonly Row[] = [
  ...of(
    "a type error",
    ["const te1: number = 'a'", refused(2322)],
    [["let te2 = 1", "te2 = 'a'"], refused(2322)],
    [["const te3 = [1, 2]", "te3.map((x) => x.length)"], refused(2339)],
    [
      ["function te4(x: number) { return x }", "console.log('before'); te4('a')"],
      fails(/^(?!.*before)[^]*TS2345/),
    ],
    ["const te5: number = 'a'; globalThis.te5b = 1", refused(2322)],
    [
      ["const te6: string = Math.random() as never as string", "te6.nope"],
      fails(/Cell \[\d+\], line 1/),
    ],
  ),
  ...of(
    "types from cell to cell",
    [["type Tf1 = 'a' | 'b'", "const tf1: Tf1 = 'c'"], refused(2322)],
    [
      [
        "interface Tf2 { n: number }",
        "class Tf3 implements Tf2 { n = 1 }",
        "const tf4: Tf2 = new Tf3(); tf4.n",
      ],
      "1",
    ],
    [
      [
        "function tf5<T extends { id: number }>(xs: T[]) { return xs.map((x) => x.id) }",
        "tf5([{ id: 2, name: 'a' }])",
      ],
      "[ 2 ]",
    ],
    [
      ["function tf6<T extends { id: number }>(xs: T[]) { return xs }", "tf6([{ name: 'a' }])"],
      refused(2353),
    ],
    [["enum Tf7 { A, B }", "const tf8: Tf7 = Tf7.A; Tf7[tf8]"], "'A'"],
    [
      ["class Tf9<T> { constructor(readonly value: T) {} }", "new Tf9('x').value.toFixed()"],
      refused(2551),
    ],
  ),
  ...of(
    "type-only imports",
    [["import type { PathLike } from 'node:fs'", "const ti1: PathLike = 'a'; ti1"], "'a'"],
    [["import type { PathLike as Ti2 } from 'node:fs'", "const ti2: Ti2 = 5"], refused(2322)],
    [
      [
        "import { type Stats, statSync } from 'node:fs'",
        "const ti3: Stats = statSync('/'); ti3.isDirectory()",
      ],
      "true",
    ],
    [
      [
        files({ "ti4.ts": "export interface Shape { area: number }" }),
        "import type { Shape } from './ti4'",
        "const ti4: Shape = { area: '1' }",
      ],
      refused(2322),
    ],
  ),
  ...of(
    "an array that grows in later cells",
    [["const ev1 = []", "ev1.push(1)", "ev1"], "[ 1 ]"],
    [["const ev2 = []; ev2.push(1); ev2.push('a')", "ev2[0].nope"], refused(2339)],
    [["const ev3 = []; ev3.push(1)", "ev3.push('a')"], refused(2345)],
    [["let ev4 = []", "for (let i = 0; i < 3; i++) ev4.push(i)", "ev4.length"], "3"],
    [["const ev5 = []", "function ev6(n: number) { ev5.push(n) }", "ev6(2); ev5"], "[ 2 ]"],
  ),
  ...of(
    "a variable without a value",
    [["let uv1", "uv1 = 5", "uv1.toFixed(1)"], "'5.0'"],
    [["let uv3: string", "uv3 = 'abc'", "uv3.length"], "3"],
    [["let uv4: string", "uv4 = 5"], refused(2322)],
    [["var uv5", "uv5 = { a: 1 }", "uv5.a"], "1"],
  ),
  ...of(
    "narrowing that lasts",
    [["const nl1 = 'a1'.match(/\\d/)", "if (nl1 === null) throw new Error()", "nl1[0]"], "'1'"],
    [["let nl2: string | number = 5", "nl2.toFixed(1)"], "'5.0'"],
    [["let nl3: string | number = 5", "nl3 = 'abc'", "nl3.length"], "3"],
    [["let nl4: string | number = 5", "nl4 = 'abc'", "nl4 = 6", "nl4.length"], refused(2339)],
    [
      [
        "const nl5: unknown = JSON.parse('[1]')",
        "if (!Array.isArray(nl5)) throw new Error()",
        "nl5.length",
      ],
      "1",
    ],
    [
      [
        "import assert from 'node:assert'",
        "const nl7: string | undefined = process.env['PATH']",
        "assert(nl7)",
        "nl7.length > 0",
      ],
      "true",
    ],
  ),
  ...of(
    "narrowing that must not last",
    [
      ["let nm1: string | null = null", "function nm2() { nm1 = 'x' }", "nm2()", "nm1.length"],
      refused(18047),
    ],
    [
      ["let nm3: number | undefined", "nm3 = 1", "nm3 = undefined", "nm3.toFixed()"],
      refused(18048),
    ],
    [["let nm4: 'a' | 'b' = 'a'", "nm4 = 'b'; nm4"], "'b'"],
    [
      [
        "let nm7: 'a' | 'b' = 'a'",
        "function nm8() { nm7 = 'b' }",
        "nm8()",
        "nm7 === 'b' ? nm7.toUpperCase() : ''",
      ],
      "'B'",
    ],
    [["let nm9 = true", "nm9 = false", "nm9 === true"], "false"],
    [["let nm5: string | number = 1", "const nm6 = () => nm5; nm5 = 'x'", "nm6()"], "'x'"],
  ),
  ...of(
    "redeclaring with another type",
    [["const rd1 = 1", "const rd1 = 'abc'", "rd1.length"], "3"],
    [["function rd2() { return 1 }", "const rd2 = 'x'", "rd2.length"], "1"],
    [["class Rd3 { a = 1 }", "class Rd3 { b = 2 }", "new Rd3().a"], refused(2339)],
    [["type Rd4 = number", "type Rd4 = string", "const rd4: Rd4 = 'a'; rd4"], "'a'"],
    [["const rd5 = 1", "function rd6() { return rd5 + 1 }", "const rd5 = 10", "rd6()"], "11"],
    [["let rd7 = 1", "let rd7 = 'a'", "rd7 = 2"], refused(2322)],
  ),
  ...of(
    "a declaration made of its earlier value",
    [["const ea1 = 1", "const ea1 = ea1 + 1; ea1"], "2"],
    [["const ea2 = [3, 1, 2]", "const ea2 = ea2.toSorted().map(String)", "ea2.join('')"], "'123'"],
    [["let ea3 = 5", "let ea3 = `${ea3}!`", "ea3.length"], "2"],
    [["const ea4 = 2", "const ea4 = ea4.length"], refused(2339)],
    [["const [ea5, ea6] = [1, 2]", "const [ea5, ea6] = [ea6, ea5]; [ea5, ea6]"], "[ 2, 1 ]"],
    ["const ea7 = ea7 + 1", refused(2448)],
  ),
  ...of(
    "a constant of an earlier cell",
    [["const ce1 = 1", "ce1 = 2"], fails(/constant of Cell \[\d+\]/)],
    [["const ce2 = { n: 1 }", "ce2.n = 2; ce2.n"], "2"],
    ["plot = 1", fails(/it comes with the kernel/)],
    [["const ce3 = 'train'", "if (ce3 === 'test') console.log('tests')\nce3 === 'test'"], "false"],
    [
      [
        "const ce4 = 3",
        "switch (ce4) {\n  case 3: console.log('three'); break\n  case 5: console.log('five')\n}",
      ],
      "three",
    ],
    [["const ce5: 'a' | 'b' = Math.random() > 2 ? 'a' : 'b'", "ce5 === 'c'"], refused(2367)],
  ),
  ...of(
    "names of the global object",
    [["(globalThis as any).go1 = 5", "go1 + 1"], "6"],
    [["declare global { var go2: number }\nglobalThis.go2 = 7", "go2.toFixed(1)"], "'7.0'"],
    ["typeof go3", fails(/Cannot find name 'go3'/)],
    ["typeof go4 === 'undefined'", "true"],
    ["structuredClone({ a: 1 }).a", "1"],
  ),
  ...of(
    "asking not to be checked",
    ["// @ts-nocheck\nconst nc1: number = 'a'; nc1", "'a'"],
    ["// @ts-expect-error\nconst nc2: number = 'a'; nc2", "'a'"],
    ["const nc3 = 1;\n// @ts-ignore\nconst nc4: number = 'b'; nc4", "'b'"],
    ["// @ts-expect-error\nconst nc5: number = 1", refused(2578)],
    [
      ["%types off", "const nc6: number = 'a'; nc6", "%types on"],
      [null, "'a'", null],
    ],
    [
      ["%types warn", "const nc7: number = 'a'; nc7", "%types on"],
      [null, /TS2322[^]*'a'/, null],
    ],
  ),
  ...of(
    "strictness",
    ["function st1(x) { return x }", refused(7006)],
    ["const st2 = (x: { a?: { b: number } }) => x.a.b", refused(18048)],
    ["try { null } catch (e) { e.message }", refused(18046)],
    ["class St3 { x: number }", refused(2564)],
    ["[1, 2].at(5).toFixed()", refused(2532)],
  ),
  ...of(
    "the notebook's tsconfig.json",
    [
      [
        files({ "tsconfig.json": '{ "compilerOptions": { "strict": false } }' }),
        "import 'node:fs'; function tc1(x) { return x }\ntc1(1)",
      ],
      "1",
    ],
    [
      [
        files({ "tsconfig.json": '{ "compilerOptions": { "noUncheckedIndexedAccess": true } }' }),
        "import 'node:fs'; [1, 2][0].toFixed()",
      ],
      refused(2532),
    ],
    [
      [
        files({
          "tsconfig.json":
            '{ // a comment\n "compilerOptions": { "noUnusedLocals": true, "module": "commonjs", "erasableSyntaxOnly": true, }, }',
        }),
        "import 'node:fs'; enum Tc3 { A }\nTc3.A",
      ],
      "0",
    ],
    [
      [files({ "tsconfig.json": "{}" }), "import 'node:fs'; function tc4(x) { return x }"],
      refused(7006),
    ],
  ),
  ...of(
    "names of the preload",
    ["placeholder({ shpae: [2] })", fails(/'shape'/)],
    [["const np1 = placeholder({ shape: [null, 2] })", "np1.matmull(np1)"], refused(2551)],
    ["display.htm('a')", refused(2551)],
    [
      ["const plot = 5", "plot + 1", "%reset"],
      [null, "6", null],
    ],
  ),
  ...of(
    "what a report shows",
    [
      "const wr1 = 1;\nconst wr2: string = wr1",
      fails(/line 2[^]*> 2 \| const wr2: string = wr1\n +\| +\^\^\^/),
    ],
    ["wr3.x;\nwr4.y", fails(/wr3[^]*And: Cannot find name 'wr4'/)],
    [["const wr5losses = [1]", "wr5loses"], fails(/did you mean `wr5losses`/)],
    ["const wr6: { a: number } = { a: 'x' }", fails(/TS2322/)],
    ["await fetchAll(3)", fails(/TS2304/)],
  ),
];

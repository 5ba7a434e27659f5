/** The language below TypeScript. */
import { of, type Row } from "./row.ts";

export const javascript: readonly Row[] = [
  ...of(
    "functions",
    ["((a = 1, ...rest: number[]) => a + rest.length)(5, 6, 7)", "7"],
    ["function fu1(n: number): number { return n < 2 ? 1 : n * fu1(n - 1) }\nfu1(5)", "120"],
    [["let fu2 = () => 1", "fu2.name"], "'fu2'"],
    [["const fu3 = (n: number) => () => n++", "const fu4 = fu3(5); fu4(); fu4()"], "6"],
    ["(function (this: { n: number }) { return this.n }).call({ n: 3 })", "3"],
  ),
  ...of(
    "generators",
    ["function* ge1() { yield 1; yield* [2, 3] }\n[...ge1()].join()", "'1,2,3'"],
    [
      [
        "function* ge2() { let n = 0; while (true) yield n++ }",
        "const ge3 = ge2(); ge3.next(); ge3.next().value",
      ],
      "1",
    ],
    ["[...{ *[Symbol.iterator]() { yield 4 } }][0]", "4"],
  ),
  ...of(
    "classes",
    [
      [
        "class Cl1 { #n = 1; get n() { return this.#n } set n(v) { this.#n = v * 2 } }",
        "const cl2 = new Cl1(); cl2.n = 4; cl2.n",
      ],
      "8",
    ],
    ["class Cl3 { static count = 0; static { Cl3.count = 5 } }\nCl3.count", "5"],
    [
      [
        "class Cl4 { f() { return 1 } }",
        "class Cl5 extends Cl4 { override f() { return super.f() + 1 } }",
        "new Cl5().f()",
      ],
      "2",
    ],
    ["new (class { n = 3 })().n", "3"],
    [
      "class Cl6 { #secret = 1; static has(o: object) { return #secret in o } }\nCl6.has(new Cl6())",
      "true",
    ],
    ["class Cl7 { self = () => this }\nconst cl8 = new Cl7()\ncl8.self() === cl8", "true"],
  ),
  ...of(
    "control flow",
    [
      "let cf1 = ''\nouter: for (const a of [1, 2]) for (const b of [1, 2]) { if (b === 2) continue outer; cf1 += a }\ncf1",
      "'12'",
    ],
    [
      "const cf2 = (n: number) => { switch (n) { case 1: return 'one'; default: return 'many' } }\ncf2(1) + cf2(2)",
      "'onemany'",
    ],
    [
      "let cf3 = ''\ntry { throw new Error('e') } catch { cf3 += 'c' } finally { cf3 += 'f' }\ncf3",
      "'cf'",
    ],
    ["let cf4 = 0; do { cf4++ } while (cf4 < 3); cf4", "3"],
    ["let cf5 = 0; for (const k in { a: 1, b: 2 }) cf5 += k.length; cf5", "2"],
  ),
  ...of(
    "operators",
    ["const op1: { a?: { b: number } } = {}; op1.a?.b ?? 'none'", "'none'"],
    ["let op2: number | null = null; op2 ??= 4; op2 ||= 5; op2 &&= 6; op2", "6"],
    ["2 ** 10", "1024"],
    ["2n ** 64n", "18446744073709551616n"],
    ["typeof null + typeof (() => 1)", "'objectfunction'"],
    ["(1, 2, 3)", "3"],
  ),
  ...of(
    "destructuring",
    [["let de1 = 1, de2 = 2", "[de1, de2] = [de2, de1]", "de1 * 10 + de2"], "21"],
    [["let de3 = 1", "({ de3 } = { de3: 8 }); de3"], "8"],
    [
      "const { a: { b: de4 = 1 } = {}, ...de5 }: { a?: { b?: number }; c: number } = { c: 2 }\nde4 + de5.c",
      "3",
    ],
    ["const de6 = ({ x, y = 2 }: { x: number; y?: number }) => x + y\nde6({ x: 1 })", "3"],
  ),
  ...of(
    "templates",
    ["const te1 = 5; `${te1 * 2} of ${`${te1}`}`", "'10 of 5'"],
    [
      "const te2 = (s: TemplateStringsArray, ...v: number[]) => s.raw.join('|') + v.length\nte2`a${1}b${2}c`",
      "'a|b|c2'",
    ],
    ["`line one\nline two`.split('\\n').length", "2"],
    ["String.raw`\\n`.length", "2"],
  ),
  ...of(
    "collections",
    ["[3, 1, 2].toSorted().at(-1)", "3"],
    ["new Map([['a', 1]]).get('a')", "1"],
    ["new Set([1, 1, 2]).size", "2"],
    ["Object.entries({ a: 1 }).flat().join()", "'a,1'"],
    ["new Uint8Array([1, 255]).reduce((a, b) => a + b)", "256"],
    [
      "Object.groupBy === undefined ? 'old' : Object.groupBy([1, 2, 3], (n) => (n % 2 ? 'odd' : 'even')).odd?.length ?? 0",
      /2|'old'/,
    ],
  ),
  ...of(
    "without semicolons",
    ["let se1 = 1\nlet se2 = [2]\nse2.push(se1)\nse2.join()", "'2,1'"],
    ["const se3 = 'a'\n  + 'b'\n  + 'c'\nse3", "'abc'"],
    ["const se4 = [1, 2, 3]\n  .map((n) => n * 2)\n  .filter((n) => n > 2)\nse4.length", "2"],
  ),
  ...of(
    "comments and blank lines",
    ["// nothing", ""],
    ["1 + 1 // the sum", "2"],
    ["/* before */ 3\n/* after */", "3"],
    ["\n\n4\n\n", "4"],
    ["#!/usr/bin/env node\n5", "5"],
  ),
  ...of(
    "export",
    [["export const ex1 = 1", "ex1"], "1"],
    [["export default function ex2() { return 2 }", "ex2()"], "2"],
    [["export class Ex3 { n = 3 }\nexport { Ex3 as Ex4 }", "new Ex3().n"], "3"],
    ["export default 4", "4"],
  ),
  ...of(
    "JSX",
    [
      "String(<p className='x'>Hi <b>{'<Ada>'}</b></p>)",
      "'<p class=\"x\">Hi <b>&lt;Ada&gt;</b></p>'",
    ],
    [
      ["const Jx1 = ({ name }: { name: string }) => <i>{name}</i>", "String(<Jx1 name='you' />)"],
      "'<i>you</i>'",
    ],
    ["String(<>{[1, 2].map((n) => <li>{n}</li>)}</>)", "'<li>1</li><li>2</li>'"],
    ["<b>bold</b>", /<b>bold<\/b>/],
  ),
];

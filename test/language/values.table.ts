/** Running: values, names from cell to cell, waiting, errors. */
import { fails, of, type Row } from "./row.ts";

export const values: readonly Row[] = [
  ...of(
    "last value",
    ["1 + 1", "2"],
    ["1; 2; 3", "3"],
    ["const va1 = 5", ""],
    ["'a'.repeat(3)", "'aaa'"],
    ["undefined", ""],
  ),
  ...of(
    "object as value",
    ["{ a: 1, b: [2] }", "{ a: 1, b: [ 2 ] }"],
    ["{}", "{}"],
    ["{ const inner = 4; console.log(inner * 2) }", "8"],
    ["({ a: 1 }).a", "1"],
  ),
  ...of(
    "names from cell to cell",
    [["const na1 = 1", "na1 + 1"], "2"],
    [["let na2 = 1", "na2++", "na2"], "2"],
    [["for (var na3 = 0; na3 < 3; na3++) {}", "na3"], "3"],
    [["const { na4, rest: [na5 = 5] } = { na4: 1, rest: [] as number[] }", "na4 + na5"], "6"],
    [["let [na6, ...na7] = [1, 2, 3]", "na6 + na7.length"], "3"],
    [["function na8() { return 8 }", "class Na9 { n = 9 }", "na8() + new Na9().n"], "17"],
  ),
  ...of(
    "redeclared",
    [["const re1 = 1", "function re1() { return 2 }", "re1()"], "2"],
    [["function re2() {}", "const re2 = 7", "re2"], "7"],
    [["class Re3 {}", "let Re3 = 3", "Re3 + 1"], "4"],
    [["let re4 = 1", "let re4 = 'text'", "re4.length"], "4"],
    [["const re5 = 1", "const re5 = re5 + 1", "re5"], "2"],
    [["import { join as re6 } from 'node:path'", "const re6 = 6", "re6"], "6"],
  ),
  ...of(
    "old functions and new values",
    [["let of1 = 1; const of2 = () => of1", "of1 = 5", "of2()"], "5"],
    [["let of3 = 1; function of4() { return of3 }", "let of3 = 9", "of4()"], "9"],
    [["const of5 = () => 1", "const of6 = () => of5()", "const of5 = () => 2", "of6()"], "2"],
    [["class Of7 { n = 1 }", "const of8 = () => new Of7().n", "class Of7 { n = 2 }", "of8()"], "2"],
  ),
  ...of(
    "state before a throw",
    [
      ["let th1 = 1; th1 = 2; throw new Error('x')", "th1"],
      [fails(/Error: x/), "2"],
    ],
    [
      ["const th2 = [1]; th2.push(2); (null as any).f()", "th2.length"],
      [fails(/TypeError/), "2"],
    ],
    [
      ["function th3() { return 3 }\nthrow new Error('x')", "th3()"],
      [fails(/x/), "3"],
    ],
    [
      ["let th4 = 4", "th4 = 5; const = ;", "th4"],
      [fails(/SyntaxError|expected/), "4"],
    ],
  ),
  ...of(
    "constants",
    [
      ["const co1 = 1", "co1 = 2", "co1"],
      [fails(/const/i), "1"],
    ],
    [["const co2 = { n: 1 }", "co2.n = 5; co2.n"], "5"],
    ["const co3 = 1; (() => co3 + 1)()", "2"],
  ),
  ...of(
    "await",
    [["const aw1 = await Promise.resolve(3)", "aw1"], "3"],
    ["Promise.resolve(4)", "4"],
    ["await new Promise<number>((done) => setTimeout(() => done(5), 5))", "5"],
    ["Promise.reject(new Error('turned down'))", fails(/turned down/)],
    ["let aw2 = 0; for (const p of [1, 2, 3].map(async (n) => n)) aw2 += await p; aw2", "6"],
    ["(await Promise.all([1, Promise.resolve(2)])).join()", "'1,2'"],
  ),
  ...of(
    "for await",
    [
      "async function* fa1() { yield 1; yield 2 }\nlet fa2 = 0\nfor await (const n of fa1()) fa2 += n\nfa2",
      "3",
    ],
    ["let fa3 = 0; for await (const n of [Promise.resolve(1), 2]) fa3 += n; fa3", "3"],
    [
      "const fa4: string[] = []\nasync function* fa5() { try { yield 1; yield 2 } finally { fa4.push('closed') } }\nfor await (const _n of fa5()) break\nfa4.join()",
      "'closed'",
    ],
    [
      "const fa6: number[] = []\nfor await (const [a, b] of [Promise.resolve([1, 2])]) fa6.push(a! + b!)\nfa6[0]",
      "3",
    ],
  ),
  ...of(
    "using",
    [
      "const us1: string[] = []\n{ using r = { [Symbol.dispose]() { us1.push('gone') } }; us1.push('here') }\nus1.join()",
      "'here,gone'",
    ],
    [
      "const us2: string[] = []\n{ await using r = { async [Symbol.asyncDispose]() { us2.push('gone') } }; us2.push('here') }\nus2.join()",
      "'here,gone'",
    ],
    [
      [
        "const us3: string[] = []",
        "using us4 = { n: 4, [Symbol.dispose]() { us3.push('gone') } }; us4.n",
        "us3.join()",
      ],
      ["4", "'gone'"],
    ],
    [
      [
        "const us5: string[] = []",
        "try { using r = { [Symbol.dispose]() { us5.push('gone') } }; throw new Error('x') } catch { us5.push('caught') }\nus5.join()",
      ],
      "'gone,caught'",
    ],
  ),
  ...of(
    "_",
    [["40 + 2", "_"], "42"],
    [["40 + 2", "let un1 = 1", "_"], "42"],
    [["1 + 1", "_ + _"], "4"],
    [["let _ = 'mine'", "1 + 1", "_"], "'mine'"],
  ),
  ...of(
    "errors",
    ["const er1 = 1\nthrow new Error('line two')", fails(/line two[^]*\b2\b/)],
    ["throw 'a string'", fails(/a string/)],
    ["(null as any).x", fails(/TypeError/)],
    ["throw new Error('outer', { cause: new Error('inner') })", fails(/outer[^]*inner/)],
    [
      "function er2(): never { throw new RangeError('deep') }\ner2()",
      fails(/RangeError[^]*deep[^]*er2/),
    ],
    [
      "class MyError extends Error { override name = 'MyError' }\nthrow new MyError('own')",
      fails(/MyError[^]*own/),
    ],
  ),
  ...of(
    "output",
    ["console.log('a', 1, [2]); console.error('b')", /a 1 \[ 2 \]\nb/],
    ["for (const i of [1, 2, 3]) console.log(i)", "1\n2\n3"],
    ["console.log('%s is %d', 'x', 5)", "x is 5"],
    ["process.stdout.write('raw'); 1", /raw\n?1/],
    ["console.table([{ a: 1 }])", /a[^]*1/],
    [
      "setTimeout(() => console.log('late'), 1); await new Promise((r) => setTimeout(r, 30)); 1",
      /late\n1/,
    ],
  ),
  ...of(
    "what libraries ask of a terminal",
    ["process.env['FORCE_COLOR'] + ' ' + process.env['CLICOLOR']", "'1 1'"],
    ["process.stdout.columns >= 80", "true"],
    ["process.stdout.write('written\\n') && ''", /^written/],
  ),
  ...of(
    "globals",
    ["typeof process.version", "'string'"],
    ["Buffer.from('ä').length", "2"],
    ["structuredClone({ a: [1] }).a[0]", "1"],
    ["new URL('http://a/b?c=1').searchParams.get('c')", "'1'"],
    ["typeof fetch + typeof crypto.randomUUID", "'functionfunction'"],
    ["globalThis === global", "true"],
  ),
  ...of(
    "a long loop",
    ["let lo1 = 0; for (let i = 0; i < 1e7; i++) lo1 += i % 3; lo1", "9999999"],
    [
      [
        "const lo2 = new Float64Array(1e6).fill(2)",
        "let lo3 = 0; for (let i = 0; i < lo2.length; i++) lo3 += lo2[i]!; lo3",
      ],
      "2000000",
    ],
  ),
];

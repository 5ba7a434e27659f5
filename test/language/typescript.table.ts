/** What TypeScript adds, at run time. */
import { fails, of, type Row } from "./row.ts";

export const typescript: readonly Row[] = [
  ...of(
    "enum",
    [["enum En1 { Red, Green }", "En1[En1.Green]"], "'Green'"],
    [["enum En2 { A = 'a', B = 'b' }", "Object.values(En2).join()"], "'a,b'"],
    [["enum En3 { A, B }", "enum En3 { A }", "Object.keys(En3).length"], "2"],
    [["const enum En4 { X = 3 }", "En4.X"], "3"],
    ["enum En5 { A } enum En5 { B = 1 }\nEn5.A + En5.B", "1"],
    [["export enum En6 { A = 1 << 2, B = A | 1 }", "En6.B"], "5"],
  ),
  ...of(
    "namespace",
    [
      ["namespace Ns1 { export const a = 1; export function f() { return a + 1 } }", "Ns1.f()"],
      "2",
    ],
    [["namespace Ns2.Inner { export const b = 2 }", "Ns2.Inner.b"], "2"],
    [
      [
        "namespace Ns3 { export type T = number; export const c: T = 3 }",
        "const ns4: Ns3.T = Ns3.c; ns4",
      ],
      "3",
    ],
    ["namespace Ns5 { export const a = 1 }\nnamespace Ns5 { export const b = a + 1 }\nNs5.b", "2"],
    ["class Ns6 { n = 1 }\nnamespace Ns6 { export const zero = 0 }\nnew Ns6().n + Ns6.zero", "1"],
  ),
  ...of(
    "interface and type",
    [["interface In1 { a: number }", "const in2: In1 = { a: 1 }; in2.a"], "1"],
    [
      [
        "type Ty1 = { kind: 'a'; n: number } | { kind: 'b' }",
        "const ty2 = (t: Ty1) => (t.kind === 'a' ? t.n : 0); ty2({ kind: 'a', n: 4 })",
      ],
      "4",
    ],
    ["type Ty3 = 1", ""],
    [
      [
        "interface In3 { a: number }",
        "interface In3 { b: string }",
        "const in4: In3 = { b: 'x' }; in4.b",
      ],
      "'x'",
    ],
    [
      [
        "interface In5 { (n: number): number; tag?: string }",
        "const in6: In5 = (n) => n + 1; in6(1)",
      ],
      "2",
    ],
    [
      [
        "type Tree = { value: number; children?: Tree[] }",
        "const sumTree = (t: Tree): number => t.value + (t.children ?? []).reduce((s, c) => s + sumTree(c), 0); sumTree({ value: 1, children: [{ value: 2 }] })",
      ],
      "3",
    ],
  ),
  ...of(
    "generics",
    [["function gn1<T>(xs: T[]): T | undefined { return xs[0] }", "gn1([7])"], "7"],
    [["const gn2 = <T,>(x: T): T => x", "gn2(6)"], "6"],
    [
      [
        "class Stack<T> { #items: T[] = []; push(x: T) { this.#items.push(x); return this } get size() { return this.#items.length } }",
        "new Stack<number>().push(1).push(2).size",
      ],
      "2",
    ],
    [
      ["const gn3 = <T extends { length: number }>(x: T) => x.length", "gn3('abc') + gn3([1])"],
      "4",
    ],
    [
      [
        "const gn4 = <K extends string, V>(k: K, v: V) => ({ [k]: v }) as Record<K, V>",
        "gn4('a', 5).a",
      ],
      "5",
    ],
    [["const gn5 = <const T extends readonly unknown[]>(xs: T) => xs", "gn5([1, 2])[1]"], "2"],
  ),
  ...of(
    "types of types",
    [
      [
        "type Keys<T> = keyof T; type Opt<T> = { [K in keyof T]?: T[K] }",
        "const tt1: Opt<{ a: number }> = {}; Object.keys(tt1).length",
      ],
      "0",
    ],
    [
      ["type Item<T> = T extends (infer U)[] ? U : never", "const tt2: Item<number[]> = 5; tt2"],
      "5",
    ],
    [
      ["type Event1 = `on${Capitalize<'click'>}`", "const tt3: Event1 = 'onClick'; tt3"],
      "'onClick'",
    ],
    [["const tt4 = { a: 1, b: 'x' } as const", "const tt5: (typeof tt4)['a'] = 1; tt5"], "1"],
    ["const tt6 = { red: [1, 2, 3] } satisfies Record<string, number[]>\ntt6.red.length", "3"],
    [
      [
        "const tt7 = (x: unknown): x is string => typeof x === 'string'",
        "const tt8: unknown = 'abc'; tt7(tt8) ? tt8.length : 0",
      ],
      "3",
    ],
  ),
  ...of(
    "assertions",
    ["const as1 = <number>(1 as unknown); as1", "1"],
    ["(JSON.parse('{\"a\":2}') as { a: number }).a", "2"],
    ["const as2: number[] = [1]; as2[0]!.toFixed(1)", "'1.0'"],
    [
      "function as3(x: unknown): asserts x is number { if (typeof x !== 'number') throw new TypeError('no number') }\nconst as4: unknown = 3\nas3(as4)\nas4 + 1",
      "4",
    ],
    ["let as5!: number; as5 = 2; as5", "2"],
  ),
  ...of(
    "classes with types",
    [
      [
        "class Ct1 { constructor(readonly x: number, private y = 2) {} sum() { return this.x + this.y } }",
        "new Ct1(1).sum()",
      ],
      "3",
    ],
    [
      [
        "abstract class Ct2 { abstract area(): number; twice() { return this.area() * 2 } }",
        "class Ct3 extends Ct2 { area() { return 4 } }",
        "new Ct3().twice()",
      ],
      "8",
    ],
    [
      [
        "interface Shape1 { area(): number }",
        "class Ct4 implements Shape1 { area() { return 5 } }",
        "new Ct4().area()",
      ],
      "5",
    ],
    [
      "class Ct5 { protected n = 1; declare m: number; static readonly k = 6 }\nCt5.k + Object.keys(new Ct5()).length",
      "7",
    ],
    ["class Ct6 { accessor n = 1 }\nconst ct7 = new Ct6(); ct7.n += 4; ct7.n", "5"],
    [
      "class Ct8 { chain(): this { return this } end() { return 'end' } }\nnew Ct8().chain().end()",
      "'end'",
    ],
  ),
  ...of(
    "decorators",
    [
      "const dc1 = <A extends unknown[]>(f: (...a: A) => number, _: ClassMethodDecoratorContext) => function (this: unknown, ...a: A) { return f.apply(this, a) + 1 }\nclass Dc2 { @dc1 f() { return 1 } }\nnew Dc2().f()",
      "2",
    ],
    [
      [
        "const dc3: string[] = []\nfunction dc4<T extends abstract new (...a: any) => object>(_: T, { name }: ClassDecoratorContext<T>) { dc3.push(String(name)) }",
        "@dc4 class Dc5 {}\ndc3.join()",
      ],
      "'Dc5'",
    ],
    [
      "const dc6 = (by: number) => (_: undefined, __: ClassFieldDecoratorContext) => (n: number) => n * by\nclass Dc7 { @dc6(3) n = 2 }\nnew Dc7().n",
      "6",
    ],
    [
      "function dc8<T, V>({ get, set }: ClassAccessorDecoratorTarget<T, V>, _: ClassAccessorDecoratorContext<T, V>): ClassAccessorDecoratorResult<T, V> { return { get, set } }\nclass Dc9 { @dc8 accessor n = 4 }\nnew Dc9().n",
      "4",
    ],
    [
      [
        "const dc10 = (f: () => number, { addInitializer, name }: ClassMethodDecoratorContext) => { addInitializer(function () { Reflect.set(this as object, name, f.bind(this)) }) }",
        "class Dc11 { n = 4; @dc10 f() { return this.n } }\nconst { f: dc12 } = new Dc11(); dc12()",
      ],
      "4",
    ],
  ),
  ...of(
    "legacy decorators",
    [
      "// @experimentalDecorators\nconst ld1: number[] = []; const ld2 = (_: object, __: unknown, i: number) => { ld1.push(i) }\nclass Ld3 { constructor(@ld2 x: number) {} }\nld1.join()",
      "'0'",
    ],
    [
      "// @experimentalDecorators\nconst ld4 = (_: object, key: string) => { console.log(key) }\nclass Ld5 { @ld4 f() {} }",
      "f",
    ],
    [
      "const ld6: any = () => {}\nclass Ld7 { constructor(@ld6 x: number) {} }",
      fails(/experimentalDecorators/),
    ],
  ),
  ...of(
    "overloads and declarations",
    [
      [
        "function ov1(x: number): string; function ov1(x: string): number; function ov1(x: any): any { return typeof x === 'number' ? 'n' : 1 }",
        "ov1(1) + ov1('a')",
      ],
      "'n1'",
    ],
    ["declare const nowhere: number\n'declared'", "'declared'"],
    [
      [
        "declare function ov3(n: number): boolean",
        "function ov4(n: number): boolean { return n === 0 || ov3(n - 1) }",
        "function ov3(n: number): boolean { return n !== 0 && ov4(n - 1) }",
        "ov4(10)",
      ],
      "true",
    ],
    [["declare let ov5: string", "globalThis.eval('var ov5 = \"e\"')", "ov5.length"], "1"],
    [["declare global { var gl1: number }\nglobalThis.gl1 = 5", "gl1"], "5"],
    [["type Fn1 = typeof parseInt; const ov2: Fn1 = (s) => Number(s)", "ov2('4')"], "4"],
  ),
  ...of(
    "import type",
    ["import type { Stats } from 'node:fs'\nconst it1 = 41\nit1 + 1", "42"],
    [
      [
        "import { type Stats as St1, existsSync } from 'node:fs'",
        "const it2: St1 | null = null; existsSync('/') && it2 === null",
      ],
      "true",
    ],
    [
      [
        "import { Stats as St2 } from 'node:fs'",
        "const it3: St2 | undefined = undefined; it3 === undefined",
      ],
      "true",
    ],
    ["export type It4 = 3; 12", "12"],
  ),
];

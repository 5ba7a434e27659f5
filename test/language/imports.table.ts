/** Imports: packages of all kinds, files beside the notebook, and what is said of those that are not there. */
import { fails, files, of, type Row } from "./row.ts";

const packageJson = (fields: object): string => JSON.stringify({ version: "1.0.0", ...fields });

const PACKAGES = files({
  "node_modules/esm-only/package.json": packageJson({
    name: "esm-only",
    type: "module",
    exports: "./index.js",
    types: "./index.d.ts",
  }),
  "node_modules/esm-only/index.js": "export default (n) => n * 2; export const one = 1;",
  "node_modules/esm-only/index.d.ts":
    "export default function (n: number): number; export const one: number;",
  "node_modules/cjs-only/package.json": packageJson({
    name: "cjs-only",
    main: "main.js",
    types: "main.d.ts",
  }),
  "node_modules/cjs-only/main.js":
    "exports.two = 2; exports.add = function (a, b) { return a + b };",
  "node_modules/cjs-only/main.d.ts":
    "export const two: number; export function add(a: number, b: number): number;",
  "node_modules/cjs-function/package.json": packageJson({
    name: "cjs-function",
    main: "main.js",
    types: "main.d.ts",
  }),
  "node_modules/cjs-function/main.js":
    "module.exports = Object.assign((n) => n + 1, { three: 3 });",
  "node_modules/cjs-function/main.d.ts":
    "declare function f(n: number): number; declare namespace f { const three: number } export = f;",
  "node_modules/dual/package.json": packageJson({
    name: "dual",
    exports: {
      ".": { types: "./index.d.ts", import: "./index.mjs", require: "./index.cjs" },
      "./sub": { types: "./sub.d.ts", default: "./sub.mjs" },
    },
  }),
  "node_modules/dual/index.mjs": "export const kind = 'esm';",
  "node_modules/dual/index.cjs": "exports.kind = 'cjs';",
  "node_modules/dual/index.d.ts": "export const kind: string;",
  "node_modules/dual/sub.mjs": "export const sub = 'sub';",
  "node_modules/dual/sub.d.ts": "export const sub: string;",
  "node_modules/@scope/tool/package.json": packageJson({
    name: "@scope/tool",
    type: "module",
    exports: { ".": { types: "./i.d.ts", default: "./i.js" } },
  }),
  "node_modules/@scope/tool/i.js": "export const scoped = true;",
  "node_modules/@scope/tool/i.d.ts": "export const scoped: boolean;",
});

export const imports: readonly Row[] = [
  ...of(
    "package, ESM only",
    [[PACKAGES, "import twice, { one } from 'esm-only'", "twice(one + 1)"], "4"],
    [[PACKAGES, "import * as eo1 from 'esm-only'; eo1.default(3) + eo1.one"], "7"],
    [[PACKAGES, "const { default: eo2 } = await import('esm-only'); eo2(5)"], "10"],
    [[PACKAGES, "import { scoped } from '@scope/tool'; scoped"], "true"],
  ),
  ...of(
    "package, CommonJS",
    [[PACKAGES, "import { two, add } from 'cjs-only'; add(two, 1)"], "3"],
    [[PACKAGES, "import cj1 from 'cjs-function'; cj1(1) + cj1.three"], "5"],
    [[PACKAGES, "const cj2 = require('cjs-only'); cj2.two"], "2"],
    [[PACKAGES, "import * as cj3 from 'cjs-only'; cj3.two"], "2"],
  ),
  ...of(
    "package, both",
    [[PACKAGES, "import { kind } from 'dual'; kind"], "'esm'"],
    [[PACKAGES, "require('dual').kind"], "'cjs'"],
    [[PACKAGES, "import { sub } from 'dual/sub'; sub"], "'sub'"],
    [[PACKAGES, "import 'dual/nothing'"], fails(/dual\/nothing|"\.\/nothing"|exports/)],
  ),
  ...of(
    "node:",
    [["import { join } from 'node:path'", "join('a', 'b')"], "'a/b'"],
    ["import fs1, * as fs2 from 'node:fs'; fs1.existsSync === fs2.existsSync", "true"],
    ["import { readFile } from 'fs/promises'; typeof readFile", "'function'"],
    ["(await import('node:os')).EOL.length", "1"],
    [
      "import { execSync } from 'node:child_process'; execSync('echo child').toString().trim()",
      "'child'",
    ],
  ),
  ...of(
    "JSON",
    [
      [
        files({ "data.json": '{ "a": 5, "list": [1, 2] }' }),
        "import js1 from './data.json'; js1.a + js1.list.length",
      ],
      "7",
    ],
    [
      [
        files({ "data.json": '{ "a": 5, "list": [1, 2] }' }),
        "import js2 from './data.json' with { type: 'json' }; js2.a",
      ],
      "5",
    ],
    [
      [files({ "data.json": '{ "a": 5, "list": [1, 2] }' }), "require('./data.json').list.length"],
      "2",
    ],
    [[files({ "data2.json": '{ "b": 6 }' }), "import { b } from './data2.json'; b"], "6"],
    [[files({ "data4.json": '{ "b": 7 }' }), "import * as js4 from './data4.json'; js4.b"], "7"],
    [
      [
        files({ "data3.json": '{ "c": 1 }' }),
        "import js3 from './data3.json'; js3.c",
        files({ "data3.json": '{ "c": 2 }' }),
        "import js3 from './data3.json'; js3.c",
      ],
      ["1", "2"],
    ],
  ),
  ...of(
    "local TypeScript",
    [
      [
        files({ "one.ts": "export const n: number = 1; export enum Size { S = 3 }" }),
        "import { n, Size } from './one'; n + Size.S",
      ],
      "4",
    ],
    [
      [
        files({ "two.ts": "export default (x: number): number => x * 2;" }),
        "import double from './two.ts'; double(4)",
      ],
      "8",
    ],
    [[files({ "three.ts": "export const t = 3;" }), "import { t } from './three.js'; t"], "3"],
    [
      [
        files({
          "lib/index.ts": "export * from './inner';",
          "lib/inner.ts": "export const inner = 'in';",
        }),
        "import { inner } from './lib'; inner",
      ],
      "'in'",
    ],
    [
      [
        files({
          "view.tsx": "export const size = (n: number) => <T,>(x: T): [T, number] => [x, n];",
        }),
        "import { size } from './view'; size(1)('a').length",
      ],
      "2",
    ],
    [
      [
        files({
          "deco.ts":
            "const d = (f: () => number, _: unknown) => () => f() + 1;\nexport class D { @d f() { return 1 } }",
        }),
        "import { D } from './deco'; new D().f()",
      ],
      "2",
    ],
  ),
  ...of(
    "local JavaScript",
    [[files({ "plain.js": "export const j = 1;" }), "import { j } from './plain.js'; j"], "1"],
    [[files({ "plain2.js": "export const k = 2;" }), "import { k } from './plain2'; k"], "2"],
    [[files({ "old.cjs": "exports.c = 3;" }), "import { c } from './old.cjs'; c"], "3"],
    [
      [files({ "old2.js": "module.exports = { d: 4 };" }), "import old2 from './old2.js'; old2.d"],
      "4",
    ],
    [
      [files({ "new.mjs": "export const m = 5;" }), "const { m } = await import('./new.mjs'); m"],
      "5",
    ],
  ),
  ...of(
    "edited files",
    [
      [
        files({ "ed1.ts": "export const v = 1;" }),
        "import { v } from './ed1'; v",
        files({ "ed1.ts": "export const v = 22;" }),
        "import { v } from './ed1'; v",
      ],
      ["1", "22"],
    ],
    [
      [
        files({ "ed2.ts": "export { w } from './ed3';", "ed3.ts": "export const w = 1;" }),
        "import { w } from './ed2'; w",
        files({ "ed3.ts": "export const w = 33;" }),
        "import { w } from './ed2'; w",
      ],
      ["1", "33"],
    ],
    [
      [
        files({ "ed4.js": "export const x4 = 1;" }),
        "import { x4 } from './ed4.js'; x4",
        files({ "ed4.js": "export const x4 = 44;" }),
        "(await import('./ed4.js')).x4",
      ],
      ["1", "44"],
    ],
    [
      [
        files({ "ed5.ts": "export const broken = ;" }),
        "import { broken } from './ed5'",
        files({ "ed5.ts": "export const broken = 5;" }),
        "import { broken } from './ed5'; broken",
      ],
      [fails(/ed5/), "5"],
    ],
  ),
  ...of(
    "path aliases",
    [
      [
        files({
          "tsconfig.json":
            '{ "compilerOptions": { "paths": { "@/*": ["./src/*"], "short": ["./src/deep/short.ts"] } } }',
          "src/util.ts": "export const u = 1;",
          "src/deep/short.ts": "export const s = 2;",
        }),
        "import { u } from '@/util'; u",
      ],
      "1",
    ],
    ["import { s } from 'short'; s", "2"],
    [
      [
        files({ "src/deep/uses.ts": "export { u as again } from '@/util';" }),
        "import { again } from '@/deep/uses'; again",
      ],
      "1",
    ],
    ["(await import('@/util')).u", "1"],
    ["import '@/nothing'", fails(/@\/nothing/)],
  ),
  ...of(
    "dynamic import",
    ["const di1 = 'node:path'; (await import(di1)).sep", "'/'"],
    [[files({ "di.ts": "export const di = 7;" }), "import('./di').then((m) => m.di)"], "7"],
    [
      [
        files({ "di.ts": "export const di = 7;" }),
        "const di2 = async () => (await import('./di')).di; await di2()",
      ],
      "7",
    ],
    [
      "const di3 = './not-there'; await import(di3).catch((e: Error) => e.message.includes('not-there'))",
      "true",
    ],
  ),
  ...of(
    "a module that is not there",
    ["import { x } from 'not-there'", fails(/%npm install not-there/)],
    ["import '@acme/not-there/part'", fails(/%npm install @acme\/not-there\b(?!\/)/)],
    ["import './nowhere'", fails(/nowhere/)],
    ["require('not-there')", fails(/%npm install not-there/)],
    ["import { nope } from 'node:path'; nope", fails(/nope/)],
  ),
  ...of(
    "where the cell is",
    ["import.meta.dirname === __dirname", "true"],
    ["import.meta.url.startsWith('file:')", "true"],
    [
      [
        files({ "here.txt": "found" }),
        "require('node:fs').readFileSync(__dirname + '/here.txt', 'utf8')",
      ],
      "'found'",
    ],
    ["typeof __filename + typeof import.meta.resolve('node:fs')", "'stringstring'"],
    [
      [
        "process.chdir('/')",
        files({ "ch.ts": "export const ch = 1;" }),
        "import { ch } from './ch'; process.chdir(__dirname); ch",
      ],
      "1",
    ],
  ),
];

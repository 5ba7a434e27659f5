/** Notebooks for tslab. https://github.com/yunabe/tslab */
import { fails } from "../row.ts";
import { type ForeignNotebook, PNG, PNG_BYTES } from "./notebook.ts";

const NOTE = /^The notebook was written for tslab, so type errors are shown as warnings[^\n]*$/;

export const tslab: readonly ForeignNotebook[] = [
  {
    title: "tslab: display",
    kernelspec: "tslab",
    cells: [
      ['import * as tslab from "tslab";', NOTE],
      ['tslab.display.html("<b>hi</b>")', "<b>hi</b>"],
      ['tslab.display.markdown("# Title")', "# Title"],
      ['tslab.display.latex("$x^2$")', "$x^2$"],
      ['tslab.display.text("plain")', "plain"],
      ['tslab.display.javascript("alert(1)")', "alert(1)"],
      ['tslab.display.svg("<svg/>")', "<image/svg+xml>"],
      [`tslab.display.png(${PNG_BYTES})`, "<image/png>"],
      [`tslab.display.png(Buffer.from("${PNG}", "base64"))`, "<image/png>"],
      ["tslab.display.jpeg(new Uint8Array([255, 216, 255]))", "<image/jpeg>"],
      ['tslab.display.gif(Buffer.from("GIF89a"))', "<image/gif>"],
      ['tslab.display.pdf(Buffer.from("%PDF-1.7"))', "<application/pdf>"],
      ['tslab.display.raw("text/html", "<i>raw</i>")', "<i>raw</i>"],
      ['tslab.display.raw("application/json", JSON.stringify({ a: 1 }))', "<application/json>"],
      ['const d = tslab.newDisplay(); d.text("one")', "one"],
      ['import tslabDefault from "tslab"; typeof tslabDefault.display.html', "'function'"],
      ["tslab.versions.node === process.version", "true"],
    ],
  },
  {
    title: "tslab: its tour of the language",
    kernelspec: "tslab",
    files: { "utils.ts": "export const square = (x: number) => x * x;" },
    cells: [
      ["let x = 10\nx + 4", /14$/],
      [
        "let naiveFib = (n: number) => {\n  if (n > 1) {\n    return naiveFib(n - 1) + naiveFib(n - 2);\n  }\n  return 1;\n}\nnaiveFib(20)",
        "10946",
      ],
      [
        "class Person { constructor(public name: string, private age = 3) {} toString(): string { return `${this.name}` } }\nString(new Person('Ada'))",
        "'Ada'",
      ],
      ["function untyped(a, b) { return a + b }\nuntyped(1, 2)", "3"],
      ["const n: number = 'text'", /^TypeScriptError: Type 'string' is not assignable[^]*TS2322/],
      ["let maybe: string | null = null as string | null; maybe.length", fails(/null/)],
      [
        "/** Waits */\nasync function sleep(ms: number) { return new Promise((r) => setTimeout(r, ms)) }",
        "",
      ],
      ["await sleep(5); 'rested'", "'rested'"],
      ["enum Color { Red, Green }\nColor[1]", "'Green'"],
      ["import { square } from './utils'; square(4)", "16"],
      [
        "import * as fs from 'fs'; import { promisify } from 'util'; typeof promisify(fs.readFile)",
        "'function'",
      ],
      ["console.log('out'); console.error('err')", "out\nerr"],
      ["for (let i = 0; i < 3; i++) console.log(i)", "0\n1\n2"],
      [
        "interface Point { x: number; y?: number }\nconst p: Point = { x: 1 }; p.y ?? 'none'",
        "'none'",
      ],
      ["let [a, ...rest] = [1, 2, 3]; rest", "[ 2, 3 ]"],
      ["throw new Error('on purpose')", fails(/on purpose/)],
    ],
  },
  {
    title: "tslab: no kernelspec, its import tells",
    kernelspec: "",
    cells: [
      ['import { display, newDisplay } from "tslab";', NOTE],
      ["const add = (a, b) => a + b; add(1, 2)", "3"],
      ['display.html("<p>x</p>")', "<p>x</p>"],
      ['const { display: again } = require("tslab"); again.text("by require")', "by require"],
    ],
  },
  {
    title: "jslab",
    kernelspec: "jslab",
    cells: [
      ["const tslab = require('tslab');", NOTE],
      [
        "function Person(name) { this.name = name }\nPerson.prototype.hi = function () { return 'hi ' + this.name }\nnew Person('Ada').hi()",
        "'hi Ada'",
      ],
      ["var counts = {}; for (var c of 'hello') counts[c] = (counts[c] || 0) + 1; counts.l", "2"],
      ["exports.answer = 42; typeof module", "'object'"],
    ],
  },
];

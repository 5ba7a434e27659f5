/** Notebooks for IJavascript. https://n-riesco.github.io/ijavascript/doc/ */
import { fails } from "../row.ts";
import { type ForeignNotebook, PNG } from "./notebook.ts";

const NOTE =
  /^The notebook was written for IJavascript, so type errors are shown as warnings[^\n]*$/;

export const ijavascript: readonly ForeignNotebook[] = [
  {
    title: "IJavascript: graphics",
    kernelspec: "javascript",
    cells: [
      ['var fs = require("fs"); var x = 1;', NOTE],
      ["$$.html(\"<div style='color:olive'>x</div>\");", "<div style='color:olive'>x</div>"],
      ['$$.svg("<svg/>");', "<image/svg+xml>"],
      [`$$.png("${PNG}");`, "<image/png>"],
      ['$$.jpeg(Buffer.from([255, 216, 255]).toString("base64"));', "<image/jpeg>"],
      ['$$.mime({ "text/html": "<b>x</b>", "text/plain": "x" });', "x"],
      ['$$.text("hi")', "hi"],
      ['var place = $$.display("id1"); place.text("one");', "one"],
      ['place.text("two"); place.close()', ""],
      ['$$.png("not a picture!")', fails(/wanted the bytes of a PNG/)],
      ["$$.html(42)", fails(/wanted a string/)],
    ],
  },
  {
    title: "IJavascript: asynchronous cells",
    kernelspec: "javascript",
    cells: [
      ["$$.async();\nsetTimeout(function () { console.log('Hello'); $$.done(); }, 20);", /Hello$/],
      ["$$.async(); setTimeout(() => $$.sendResult(42), 20)", "42"],
      ["$$.async(); setTimeout(() => $$.done('res'), 20)", "'res'"],
      ["$$.async(); setTimeout(() => $$.html('<i>late</i>'), 20)", "<i>late</i>"],
      ["$$.async(); setTimeout(() => $$.sendError(new Error('bad')), 20)", fails(/bad/)],
      ["$$.async(); $$.done(1); 2", "1"],
      ["$$.sendResult({ a: 1 }); 'not shown'", "{ a: 1 }"],
      ["$$.sendError(new TypeError('now'))", fails(/TypeError: now/)],
      ["$$.async(); throw new Error('before')", fails(/before/)],
      ["new Promise(function (resolve) { setTimeout(function () { resolve(7) }, 20) })", "7"],
      ["$$.clear({ wait: true }); console.log('anew')", "anew"],
    ],
  },
  {
    title: "IJavascript: modules given to names that nobody declares",
    kernelspec: "",
    cells: [
      ["os = require('os');\n['os']", /written for IJavascript[^]*\[ 'os' \]$/],
      ["typeof os.cpus", "'function'"],
      ["sum = 0; for (n of [1, 2]) sum += n; sum", "3"],
      // As packages do that are made for it.
      ["(0, eval)('$$').text('found')", "found"],
      ["Object.keys(global).includes('$$')", "false"],
    ],
  },
  {
    title: "IJavascript: the language",
    kernelspec: "",
    cells: [
      ["$$.text('first')", /written for IJavascript[^]*first$/],
      ["function add(a, b) { return a + b; }", ""],
      ["add(1, 'x')", "'1x'"],
      ["var add = function (a) { return a; }; add(5)", "5"],
      ["[1, 2, 3].map(function (x) { return x * 2; })", "[ 2, 4, 6 ]"],
      ["var obj = {}; obj.foo = 1; obj", "{ foo: 1 }"],
      ["global.shared = 5", "5"],
      ["shared", "5"],
      [
        "console.dir({ a: { b: { c: 1 } } }, { depth: 0 }); console.warn('w')",
        "{ a: [Object] }\nw",
      ],
      ["process.stdout.write('no newline\\n'); undefined", "no newline"],
      ["try { JSON.parse('{') } catch (e) { console.log(e.name) }", "SyntaxError"],
      ["throw 'a string'", fails(/a string/)],
      ["require('lodash-not-there')", fails(/%npm install lodash-not-there/)],
      ["undefinedFunction()", fails(/undefinedFunction/)],
      ["var util = require('util'); util.inspect({ a: 1 })", "'{ a: 1 }'"],
      ["'$$' + `$$.5$$`", "'$$$$.5$$'"],
    ],
  },
];

/** Notebooks for Deno's kernel. https://docs.deno.com/runtime/reference/cli/jupyter/ */
import { fails } from "../row.ts";
import { type ForeignNotebook, PNG, PNG_BYTES } from "./notebook.ts";

const NOTE = /^The notebook was written for Deno, so type errors are shown as warnings[^\n]*$/;
const LODASH = {
  "node_modules/lodash/package.json": JSON.stringify({
    name: "lodash",
    version: "4.17.21",
    main: "lodash.js",
  }),
  "node_modules/lodash/lodash.js":
    "exports.chunk = (list, n) => [list.slice(0, n), list.slice(n)];",
  "node_modules/lodash/fp.js": "exports.first = ([x]) => x;",
  "node_modules/@std/text/package.json": JSON.stringify({
    name: "@std/text",
    version: "1.0.0",
    type: "module",
    exports: { ".": "./mod.js", "./case": "./case.js" },
  }),
  "node_modules/@std/text/mod.js": "export const loud = (s) => s.toUpperCase();",
  "node_modules/@std/text/case.js": "export const low = (s) => s.toLowerCase();",
};

export const deno: readonly ForeignNotebook[] = [
  {
    title: "Deno: display",
    kernelspec: "deno",
    files: { "cat.png": "\u0089PNG", "note.txt": "line" },
    cells: [
      ["const { html, md, svg, display, broadcast, $display } = Deno.jupyter;", NOTE],
      ["html`<h1>Hello ${1 + 1}</h1>`", "<h1>Hello 2</h1>"],
      ["md`# Notebooks`", "# Notebooks"],
      ['svg`<svg><circle r="4"/></svg>`', '<svg><circle r="4"/></svg>'],
      [`Deno.jupyter.image(${PNG_BYTES})`, /PNG/],
      [`await Deno.writeFile("dot.png", ${PNG_BYTES}); Deno.jupyter.image("./dot.png")`, /PNG/],
      [
        'await Deno.jupyter.display({ "text/plain": "Hello", "text/html": "<h1>Hello</h1>" }, { raw: true });',
        "Hello",
      ],
      [
        '{ [Symbol.for("Jupyter.display")]() { return { "text/plain": "by symbol" } } }',
        "by symbol",
      ],
      ['({ [$display]: async () => ({ "text/plain": "by name" }) })', "by name"],
      [
        'await broadcast("display_data", { data: { "text/html": "<p>1</p>" }, metadata: {}, transient: { display_id: "p" } });',
        "<p>1</p>",
      ],
      [
        'await broadcast("update_display_data", { data: { "text/html": "<p>2</p>" }, metadata: {}, transient: { display_id: "p" } });',
        "",
      ],
      ['await broadcast("clear_output", { wait: true })', ""],
      ['await broadcast("comm_open", { data: {} })', fails(/comm\.open\("…"\)/)],
      ["await display([1, 2])", /1, 2/],
      ["display", /\[AsyncFunction|\[Function/],
      [`Object.keys(await Deno.jupyter.format(${PNG_BYTES})).join()`, "'image/png,text/plain'"],
      [`(await Deno.jupyter.format(${PNG_BYTES}))["image/png"]`, `'${PNG}'`],
    ],
  },
  {
    title: "Deno: packages",
    kernelspec: "deno",
    files: LODASH,
    cells: [
      ['import _ from "npm:lodash"; _.chunk([1, 2, 3], 2)', /\[ \[ 1, 2 \], \[ 3 \] \]$/],
      ['import ld from "npm:lodash@4.17.21"; ld.chunk([1], 1).length', "2"],
      ['import { first } from "npm:lodash@^4/fp.js"; first([7])', /7$/],
      ['const { default: dyn } = await import("npm:lodash"); typeof dyn.chunk', "'function'"],
      ['import { loud } from "jsr:@std/text"; loud("a")', /'A'$/],
      ['import { low } from "jsr:@std/text@1/case"; low("A")', /'a'$/],
      ['import { join } from "node:path"; join("a", "b")', "'a/b'"],
      [
        'import x from "npm:not-there@2"',
        fails(
          /^(?:ModuleNotFoundError: Cannot find "npm:not-there@2": %npm install not-there@2 puts it into node_modules)/,
        ),
      ],
      [
        'import { x } from "jsr:@acme/nothing@1/part"',
        fails(/!npx jsr add @acme\/nothing puts it into node_modules/),
      ],
      [
        'import { join } from "https://deno.land/std@0.224.0/path/mod.ts"',
        fails(/Node imports no URLs; packages come with %npm install name/),
      ],
      [
        'import confetti from "https://esm.sh/canvas-confetti@1.6.0"',
        fails(/%npm install canvas-confetti@1\.6\.0, then import "canvas-confetti"/),
      ],
    ],
  },
  {
    title: "Deno: files",
    kernelspec: "deno",
    cells: [
      ['await Deno.mkdir("d/e", { recursive: true }); Deno.statSync("d").isDirectory', /true$/],
      [
        'await Deno.writeTextFile("d/a.txt", "one"); await Deno.writeTextFile("d/a.txt", "two", { append: true }); await Deno.readTextFile("d/a.txt")',
        "'onetwo'",
      ],
      ['(await Deno.stat("d/a.txt")).size', "6"],
      [
        'for await (const { name, isFile } of Deno.readDir("d")) console.log(name, isFile)',
        /^(?:a\.txt true\ne false|e false\na\.txt true)$/,
      ],
      ['[...Deno.readDirSync("d/e")].length', "0"],
      [
        'try { await Deno.stat("nowhere") } catch (error) { console.log(error instanceof Deno.errors.NotFound, error.name, error.code) }',
        "true NotFound ENOENT",
      ],
      [
        'try { await Deno.writeTextFile("d/a.txt", "", { createNew: true }) } catch (error) { console.log(error instanceof Deno.errors.AlreadyExists) }',
        "true",
      ],
      [
        'using file = await Deno.open("d/a.txt"); const head = new Uint8Array(3); await file.read(head); new TextDecoder().decode(head)',
        "'one'",
      ],
      [
        'const all = await Deno.open("d/a.txt", { read: true }); for await (const chunk of all.readable) console.log(chunk.length)',
        "6",
      ],
      ['await Deno.remove("d").catch((error) => error.code)', /'ENOTEMPTY'/],
      [
        'await Deno.rename("d/a.txt", "b.txt"); await Deno.remove("d", { recursive: true }); Deno.statSync("b.txt").isFile',
        "true",
      ],
      [
        'const made = await Deno.makeTempFile({ prefix: "p", suffix: ".s" }); await Deno.remove(made); /p[^/]*\\.s$/.test(made)',
        "true",
      ],
    ],
  },
  {
    title: "Deno: programs",
    kernelspec: "deno",
    cells: [
      [
        'const echo = new Deno.Command("sh", { args: ["-c", "echo $SAID; exit 3"], env: { SAID: "hi" } });\nconst { code, success, stdout } = await echo.output();\n[code, success, new TextDecoder().decode(stdout)]',
        /\[ 3, false, 'hi\\n' \]$/,
      ],
      ["echo.outputSync().code", "3"],
      [
        'const cat = new Deno.Command("cat", { stdin: "piped", stdout: "piped" }).spawn();\nconst writer = cat.stdin.getWriter(); await writer.write(new TextEncoder().encode("fed")); await writer.close();\nnew TextDecoder().decode((await cat.output()).stdout)',
        "'fed'",
      ],
      [
        '(await new Deno.Command("echo", { args: ["shown"] }).spawn().status).success',
        "shown\ntrue",
      ],
      [
        'await new Deno.Command("no-such-program").output().catch((error) => error instanceof Deno.errors.NotFound)',
        "true",
      ],
    ],
  },
  {
    title: "Deno: tests",
    kernelspec: "deno",
    cells: [
      [
        'Deno.test("adds", () => {});\nDeno.test({ name: "has steps", async fn(t) { await t.step("one", () => {}); } });\nconsole.log("registered")',
        /registered\nadds \.\.\. ok \(\d+ms\)\n {2}one \.\.\. ok \(\d+ms\)\nhas steps \.\.\. ok \(\d+ms\)\n\nok \| 2 passed \| 0 failed \(\d+ms\)$/,
      ],
      [
        'Deno.test("fails", async () => { await null; throw new Error("on purpose") });\nDeno.test.ignore("later", () => {});',
        /^fails \.\.\. FAILED \(\d+ms\)\n {2}Error: on purpose\n {2}Cell \[2\], line 1[^]*later \.\.\. ignored[^]*FAILED \| 0 passed \| 1 failed \| 1 ignored/,
      ],
      ["Deno.test(() => {})", fails(/a test has a name/)],
    ],
  },
  {
    title: "Deno: the rest of Deno",
    kernelspec: "",
    cells: [
      ['await Deno.writeTextFile("a.txt", "one"); await Deno.readTextFile("a.txt")', /'one'$/],
      ['Deno.readTextFileSync("a.txt")', "'one'"],
      ['(await Deno.readFile("a.txt")).length', "3"],
      ['Deno.env.set("FOREIGN", "yes"); Deno.env.get("FOREIGN")', "'yes'"],
      ["Deno.cwd() === process.cwd() && Deno.args.length === 0", "true"],
      ["Deno.version.v8 === process.versions.v8 && Deno.version.deno", /^'2\.0\.0\+node\.\d/],
      ["typeof Deno.build.arch + Deno.memoryUsage().rss.toFixed().length", /^'string\d+'$/],
      ["Deno.inspect({ a: [1] })", "'{ a: [ 1 ] }'"],
      ["await Deno.openKv()", fails(/node:sqlite/)],
      [
        "Deno.serve(() => new Response('x'))",
        fails(/Deno\.serve: this kernel runs Node, not Deno; in Node it is `createServer`/),
      ],
      ["Deno.neverHeardOf", fails(/use what Node has for it/)],
      ["const untyped = (a, b) => a * b; untyped(2, 3)", "6"],
      ['"Deno" in globalThis', "false"],
      ["const Deno = 5; Deno", "5"],
    ],
  },
];

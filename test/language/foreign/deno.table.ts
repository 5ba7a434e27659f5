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
        /registered\nadds \.\.\. ok \(\d+ms\)\n {2}one \.\.\. ok \(\d+ms\)\nhas steps \.\.\. ok \(\d+ms\)\n\nok \| 2 passed \(1 step\) \| 0 failed \(\d+ms\)$/,
      ],
      [
        'Deno.test("fails", async () => { await null; throw new Error("on purpose") });\nDeno.test.ignore("later", () => {});',
        /^fails \.\.\. FAILED \(\d+ms\)\n {2}Error: on purpose\n {2}Cell \[2\], line 1[^]*later \.\.\. ignored[^]*FAILED \| 0 passed \| 1 failed \| 1 ignored/,
      ],
      ["Deno.test(() => {})", fails(/a test has a name/)],
    ],
  },
  {
    title: "Deno: the system",
    kernelspec: "gradbook",
    cells: [
      ["%types on", null],
      ["Deno.version.deno.endsWith(process.versions.node)", "true"],
      ["Deno.version.v8 === process.versions.v8 && /^\\d/.test(Deno.version.typescript)", "true"],
      [
        "Deno.build.os === process.platform && Deno.build.target.startsWith(Deno.build.arch)",
        "true",
      ],
      ["console.log(Deno.inspect({ a: { b: [1] } }, { depth: 0 }))", "{ a: [Object] }"],
      [
        "console.log(Deno.inspect({ b: 1, a: [1, 2, 3] }, { sorted: true, iterableLimit: 1 }))",
        "{ a: [ 1, ... 2 more items ], b: 1 }",
      ],
      ["Object.keys(Deno.memoryUsage()).join()", "'rss,heapTotal,heapUsed,external'"],
      ["[Deno.hostname(), Deno.osRelease(), Deno.execPath()].every((s) => s.length > 0)", "true"],
      ["Deno.loadavg().length", "3"],
      ["Deno.uid() === process.getuid?.() && Deno.noColor === false", "true"],
      ["Deno.mainModule.startsWith('file:///')", "true"],
      ["await Deno.stdout.write(new TextEncoder().encode('bytes\\n'))", "bytes\n6"],
      ["Deno.stderr.writeSync(new Uint8Array([104, 105, 10]))", "hi\n3"],
      [
        "let heard = 0; const hear = () => void heard++; Deno.addSignalListener('SIGUSR2', hear); await new Deno.Command('kill', { args: ['-USR2', `${Deno.pid}`] }).output(); await new Promise((done) => setTimeout(done, 50)); Deno.removeSignalListener('SIGUSR2', hear); heard",
        "1",
      ],
      ["Deno.inspect('a', { colors: 1 })", fails(/TS2322/)],
    ],
  },
  {
    title: "Deno: files, with types",
    kernelspec: "gradbook",
    cells: [
      ["%types on", null],
      [
        "await Deno.mkdir('a/b', { recursive: true }); await Deno.mkdir('a/b', { recursive: true })",
        "",
      ],
      ["await Deno.mkdir('a')", fails(/^AlreadyExists: EEXIST[^]*Cell \[\d+\], line 1/)],
      [
        "await Deno.writeTextFile('a/t.txt', 'one\\n'); await Deno.writeTextFile('a/t.txt', 'two\\n', { append: true }); Deno.readTextFileSync('a/t.txt')",
        "'one\\ntwo\\n'",
      ],
      ["Deno.writeTextFileSync('a/t.txt', 'x'); Deno.readTextFileSync('a/t.txt')", "'x'"],
      [
        "try { await Deno.writeTextFile('a/t.txt', '', { createNew: true }) } catch (error) { console.log(error instanceof Deno.errors.AlreadyExists) }",
        "true",
      ],
      [
        "try { Deno.writeTextFileSync('a/no.txt', '', { create: false }) } catch (error) { console.log(error instanceof Deno.errors.NotFound, error instanceof Deno.errors.AlreadyExists, (error as Error).name) }",
        "true false NotFound",
      ],
      [
        "await Deno.readTextFile('nope.txt')",
        fails(/^NotFound: ENOENT[^]*nope\.txt[^]*Cell \[\d+\], line 1/),
      ],
      ["Deno.statSync('nope.txt')", fails(/^NotFound: [^]*Cell \[\d+\], line 1/)],
      [
        "const { isFile, isDirectory, size, mtime } = await Deno.stat('a/t.txt'); [isFile, isDirectory, size, mtime instanceof Date]",
        "[ true, false, 1, true ]",
      ],
      [
        "await Deno.symlink('t.txt', 'a/link'); [Deno.lstatSync('a/link').isSymlink, (await Deno.stat('a/link')).isFile, await Deno.readLink('a/link'), (await Deno.realPath('a/link')).endsWith('t.txt')]",
        "[ true, true, 't.txt', true ]",
      ],
      [
        "const seen: string[] = []; for await (const entry of Deno.readDir('a')) seen.push(`${entry.name} ${entry.isDirectory}`); seen.sort()",
        "[ 'b true', 'link false', 't.txt false' ]",
      ],
      [
        "[...Deno.readDirSync('a')].filter((entry) => entry.isSymlink).map((entry) => entry.name)",
        "[ 'link' ]",
      ],
      ["for await (const entry of Deno.readDir('nope')) entry.name;", fails(/^NotFound: /)],
      [
        "await Deno.copyFile('a/t.txt', 'a/u.txt'); await Deno.rename('a/u.txt', 'a/v.txt'); await Deno.truncate('a/v.txt', 3); (await Deno.readFile('a/v.txt')).join()",
        "'120,0,0'",
      ],
      ["await Deno.remove('a')", fails(/ENOTEMPTY/)],
      [
        "await Deno.remove('a/b'); await Deno.remove('a', { recursive: true }); Deno.removeSync('a')",
        fails(/^NotFound/),
      ],
      [
        "const made = await Deno.makeTempDir({ dir: '.', prefix: 'pre-' }); made.startsWith('pre-') && Deno.statSync(made).isDirectory",
        "true",
      ],
      [
        "const temporary = Deno.makeTempFileSync({ suffix: '.txt' }); const { size: bytes } = Deno.statSync(temporary); Deno.removeSync(temporary); [temporary.endsWith('.txt'), bytes]",
        "[ true, 0 ]",
      ],
    ],
  },
  {
    title: "Deno: open files, with types",
    kernelspec: "gradbook",
    cells: [
      ["%types on", null],
      [
        "using file = await Deno.open('f.bin', { read: true, write: true, create: true }); await file.write(new Uint8Array([1, 2, 3, 4])); await file.seek(1, Deno.SeekMode.Start); const two = new Uint8Array(2); [await file.read(two), two.join(), await file.seek(0, Deno.SeekMode.End), await file.read(two)]",
        "[ 2, '2,3', 4, null ]",
      ],
      ["await Deno.open('none.bin')", fails(/^NotFound/)],
      ["await Deno.open('f.bin', { read: true, create: true })", fails(/want write or append/)],
      [
        "const log = Deno.openSync('f.bin', { append: true }); log.writeSync(new Uint8Array([5])); const grown = (await log.stat()).size; log.close(); grown",
        "5",
      ],
      ["log.close()", fails(/^BadResource/)],
      [
        "const copy = await Deno.create('g.bin'); await (await Deno.open('f.bin')).readable.pipeTo(copy.writable); Deno.readFileSync('g.bin').join()",
        "'1,2,3,4,5'",
      ],
      [
        "const parts: string[] = []; for await (const text of (await Deno.open('g.bin')).readable.pipeThrough(new TextDecoderStream())) parts.push(text); parts.join('').length",
        "5",
      ],
      [
        "const describe = (file: Deno.FsFile): Deno.FileInfo => file.statSync(); typeof describe",
        "'function'",
      ],
    ],
  },
  {
    title: "Deno: programs, with types",
    kernelspec: "gradbook",
    cells: [
      ["%types on", null],
      ["const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)", ""],
      [
        "const said = await new Deno.Command('sh', { args: ['-c', 'echo out; echo err >&2; exit 3'] }).output(); [said.code, said.success, said.signal, text(said.stdout), text(said.stderr)]",
        "[ 3, false, null, 'out\\n', 'err\\n' ]",
      ],
      [
        "const quick = new Deno.Command('sh', { args: ['-c', 'echo $A$HOME'], env: { A: 'a' }, clearEnv: true }).outputSync(); text(quick.stdout)",
        "'a\\n'",
      ],
      [
        "const shown = await new Deno.Command('echo', { args: ['by the program'], stdout: 'inherit' }).output(); shown.success",
        "by the program\ntrue",
      ],
      [
        "new Deno.Command('echo', { args: ['waited for'], stdout: 'inherit' }).outputSync().code",
        "waited for\n0",
      ],
      ["shown.stdout", fails(/'stdout' is not piped/)],
      [
        "await new Deno.Command('not-there-at-all').output()",
        fails(/^NotFound: Failed to spawn 'not-there-at-all'/),
      ],
      [
        "new Deno.Command('not-there-at-all').outputSync()",
        fails(/^NotFound: Failed to spawn 'not-there-at-all'/),
      ],
      [
        "const cat = new Deno.Command('cat', { stdin: 'piped', stdout: 'piped' }).spawn(); const writer = cat.stdin.getWriter(); await writer.write(new TextEncoder().encode('through')); await writer.close(); const back = await new Response(cat.stdout).text(); [back, (await cat.status).success]",
        "[ 'through', true ]",
      ],
      [
        "const sleeper = new Deno.Command('sleep', { args: ['60'] }).spawn(); sleeper.kill(); await sleeper.status",
        "{ success: false, code: 143, signal: 'SIGTERM' }",
      ],
      [
        "const stopper = new AbortController(); const aborted = new Deno.Command('sleep', { args: ['60'], signal: stopper.signal }).spawn(); stopper.abort(); (await aborted.status).signal",
        "'SIGTERM'",
      ],
      [
        "await new Deno.Command('sh', { args: ['-c', 'echo spawned; exit 0'] }).spawn().status",
        "spawned\n{ success: true, code: 0, signal: null }",
      ],
    ],
  },
  {
    title: "Deno: a server",
    kernelspec: "gradbook",
    cells: [
      ["%types on", null],
      [
        "let port = 0; let server!: Deno.HttpServer; await new Promise<void>((done) => { server = Deno.serve({ port: 0, hostname: '127.0.0.1', onListen: (address) => { ({ port } = address); done() } }, async (request) => { const { pathname } = new URL(request.url); if (pathname === '/bad') throw new Error('on purpose'); return Response.json({ pathname, said: await request.text() }, { status: 201, headers: { 'x-a': 'b' } }) }) }); const at = `http://127.0.0.1:${port}`; const { status } = await fetch(`${at}/bad`); [server.addr.port === port, status]",
        /^Error: on purpose\nCell \[[^]*\[ true, 500 \]$/,
      ],
      [
        "const got = await fetch(`${at}/hi`, { method: 'POST', body: 'text' }); [got.status, got.headers.get('x-a'), await got.text()]",
        `[ 201, 'b', '{"pathname":"/hi","said":"text"}' ]`,
      ],
      [
        "await server.shutdown(); await server.finished; await fetch(at).catch(() => 'closed')",
        "'closed'",
      ],
      ["Deno.serve({ port: 0 } as never)", fails(/wanted a handler/)],
    ],
  },
  {
    title: "Deno: more tests",
    kernelspec: "deno",
    cells: [
      [
        "Deno.test('adds', () => { if (1 + 1 !== 2) throw new Error('no') }); console.log('before')",
        /before\nadds \.\.\. ok \(\d+ms\)\n\nok \| 1 passed \| 0 failed \(\d+ms\)$/,
      ],
      [
        "Deno.test(async function named() { await 1 }); Deno.test({ name: 'not now', ignore: true, fn() { throw 1 } })",
        /^named \.\.\. ok [^]*\nnot now \.\.\. ignored\n\nok \| 1 passed \| 0 failed \| 1 ignored/,
      ],
      [
        "Deno.test('breaks', () => {\n  throw new TypeError('on purpose');\n})",
        /^breaks \.\.\. FAILED \(\d+ms\)\n {2}TypeError: on purpose\n {2}Cell \[\d+\], line 2[^]*\n\nFAILED \| 0 passed \| 1 failed/,
      ],
      [
        "Deno.test('steps', async (t) => { await t.step('one', () => {}); const good = await t.step({ name: 'two', fn: async (u) => { await u.step('deep', () => { throw new Error('below') }) } }); console.log(good) })",
        /^ {4}one|^one \.\.\. ok [^]*\n {4}deep \.\.\. FAILED [^]*\n {2}two \.\.\. FAILED \(due to 1 failed step\)[^]*\nfalse\nsteps \.\.\. FAILED \(due to 1 failed step\) [^]*FAILED \| 0 passed \(1 step\) \| 1 failed \(2 steps\)/,
      ],
      [
        "Deno.test('other', () => { console.log('not run') }); Deno.test.only('this', () => {})",
        /^this \.\.\. ok \(\d+ms\)\n\nok \| 1 passed \| 0 failed/,
      ],
      ["Deno.test('lost', () => {}); throw new Error('the cell itself')", fails(/the cell itself/)],
      ["1", "1"],
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
      ["Deno.stdin.read(new Uint8Array(1))", fails(/Deno\.stdin: [^]*`input\(…\)`/)],
      ["Deno.neverHeardOf", fails(/use what Node has for it/)],
      ["const untyped = (a, b) => a * b; untyped(2, 3)", "6"],
      ['"Deno" in globalThis', "false"],
      ["const Deno = 5; Deno", "5"],
    ],
  },
];

/** Magics, and what only looks like one. */
import { fails, files, of, type Row } from "./row.ts";

export const magics: readonly Row[] = [
  ...of(
    "%who",
    [
      ["%reset", "const wh1 = [1, 2, 3]; let wh2 = 'text'", "%who"],
      /wh1 +number\[\] +\[ 1, 2, 3 \] +3 items[^]*wh2 +string +'text' +4 characters/,
    ],
    [["%reset", "const wh3 = 1; const other = 2", "%who wh"], /^(?![^]*other)[^]*wh3/],
    [["%reset", "%who"], /No names yet/],
    [
      ["%reset", "class Wh4 { n = 1 }\nconst wh5 = new Map([['a', new Wh4()]])", "%who"],
      /Map<string, Wh4>/,
    ],
  ),
  ...of(
    "%time",
    ["%time 1 + 1", /Wall time: [^]*\n2$/],
    [
      ["%time const ti1 = await new Promise<number>((r) => setTimeout(() => r(3), 1))", "ti1"],
      [/Wall time/, "3"],
    ],
    ["%%time\nlet ti2 = 0\nfor (let i = 0; i < 10; i++) ti2 += i\nti2", /Wall time: [^]*\n45$/],
    ["%time for (const i of [1, 2]) console.log(i)", /^1\n2\nWall time/],
    ["%time", fails(/wants a statement/)],
    ["%time Math.max(\n  1,\n  5,\n)", /Wall time: [^]*\n5$/],
  ),
  ...of(
    "%timeit",
    [
      "%timeit -n 10 -r 3 Math.sqrt(2)",
      /± .* per loop \(mean ± std\. dev\. of 3 runs, 10 loops each\)/,
    ],
    [
      ["const tm1: number[] = []", "%timeit -n 4 -r 2 tm1.push(1)", "tm1.length"],
      [/per loop/, "8"],
    ],
    ["%timeit -n 2 -r 1 await null", /of 1 run, 2 loops each/],
    ["%%timeit -n 2 -r 2\nconst inside = 5\ninside * 2", /2 runs, 2 loops each/],
    ["%timeit const tm2 = 1", fails(/put it into braces/)],
  ),
  ...of(
    "%reset",
    [
      ["let rs1 = 1", "%reset", "%who"],
      [/Forgot/, /No names/],
    ],
    [["const rs2 = 1", "%reset", "const rs2 = 'new'; rs2"], "'new'"],
    [["const display = 5", "%reset", "typeof display"], "'function'"],
    ["%reset all", fails(/takes nothing/)],
  ),
  ...of(
    "!command",
    ["!echo from the shell", "from the shell"],
    [["const cm1 = 1\n!echo between\nconst cm2 = cm1 + 1\ncm2"], "between\n2"],
    [
      ["let cm3 = 1\n!exit 3\ncm3 = 2", "cm3"],
      [fails(/exit code 3/), "1"],
    ],
    ["!echo a \\\n  b", "a b"],
    ["!echo one && echo two | tr a-z A-Z", "one\nTWO"],
    ["!certainly-no-such-command", fails(/no such command/)],
  ),
  ...of(
    "%%bash and %sh",
    ['%%bash\nfor i in 1 2; do\n  echo "line $i"\ndone', "line 1\nline 2"],
    ["%sh echo unambiguous", "unambiguous"],
    ["%%sh\necho a\n%who is no magic here || true", /^a/],
    ["%%bash\necho before\nfalse", fails(/before[^]*exit code 1/)],
    [[files({ "listed.txt": "" }), "!ls listed.txt"], "listed.txt"],
  ),
  ...of(
    "%npm",
    [
      [
        files({
          "package.json": '{ "private": true }',
          "packed/package.json":
            '{ "name": "packed", "version": "1.0.0", "type": "module", "exports": { "types": "./i.d.ts", "default": "./i.js" } }',
          "packed/i.js": "export const packed = 6;",
          "packed/i.d.ts": "export const packed: number;",
        }),
        "%npm install --offline ./packed\nimport { packed } from 'packed'\npacked + 1",
      ],
      /npm install[^]*\n7$/,
    ],
    ["%npm pkg get dependencies.packed", /file:packed/],
    ["%npm", fails(/%npm install lodash/)],
    ["%npm frobnicate", fails(/exit code 1/)],
  ),
  ...of(
    "%load",
    [[files({ "snippet.ts": "const loaded = 1;\n" }), "%load snippet.ts"], "const loaded = 1;"],
    ["%load nowhere.ts", fails(/no such file/)],
  ),
  ...of(
    "%env",
    [
      ["%env GRADBOOK_ROW=12", "process.env['GRADBOOK_ROW']"],
      ["GRADBOOK_ROW=12", "'12'"],
    ],
    [["%env GRADBOOK_ROW 13\n!echo $GRADBOOK_ROW"], /\n13$/],
    [["%env GRADBOOK_ROW=14", "%env GRADBOOK_ROW"], "14"],
    [["%env GRADBOOK_TOKEN=abc", "%env"], /GRADBOOK_TOKEN: '<hidden>'/],
    ["%env GRADBOOK_NOTHING", fails(/no variable GRADBOOK_NOTHING/)],
  ),
  ...of(
    "%lsmagic and %help",
    ["%lsmagic", /%who[^]*Lists the names/],
    ["%help time", /^%time statement/],
    ["%help", /!command/],
    ["%help tiem", fails(/did you mean %time/)],
  ),
  ...of(
    "?name",
    [["const qu1: number[] = [1]", "?qu1"], /const qu1: number\[\]/],
    [
      ["/** Twice as much. */\nfunction qu2(n: number) { return n * 2 }", "qu2?"],
      /function qu2\(n: number\): number[^]*Twice as much/,
    ],
    [["function qu3() { return 'source' }", "??qu3"], /return 'source'/],
    [["const qu4 = { inner: 1 }", "qu4.inner?"], /inner: number/],
    ["?nobodyknows", /Nothing is known about nobodyknows/],
  ),
  ...of(
    "%types",
    ["%types sideways", fails(/takes on, warn or off/)],
    [["%types off", "%types on", "1"], "1"],
  ),
  ...of(
    "an unknown magic",
    ["%tiem 1", fails(/There is no magic %tiem: did you mean %time/)],
    ["%%tiem\n1", fails(/%%tiem: did you mean %time/)],
    [
      ["let um1 = 1", "um1 = 2\n%nope", "um1"],
      [fails(/no magic %nope/), "1"],
    ],
    ["1;\n%%bash\nls", fails(/first line of a cell/)],
    ["%pip install numpy", fails(/%npm install/)],
    ["if (true) {\n%who\n}", fails(/%who is a magic only where a line of its own begins/)],
  ),
  ...of(
    "no magic: ternaries",
    ["const tn1 = 5 > 3\n? 'yes'\n: 'no'\ntn1", "'yes'"],
    ["const tn2 = true\nconst tn3 = tn2\n? tn2\n: false\ntn3", "true"],
    ["const tn4 = false;\ntn4 ?\n1 : 2", "2"],
    ["const tn5: { a?: number } = {}\ntn5\n?.a ?? 'none'", "'none'"],
  ),
  ...of(
    "no magic: remainders",
    ["const rm1 = 17\n% 5\nrm1", "2"],
    [["const rm2 = 5", "const rm3 = 17\n%rm2\nrm3"], "2"],
    ["let rm4 = 17\nrm4\n%= 7\nrm4", "3"],
    ["[\n17\n% 3\n].length", "1"],
  ),
  ...of(
    "no magic: negations",
    ["const ng1 = true\n!ng1", "false"],
    [["const ng2 = 0", "!ng2"], "true"],
    ["!!process.version", "true"],
    ["!(1 > 2)", "true"],
    ["!process.env['SURELY_NOT_SET']", "true"],
    [["const ng3 = [1]", "!ng3.some(\n  (n) => n > 1,\n)"], "true"],
  ),
  ...of(
    "no magic: text",
    ["`\n%who\n!ls\n?x\n`.length", "13"],
    ["/*\n%who\n!ls\n*/\n1", "1"],
    ["const tx1 = `${[\n1\n% 2\n]}`; tx1", "'1'"],
    ["'%who'.length", "4"],
  ),
];

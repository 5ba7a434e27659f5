/** Where a cell holds magics, and where it only looks like it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { magics } from "../../../../kernel/cell/magics/index.ts";
import { partsOf } from "../../../../kernel/cell/magics/parts.ts";
import { questionsIn, readMagics } from "../../../../kernel/cell/magics/recognise.ts";

const KNOWN = new Set(["flag", "who", "files", "process"]);
const isKnown = (name: string): boolean => KNOWN.has(name);

/** The magics of a cell as `name(text)`. */
function found(source: string): string[] {
  return readMagics(source, isKnown).magics.map(({ magic, text }) => `${magic.name}(${text})`);
}

const recognised: [source: string, found: string[]][] = [
  ["%who", ["who()"]],
  ["%who part", ["who(part)"]],
  ["let a = 5;\n%env HOME\nlet b = 6", ["env(HOME)"]],
  ["let a = 5\n%env", ["env()"]],
  ["// a comment\n%reset\n", ["reset()"]],
  ["function f() {}\n%reset", ["reset()"]],
  ["%time f()\n%timeit -n 10 -r 2 g(1, 2)", ["time()", "timeit(-n 10 -r 2)"]],
  ["%time f(\n  1,\n%2,\n)", ["time()"]],
  ["%%time\nf()", ["time()"]],
  ["\n\n%%bash\necho a\n%who\n", ["bash()"]],
  ["!ls -l", ["sh(ls -l)"]],
  ["!ls -l \\\n  | wc\n%who", ["sh(ls -l \\\n  | wc)", "who()"]],
  ["! git status", ["sh(git status)"]],
  ["!./run.sh --fast", ["sh(./run.sh --fast)"]],
  ["!/usr/bin/env node", ["sh(/usr/bin/env node)"]],
  ["!flag -x now", ["sh(flag -x now)"]],
  ["%sh flag", ["sh(flag)"]],
  ["let x = 1\n!x1", ["sh(x1)"]],
  ["const t = `a`\n!echo `date`", ["sh(echo `date`)"]],
  ["!echo a\n!echo b", ["sh(echo a)", "sh(echo b)"]],
  ["a;\n%who", ["who()"]],
];

const code: [title: string, source: string][] = [
  ["a multi-line ternary", "const a = b > 0\n? yes\n: no\na"],
  ["two ternaries", "const a = x\n? y\n: z\nconst b = p\n? q\n: r"],
  ["a ternary that ends its first line", "flag?\n1 : 2"],
  ["a nullish operator that begins a line", "const a = b\n?? c"],
  ["optional chaining that begins a line", "files\n?.length"],
  ["a remainder that begins a line", "const a = 17\n% 5\na"],
  ["a remainder by a name", "const a = 17\n%files"],
  ["a remainder by a name that is a magic's too", "const a = 17\n%who"],
  ["an assignment of a remainder", "let a = 17\na\n%= 5"],
  ["marks inside a template", "const t = `\n%who\n!ls\n?x\nx?\n`\nt"],
  ["marks inside a comment", "/*\n%who\n!ls\n*/\n1"],
  ["marks inside JSX", "const p = <p>\n%who\n!ls\n</p>"],
  ["marks inside brackets", "f(\n%who\n)"],
  ["a negated name", "!flag"],
  ["a negated name as last line", "const done = true\n!done"],
  ["a doubly negated name", "!!nobody"],
  ["a negated expression", "!(nobody > 1)"],
  ["a negated member", "!process.env.X"],
  ["a negated call over lines", "!files.some(\n  (f) => f,\n)"],
  ["a negated await", "!await f()"],
  ["a negated typeof", "!typeof x"],
  ["a negated list", "![].length"],
  ["a negated pattern", "!/a+/.test(x)"],
  ["unequal that begins a line", "a\n!= b"],
  ["an operand on a line of its own", "const a = b &&\n!ls"],
  ["an optional call", "f?.()"],
  ["an optional property", "interface A {\nname?\n}"],
  ["an optional parameter", "function f(\nname?: string,\n) {}"],
  ["indented", "{\n  %who\n}"],
];

for (const [source, expected] of recognised) {
  test(`${JSON.stringify(source)} holds ${expected.join(", ")}`, () => {
    assert.deepEqual(found(source), expected);
  });
}

for (const [title, source] of code) {
  test(`${title} is code: ${JSON.stringify(source)}`, () => {
    const reading = readMagics(source, isKnown);
    assert.deepEqual([reading.code, reading.magics, reading.questions], [source, [], []]);
  });
}

test("lines and, for what is looked at, columns hold", () => {
  for (const [source] of recognised) {
    const { code: runnable, plain } = readMagics(source, isKnown);
    assert.equal(plain.length, source.length, source);
    const lines = runnable.split("\n");
    const others = source.split("\n");
    assert.ok(lines.length >= others.length, source);
    const last = others.at(-1) ?? "";
    if (last.startsWith("let")) assert.equal(lines[others.length - 1], last);
  }
  const { code: timed } = readMagics("%time f(a)", isKnown);
  assert.equal(timed.indexOf("f(a)"), 6);
});

const refused: [source: string, message: RegExp][] = [
  ["%tiem f()", /There is no magic %tiem: did you mean %time/],
  ["%whoo", /did you mean %who/],
  ["%whos", /%who lists/],
  ["%matplotlib inline", /There is no magic %matplotlib: plot\(…\) draws/],
  ["%frobnicate", /There is no magic %frobnicate: %lsmagic lists all/],
  ["%%tmie\n1", /There is no magic %%tmie: did you mean %time/],
  ["%%who", /%%who is no magic for a cell: write %who/],
  ["1;\n%%time\n2", /%%time stands on the first line of a cell/],
  ["%time", /%time wants a statement behind it/],
  ["%timeit -n 5", /%timeit wants a statement behind it/],
  ["%%time f()\n1", /write %time f\(\) for one statement/],
];

for (const [source, message] of refused) {
  test(`${JSON.stringify(source)} is refused`, () => {
    assert.throws(() => readMagics(source, isKnown), { name: "SyntaxError", message });
  });
}

for (const [source, name, wantsSource] of [
  ["?plot", "plot", false],
  ["plot?", "plot", false],
  ["??plot", "plot", true],
  ["plot.line??", "plot.line", true],
  ["? plot ", "plot", false],
  ["\n?$größe_1;\n", "$größe_1", false],
  ["let b = 1;\n?a", "a", false],
  ["let c = b\n?a\nlet d = 1", "a", false],
  ["!ls -l\nplot?", "plot", false],
] as const) {
  test(`${JSON.stringify(source)} asks about ${name}`, () => {
    assert.deepEqual(questionsIn(source), [{ name, start: source.indexOf(name), wantsSource }]);
  });
}

for (const source of ["plot", "?", "a ? b : c", "x\n? 1 : 2", "?a b", "a?.b", "???a", "1?", ""]) {
  test(`${JSON.stringify(source)} is no question`, () => {
    assert.deepEqual(questionsIn(source), []);
  });
}

const divided: [source: string, parts: string[]][] = [
  ["%who", ["%who"]],
  ["1\n%who", ["1\n%who"]],
  ["%reset\n%env A=1\nlet a = 1", ["%reset\n%env A=1", "\n\nlet a = 1"]],
  [
    "// packages\n%npm install a\nimport a from 'a'",
    ["// packages\n%npm install a", "\n\nimport a from 'a'"],
  ],
  ["%%time\n!ls\n1", ["%%time\n!ls\n1"]],
  ["%time f()\n%who\n1", ["%time f()\n%who\n1"]],
  ["!a \\\n b\nc", ["!a \\\n b", "\n\nc"]],
];

for (const [source, parts] of divided) {
  test(`${JSON.stringify(source)} is run in ${parts.length}`, () => {
    assert.deepEqual(partsOf(source, readMagics(source, isKnown)), parts);
  });
}

test("every magic says how it is written and what it does", () => {
  for (const { name, usage, doc } of magics) {
    assert.ok(
      usage.every((one) => one.includes(name) || one.startsWith("!")),
      name,
    );
    assert.match(doc, /^[A-Z].*\.$/);
  }
});

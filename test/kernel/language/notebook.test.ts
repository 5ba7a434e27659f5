/** The modules that cells become, in a folder that is real. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { declarationsOf, declaredNames } from "../../../kernel/language/declarations.ts";
import { Notebook } from "../../../kernel/language/notebook.ts";
import { Workspace } from "../../../kernel/language/workspace.ts";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "gradbook-test-")));
mkdirSync(join(folder, "node_modules", "near"), { recursive: true });
mkdirSync(join(folder, "notebooks"));
const workspace = new Workspace(join(folder, "notebooks"), () => true);
after(() => {
  workspace.close();
  rmSync(folder, { recursive: true });
});

const text = (name: string): string => readFileSync(join(workspace.cells, name), "utf8");
const cell = (source: string, names = "") => ({
  source,
  label: "Cell [1]",
  names: names.split(" "),
  changed: [],
});

test("a cell becomes a module behind imports of what it mentions", () => {
  const notebook = new Notebook(workspace);
  notebook.provide("gradbook/preload", ["plot", "Graph"]);
  notebook.add(cell("const a = 1;\ninterface Row { id: number }", "a"));
  notebook.add(cell("// plot a Row\nlet b = a;\nexport function f(): Row {}", "b f"));
  assert.equal(
    text("$cell_1.ts"),
    "export {};\nconst a = 1;\ninterface Row { id: number }\nexport { a, Row };",
  );
  assert.equal(
    text("$cell_2.ts"),
    'export {};import { plot } from "gradbook/preload";import { a, Row } from "./$cell_1.ts";\n' +
      "// plot a Row\nlet b = a;\nexport function f(): Row {}\nexport { b };",
  );
});

test("a name belongs to the last cell that declared it, and types need no value", () => {
  const notebook = new Notebook(workspace);
  notebook.add(cell("const x = 1", "x"));
  notebook.add(cell("const x = 'a'; const never = 2; type T = 1", "x"));
  assert.equal(
    notebook.draft("x; never; T").document.text,
    'export {};import { x, T } from "./$cell_2.ts";\nx; never; T',
  );
  assert.equal(notebook.origin("x")?.source, "const x = 'a';");
});

test("a variable enters a cell writable at its declared type, with the type it had at the end of the last cell", () => {
  const notebook = new Notebook(workspace);
  notebook.add(cell("let x: string | number = 5; const xs = []; xs.push(1)", "x xs"));
  assert.match(
    text("$cell_1.ts"),
    /\nconst \$end_x = x;const \$end_xs = xs;export \{ x, xs, \$end_x, \$end_xs \};$/,
  );
  assert.equal(
    notebook.draft("x = xs[0]").document.text,
    'export {};import { x as $let_x, $end_x, $end_xs as xs } from "./$cell_1.ts";' +
      "declare let x: typeof $let_x;$is<typeof $end_x, typeof $let_x>(x);\nx = xs[0]",
  );
});

test("a cell that narrows a name is asked whether it has, and hands the narrower type on", () => {
  const notebook = new Notebook(workspace);
  notebook.add(cell("const m = f()", "m"));
  const source = "if (!m) throw 1;";
  const { document, changedBy, toCell } = notebook.checked(source);
  const at = document.text.indexOf("$same_m");
  const problem = { code: 2322, message: "", start: at, end: at + 7, related: [] };
  assert.deepEqual(changedBy([]), []);
  assert.deepEqual(changedBy([problem]), ["m"]);
  assert.equal(toCell(at), null);
  assert.equal(toCell(document.text.indexOf("throw")), source.indexOf("throw"));
  notebook.add({ ...cell(source), changed: ["m"] });
  assert.match(
    notebook.draft("m").document.text,
    /import \{ \$end_m as m \} from "\.\/\$cell_2\.ts"/,
  );
});

test("an initial value that mentions its own name means the earlier one, and places behind it hold", () => {
  const notebook = new Notebook(workspace);
  notebook.add(cell("const x = 1", "x"));
  const source = "const x = x + 1; x.foo";
  const { document, toCell } = notebook.checked(source);
  assert.match(
    document.text,
    /import \{ x as \$old_x \} from "\.\/\$cell_1\.ts";\nconst x = \$old_x \+ 1; x\.foo/,
  );
  assert.equal(toCell(document.text.indexOf("foo")), source.indexOf("foo"));
  assert.equal(toCell(document.text.indexOf("$old_x + 1")), source.indexOf("x + 1"));
});

test("what the compiler says of an object alone in a cell stands at its place", () => {
  const { document, toCell } = new Notebook(workspace).checked("{ a: 1, b: zz }");
  assert.match(document.text, /\(\{ a: 1, b: zz \}\n\)/);
  assert.equal(toCell(document.text.indexOf("zz")), 11);
});

test("what a text declares itself is not imported, also while it is being written", () => {
  const notebook = new Notebook(workspace);
  notebook.add(cell("const x = 1; const y = 2", "x y"));
  const own = notebook.draft("const x = y;\nx.");
  assert.equal(own.document.text, 'export {};import { y } from "./$cell_1.ts";\nconst x = y;\nx.');
  assert.equal(own.document.text.slice(own.shift), "const x = y;\nx.");
});

test("a name that the kernel gives is the notebook's own once a cell declares it", () => {
  const notebook = new Notebook(workspace);
  notebook.add(cell("const display = 1", "display"));
  notebook.provide("globals", ["display", "clearOutput"]);
  assert.match(notebook.draft("display").document.text, /\{ display \} from "\.\/\$cell_1\.ts"/);
});

test("JSX is written into a file of its own kind", () => {
  const notebook = new Notebook(workspace);
  notebook.add(cell("const el = <b>x</b>", "el"));
  assert.match(text("$cell_1.tsx"), /<b>/);
  assert.match(notebook.draft("<i/>").document.path, /draft\.tsx$/);
});

test("every kind of declaration is found", () => {
  const source = `import d, { e as f } from "x"; import * as g from "y";
const { h, i: [j] } = z; for (var k = 0;;) {} async function l() {} class M {} enum N { A }
namespace O { const inner = 1 } type P = 1; interface Q {} declare const r: 1; abstract class S {}
export { h }; export const t = 1; export default function u() {}`;
  const found = declarationsOf(source);
  assert.equal(found.map(({ name }) => name).join(" "), "d f g h j l M N O P Q r S t u k");
  assert.deepEqual(
    found.filter(({ isErased }) => isErased).map(({ name }) => name),
    ["P", "Q", "r"],
  );
  assert.deepEqual(
    found.filter(({ isExported }) => isExported).map(({ name }) => name),
    ["h", "t"],
  );
  assert.deepEqual(
    [...declaredNames("const a = 1;\n  let inner;\nasync function b() {}\ntype C = a.")],
    ["a", "b", "C"],
  );
});

test("packages above the notebook, our own and Node's types are in reach", () => {
  const modules = join(dirname(dirname(workspace.cells)), "node_modules");
  assert.ok(existsSync(join(modules, "near")));
  assert.ok(!existsSync(join(dirname(workspace.cells), "node_modules")), "not installed yet");
  mkdirSync(join(folder, "notebooks", "node_modules"));
  assert.ok(existsSync(join(dirname(workspace.cells), "node_modules")));
});

test("a closed workspace leaves nothing behind, and nothing of the notebook's is gone", () => {
  const other = new Workspace(join(folder, "notebooks"), () => true);
  assert.ok(existsSync(other.cells));
  other.close();
  assert.ok(!existsSync(other.cells));
  assert.ok(existsSync(join(folder, "node_modules", "near")));
});

test("what a killed kernel left is removed by the next one, and what a living one has is not", () => {
  const path = join(folder, "notebooks");
  const left = new Workspace(path, () => true);
  const alive = new Workspace(path, () => true);
  const next = new Workspace(path, (pid) => pid !== process.pid);
  assert.ok(!existsSync(left.cells) && !existsSync(alive.cells));
  const another = new Workspace(path, () => true);
  assert.ok(existsSync(next.cells));
  for (const one of [next, another]) one.close();
});

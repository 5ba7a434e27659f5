/** One list out of types, values and names; `|` is the cursor. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { named as importable } from "../../../kernel/language/importable.ts";
import { completionsOf, type Sources } from "../../../kernel/language/completion.ts";
import type { Proposal } from "../../../kernel/language/engine.ts";
import { placeAt } from "../../../kernel/language/place.ts";

function proposal(label: string, more: Partial<Proposal> = {}): Proposal {
  return { label, text: label, range: null, kind: "field", rank: "11", declaration: null, ...more };
}

const named = (names: string) => names.split(" ").map((name) => ({ name, kind: "property" }));

function complete(marked: string, more: Partial<Sources> = {}) {
  const offset = marked.indexOf("|");
  const source = marked.replace("|", "");
  const sources = { source, offset, place: placeAt(source, offset), proposals: [] };
  const none = { members: [], paths: [], imports: [], names: [], globals: [] };
  const { matches, start, end } = completionsOf({ ...sources, ...none, ...more });
  return { texts: matches.map(({ text }) => text), matches, start, end };
}

test("a member of both type and value is named once, and the type tells its kind", () => {
  const proposals = [
    proposal("size", { kind: "method", declaration: "(method) A.size(n: number): string" }),
  ];
  const { matches } = complete("a.|", { proposals, members: named("size colour") });
  assert.deepEqual(matches, [
    { text: "size", type: "method", signature: "(n: number): string" },
    { text: "colour", type: "property", signature: "" },
  ]);
});

test("without an engine there are values, names, globals and keywords", () => {
  assert.deepEqual(complete("a.b|", { proposals: null, members: named("bar baz c") }).texts, [
    "bar",
    "baz",
  ]);
  const names = named("format");
  const { texts } = complete("fo|", { proposals: null, names, globals: named("forge") });
  assert.deepEqual(texts, ["format", "for", "forge"]);
});

test("near comes before far, the same case before another, and underscores last", () => {
  const proposals = [
    proposal("undefined", { rank: "15" }),
    proposal("_near"),
    proposal("nearGlobal", { rank: "15" }),
    proposal("Near"),
    proposal("near"),
  ];
  const { texts } = complete("nea|", { proposals, names: named("nearName") });
  assert.deepEqual(texts, ["near", "nearName", "nearGlobal", "Near"]);
});

test("what begins as the word does is enough; else what contains it", () => {
  const proposals = [proposal("train"), proposal("retrain")];
  assert.deepEqual(complete("m.tra|", { proposals }).texts, ["train"]);
  assert.deepEqual(complete("m.etr|", { proposals }).texts, ["retrain"]);
  assert.deepEqual(complete("m.x|", { proposals }).texts, []);
});

test("the whole word under the cursor is replaced", () => {
  const { start, end } = complete("x = pri|nt + 1", { proposals: [proposal("prism")] });
  assert.deepEqual([start, end], [4, 9]);
});

test("a stretch that the engine names is taken: of a path only the last part", () => {
  const range = { start: 10, end: 12 };
  const proposals = [proposal("helper", { kind: "file", range })];
  const found = complete("import './he|'", { proposals });
  assert.deepEqual([found.texts, found.start, found.end], [["helper"], 10, 12]);
});

test("one reply has one stretch: what needs another is left out", () => {
  const dot = { start: 1, end: 3 };
  const proposals = [
    proposal("a-b", { text: '["a-b"]', range: dot }),
    proposal("ab"),
    proposal("ac"),
  ];
  const found = complete("o.a|", { proposals });
  assert.deepEqual([found.texts, found.start, found.end], [["ab", "ac"], 2, 3]);
});

test("a value that may be missing is asked with a question mark", () => {
  const range = { start: 1, end: 2 };
  const proposals = [proposal("a", { text: "?.a", range }), proposal("b", { text: "?.b", range })];
  const found = complete("m.|", { proposals });
  assert.deepEqual([found.texts, found.start, found.end], [["?.a", "?.b"], 1, 2]);
});

test("where no global may stand, no name of the notebook is proposed either", () => {
  const names = named("option");
  const proposals = [proposal("opacity")];
  assert.deepEqual(complete("f({ o|", { proposals, names }).texts, ["opacity"]);
  assert.deepEqual(complete("const o|", { proposals: [], names }).texts, []);
  assert.deepEqual(complete("// o|", { proposals: null, names }).texts, []);
});

test("our own files are no modules of the notebook", () => {
  const file = { kind: "file" };
  const proposals = [
    proposal("$cell_1", file),
    proposal("tsconfig.json", file),
    proposal("node_modules", { kind: "folder" }),
    proposal("parts", { kind: "folder" }),
    proposal("data.json", file),
  ];
  assert.deepEqual(complete("import './|", { proposals }).texts, ["data.json", "parts"]);
});

test("what every function has stands behind what this one was given", () => {
  const proposals = [
    proposal("apply", { kind: "method" }),
    proposal("bind", { kind: "method" }),
    proposal("html"),
  ];
  assert.deepEqual(complete("display.|", { proposals }).texts, ["html", "apply", "bind"]);
});

test("an imported name is what it was declared as", () => {
  const proposals = [
    ["f", "function f(x: number): void"],
    ["F", "class F"],
    ["E", "const enum E"],
    ["v", "const v: number"],
  ].map(([label = "", declaration = ""]) => proposal(label, { kind: "variable", declaration }));
  const { matches } = complete("|", { proposals });
  assert.deepEqual(
    matches.map(({ text, type }) => `${text} ${type}`),
    ["E enum", "F class", "f function", "v variable"],
  );
});

test("a name that could be imported: alone on its line the statement, in an expression its value", () => {
  const imports = [importable("readFileSync", "node:fs")];
  const given = { proposals: null, imports };
  assert.deepEqual(complete("readFi|", given).texts, ['import { readFileSync } from "node:fs";']);
  assert.deepEqual(complete("const text = readFi|", given).texts, [
    '(await import("node:fs")).readFileSync',
  ]);
  assert.deepEqual(
    complete("re|", given).texts.filter((text) => text.includes("import(")),
    [],
  );
});

test("paths stand in strings of which the types know nothing", () => {
  const paths = ["./data.csv", "./data/"];
  const { texts, matches } = complete('open("./da|")', { proposals: [], paths });
  assert.deepEqual(texts, paths);
  assert.deepEqual(
    matches.map(({ type }) => type),
    ["file", "folder"],
  );
  assert.deepEqual(complete("open(./da|)", { proposals: [], paths }).texts, []);
});

/** docs/operations.md: every function of nodes with its sentence, beside its names elsewhere. Written from the registry. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { isComposition } from "../../lib/graph/composition.ts";
import { isOp } from "../../lib/graph/op.ts";
import * as ops from "../../lib/ops/index.ts";
import { root } from "./markdown.ts";
import { peers } from "./peers.ts";

const TARGET = join(root, "docs", "operations.md");

interface Entry {
  readonly name: string;
  readonly call: string;
  readonly doc: string;
}

/** A file of lib/ops: what it is about, and what it exports. */
interface Family {
  readonly title: string;
  readonly entries: readonly Entry[];
}

// Ops that only gradients call.
const adjoint = /Like$|Into$|Adjoint[AB]$|^(unpad|untile|carry|exclusiveProduct)$/;

/** Whether a public name is an op that only gradients call. */
export function isAdjoint(name: string): boolean {
  return adjoint.test(name) && !/^(zeros|ones)Like$/.test(name);
}

/** Every public function and class of lib/ops, by name. */
export const names: readonly string[] = Object.keys(ops).toSorted();

/** The families in the order of lib/ops/index.ts. */
function families(): readonly Family[] {
  const files = [...source("index").matchAll(/from "\.\/(\w+)\.ts"/g)].map(([, file]) => file);
  return files.map((file) => {
    const text = source(file);
    const [, title] = /^\/\*\* ([^]*?) ?\*\//.exec(text)!;
    const exported = [...text.matchAll(/^export (?:const|function|class) (\w+)/gm)];
    const own = [...new Set(exported.map(([, name]) => name))].filter((name) =>
      names.includes(name),
    );
    return { title: oneLine(title), entries: own.map((name) => entryOf(name, text)) };
  });
}

function source(file: string): string {
  return readFileSync(join(root, "lib", "ops", `${file}.ts`), "utf8");
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*\*?\s*/g, " ").trim();
}

function entryOf(name: string, text: string): Entry {
  const value = (ops as Readonly<Record<string, unknown>>)[name];
  if (isOp(value) || isComposition(value)) {
    const options = value.attrs.length > 0 ? [`{ ${value.attrs.join(", ")} }`] : [];
    const inputs = "list" in value ? ["[x, y, …]"] : value.inputs;
    return { name, call: `${name}(${[...inputs, ...options].join(", ")})`, doc: value.doc };
  }
  // A plain function or class: its comment, and its parameters up to the options.
  const before = text.slice(
    0,
    text.search(new RegExp(`^export (?:function|class) ${name}\\b`, "m")),
  );
  const comment = before.slice(before.lastIndexOf("/**") + 3, before.lastIndexOf("*/"));
  return { name, call: name, doc: oneLine(comment.replace(/^\s*\*/, "")) };
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

function row({ name, call, doc }: Entry): string {
  const elsewhere = (peers[name] ?? []).map((peer) => (peer === "" ? "" : `\`${peer}\``));
  return `| \`${cell(call)}\` | ${cell(doc)} | ${elsewhere.join(" | ")} |`;
}

const HEAD = [
  "| gradbook | | TensorFlow | TensorFlow.js | PyTorch | NumPy |",
  "|---|---|---|---|---|---|",
];

/** The page. */
export function operationsPage(): string {
  const all = families();
  const sections = all.flatMap(({ title, entries }) => {
    const shown = entries.filter(({ name }) => !isAdjoint(name));
    return shown.length === 0 ? [] : [`## ${title}`, "", ...HEAD, ...shown.map(row), ""];
  });
  const adjoints = all.flatMap(({ entries }) => entries).filter(({ name }) => isAdjoint(name));
  return [
    "# Operations",
    "",
    "<!-- Written by `npm run operations` from the registry, lib/ops; a test fails when it is stale. -->",
    "",
    "Every function that makes nodes, and what it is called elsewhere (`F` is `torch.nn.functional`). Those of one input and more are",
    "methods too: `x.relu()`. All take `{ name }` among their options. Gradients of any order are exact unless the sentence says otherwise.",
    "",
    ...sections,
    "## Adjoints, which gradients are made of",
    "",
    "| gradbook | |",
    "|---|---|",
    ...adjoints.map(({ call, doc }) => `| \`${cell(call)}\` | ${cell(doc)} |`),
    "",
  ].join("\n");
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(TARGET, operationsPage());
}

/** The shape of the source: imports point one way, the wall between kernel and library holds, files stay small. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..", "..");

const LIB = [
  "core",
  "backend",
  "graph",
  "ops",
  "grad",
  "session",
  "train",
  "nn",
  "io",
  "data",
  "display",
  "index",
  "preload",
];
const KERNEL = [
  "wire",
  "transport",
  "cell",
  "language",
  "host",
  "channel",
  "front|back",
  "main",
  "install",
  "run",
  "cli",
];

/** The only places that may reach to the right, as the style guide names them. */
const SEAMS = new Set<string>();

const MAX_LINES = 300;

interface Import {
  readonly from: string;
  readonly to: string;
}

const files = ["kernel", "lib"].flatMap((folder) => sourcesBelow(join(root, folder)));
const imports = files.flatMap(importsOf);

function sourcesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))
    .map((name) => relative(root, join(folder, name)));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), "utf8");
  const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map(
    ([, path]) => path ?? "",
  );
  return specifiers.map((path) => ({
    from: file,
    to: relative(root, resolve(root, dirname(file), path)),
  }));
}

function layerOf(file: string): { side: string; layer: string; rank: number } {
  const [side = "", second = ""] = file.split("/");
  const layer = second.replace(/\.ts$/, "");
  const order = side === "lib" ? LIB : KERNEL;
  const rank = order.findIndex((name) => name.split("|").includes(layer));
  return { side, layer, rank };
}

test("every file stands in a layer that the style guide names", () => {
  assert.ok(files.length > 40, `only ${files.length} files were found`);
  assert.deepEqual(
    files.filter((file) => layerOf(file).rank < 0),
    [],
  );
});

test("imports point to their own layer or to one on the left", () => {
  assert.ok(imports.length > 100, `only ${imports.length} imports were found`);
  const wrong = imports.filter(({ from, to }) => {
    const [a, b] = [layerOf(from), layerOf(to)];
    return a.side === b.side && b.rank > a.rank && !SEAMS.has(from);
  });
  assert.deepEqual(wrong, []);
});

test("kernel and library never import each other", () => {
  const across = imports.filter(({ from, to }) => layerOf(from).side !== layerOf(to).side);
  assert.deepEqual(
    across.filter(({ to }) => /^(kernel|lib)\//.test(to)),
    [],
  );
});

test("front and back meet in channel.ts alone", () => {
  const wrong = imports.filter(({ from, to }) => {
    const pair = [layerOf(from).layer, layerOf(to).layer].toSorted().join();
    return from.startsWith("kernel/") && pair === "back,front";
  });
  assert.deepEqual(wrong, []);
});

test("no circle of imports", () => {
  const next = new Map(files.map((file) => [file, imports.filter(({ from }) => from === file)]));
  const state = new Map<string, "open" | "done">();
  const circles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (state.get(file) === "done") return;
    if (state.get(file) === "open") {
      circles.push([...path.slice(path.indexOf(file)), file].join(" → "));
      return;
    }
    state.set(file, "open");
    for (const { to } of next.get(file) ?? []) visit(to, [...path, file]);
    state.set(file, "done");
  };
  for (const file of files) visit(file, []);
  assert.deepEqual(circles, []);
});

test(`no file is longer than ${MAX_LINES} lines`, () => {
  const long = files
    .map((file) => ({ file, lines: readFileSync(join(root, file), "utf8").split("\n").length - 1 }))
    .filter(({ lines }) => lines > MAX_LINES);
  assert.deepEqual(long, []);
});

test("the kernel finds files from a folder that is as far above its bundle as above its modules", () => {
  const inBundle = files.filter((file) => /^kernel\/(?!install\/|cli\.ts$)/.test(file));
  const places = inBundle.flatMap((file) =>
    [...readFileSync(join(root, file), "utf8").matchAll(/URL\(\s*"([^"]*)", import\.meta/g)].map(
      ([, path]) => ({ file, path, depth: file.split("/").length }),
    ),
  );
  assert.ok(places.length >= 4, `only ${places.length} places were found`);
  const wrong = places.filter(({ path, depth }) => !path.startsWith("../../") || depth !== 3);
  assert.deepEqual(wrong, []);
});

test("zeromq, the parsers and process.argv have one place each", () => {
  const using = (pattern: RegExp): string[] =>
    files.filter((file) => pattern.test(readFileSync(join(root, file), "utf8"))).toSorted();
  assert.deepEqual(using(/from "zeromq"/), ["kernel/transport/zmq.ts"]);
  assert.deepEqual(using(/from "(oxc-transform|esbuild)"/), [
    "kernel/cell/transpile.ts",
    "kernel/install/bundle.ts",
  ]);
  assert.deepEqual(using(/process\.argv/), ["kernel/cli.ts"]);
});

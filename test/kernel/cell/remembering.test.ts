/** A cell that is run again, in the same surroundings and in others. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { compile } from "../../../kernel/cell/compile.ts";
import { remembering } from "../../../kernel/cell/remembering.ts";
import type { Surroundings } from "../../../kernel/cell/transform.ts";

type Names = readonly (readonly [string, "constant" | "variable"])[];

function around(names: Names, globals: readonly string[] = []): Surroundings {
  const known = names.map(([name, kind]) => [name, { constant: kind === "constant" }] as const);
  return { names: new Map(known), isGlobal: (name) => globals.includes(name) };
}

/** Compiles as the kernel does, and counts how often it had to. */
function counted(most?: number): { compiled: typeof compile; count: () => number } {
  let count = 0;
  const compiled = remembering((source, surroundings) => {
    count++;
    return compile(source, surroundings);
  }, most);
  return { compiled, count: () => count };
}

const cells = [
  "let a = 1; enum E { A }\na + E.A",
  "{ a: 1 }",
  "const f = <T,>(x: T) => x",
  "%time x + y",
  "x = y; z",
];

for (const source of cells) {
  test(`${source} is compiled once where nothing has changed, and to the same`, () => {
    const { compiled, count } = counted();
    const surroundings = around([["x", "variable"]], ["y"]);
    const fresh = compile(source, surroundings);
    for (let i = 0; i < 3; i++) {
      assert.deepEqual(compiled(source, around([["x", "variable"]], ["y"])), fresh);
    }
    assert.equal(count(), 1);
  });
}

const changes: readonly (readonly [string, Surroundings, Surroundings])[] = [
  ["a name that is there now", around([]), around([["x", "variable"]])],
  ["a name that is gone", around([["x", "variable"]]), around([])],
  ["a name that is constant now", around([["x", "variable"]]), around([["x", "constant"]])],
  ["a name that is global now", around([]), around([], ["x"])],
];

for (const [name, before, after] of changes) {
  test(`a cell that is run again sees ${name}, and what was there before when it is back`, () => {
    const { compiled } = counted();
    for (const surroundings of [before, after, before]) {
      assert.deepEqual(compiled("x = 2", surroundings), compile("x = 2", surroundings));
    }
  });
}

test("a name that the cell does not ask for changes nothing", () => {
  const { compiled, count } = counted();
  compiled("x = 2", around([["x", "variable"]]));
  compiled(
    "x = 2",
    around([
      ["x", "variable"],
      ["other", "constant"],
    ]),
  );
  assert.equal(count(), 1);
});

test("of many cells those are remembered that were run last", () => {
  const { compiled, count } = counted(10);
  const run = (source: string): unknown => compiled(source, around([]));
  for (const source of ["1 + 1", "2 + 2", "1 + 1", "3 + 3"]) run(source);
  assert.equal(count(), 3);
  run("1 + 1");
  assert.equal(count(), 3);
  run("2 + 2");
  assert.equal(count(), 4);
});

test("a cell that cannot be read is an error each time", () => {
  const { compiled } = counted();
  for (let i = 0; i < 2; i++) {
    assert.throws(() => compiled("let = ;", around([])), { name: "SyntaxError" });
  }
});

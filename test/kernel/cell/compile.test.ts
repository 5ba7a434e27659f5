import assert from "node:assert/strict";
import { test } from "node:test";
import { compile, readCell, remembering } from "../../../kernel/cell/compile.ts";

const surroundings = { names: new Map(), isGlobal: () => false };

/** Reads as the kernel does, and counts how often it had to. */
function counted(most?: number): { read: typeof readCell; count: () => number } {
  let count = 0;
  const read = remembering((source) => {
    count++;
    return readCell(source);
  }, most);
  return { read, count: () => count };
}

test("a cell that is run again is read once, and compiles to the same", () => {
  const { read, count } = counted();
  for (const source of [
    "let a = 1; enum E { A }\na + E.A",
    "{ a: 1 }",
    "const f = <T,>(x: T) => x",
  ]) {
    const fresh = compile(source, surroundings);
    for (let i = 0; i < 3; i++) assert.deepEqual(compile(source, surroundings, { read }), fresh);
  }
  assert.equal(count(), 3);
});

test("a cell that is run again sees the names that are there by now", () => {
  const { read } = counted();
  const before = compile("x = 2", surroundings, { read });
  const names = new Map([["x", { constant: true }]]);
  const after = compile("x = 2", { names, isGlobal: () => false }, { read });
  assert.notEqual(after.script, before.script);
  assert.match(after.script, /constant\("x"\)/);
});

test("of many cells those are remembered that were run last", () => {
  const { read, count } = counted(10);
  for (const source of ["1 + 1", "2 + 2", "1 + 1", "3 + 3"]) read(source);
  assert.equal(count(), 3);
  read("1 + 1");
  assert.equal(count(), 3);
  read("2 + 2");
  assert.equal(count(), 4);
});

test("a cell that cannot be read is an error each time", () => {
  const { read } = counted();
  for (let i = 0; i < 2; i++) assert.throws(() => read("let = ;"), { name: "SyntaxError" });
});

test("a cell that ends too early is told so in words", () => {
  assert.throws(() => readCell("if (x) {"), { message: "Expected `}` but found the end" });
});

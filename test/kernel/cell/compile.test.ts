import assert from "node:assert/strict";
import { test } from "node:test";
import { readCell } from "../../../kernel/cell/compile.ts";

test("a cell that ends too early is told so in words", () => {
  assert.throws(() => readCell("if (x) {"), { message: "Expected `}` but found the end" });
});

/** What a cell replaces stays as long as the kernel can work with it, and is put back where it cannot. */
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { Builtins } from "../../../kernel/back/builtins.ts";

const push = Reflect.get(Array.prototype, "push") as (...items: unknown[]) => number;
const builtins = new Builtins();
builtins.keep();
let restored: readonly string[] = [];
builtins.onRestored = (names) => (restored = names);

function replace({ prototype }: { readonly prototype: object }, key: string, by: unknown): void {
  Reflect.set(prototype, key, by);
}

afterEach(() => {
  builtins.restore();
  restored = [];
});

test("what can be worked with stays", () => {
  replace(Array, "push", function (this: unknown[], ...items: unknown[]) {
    return Reflect.apply(push, this, items);
  });
  assert.equal(
    builtins.safely(() => [1].push(2)),
    2,
  );
  assert.notEqual(Reflect.get(Array.prototype, "push"), push);
  assert.deepEqual(restored, []);
});

test("what fails is put back, and the call is made again", () => {
  replace(Array, "push", () => {
    throw new Error("replaced");
  });
  replace(Map, "get", () => 5);
  Reflect.deleteProperty(globalThis, "JSON");
  Reflect.set(Object.prototype, "then", 1);
  assert.equal(
    builtins.safely(() => [1].push(2)),
    2,
  );
  assert.equal(Reflect.get(Array.prototype, "push"), push);
  assert.equal(new Map([[1, 2]]).get(1), 2);
  assert.equal(JSON.stringify({}), "{}");
  assert.equal(Reflect.has({}, "then"), false);
  assert.deepEqual(restored, [
    "JSON",
    "Array.prototype.push",
    "Map.prototype.get",
    "Object.prototype.then",
  ]);
});

test("a failure that has nothing to do with it is one", () => {
  const fail = (): never => {
    throw new Error("mine");
  };
  assert.throws(() => builtins.safely(fail), /mine/);
  assert.deepEqual(restored, []);
});

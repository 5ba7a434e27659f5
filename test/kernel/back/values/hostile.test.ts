/** Values that do not want to be looked at are shown all the same, and none of their code is run unasked. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { bundleOf } from "../../../../kernel/back/display.ts";
import { textOf } from "../../../../kernel/back/values/text.ts";
import type { Bundle } from "../../../../kernel/channel.ts";

function fail(): never {
  throw new Error("touched");
}

/** A handler whose every trap counts as an accident. */
const TOUCHY: ProxyHandler<object> = new Proxy({}, { get: () => fail });

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function behind(prototype: object): object {
  return Object.setPrototypeOf({ own: 1 }, prototype) as object;
}

class Broken {
  readonly a = 1;
  [inspect.custom](): string {
    throw new RangeError("no\nsecond line");
  }
}

class Tagged {
  get [Symbol.toStringTag](): string {
    return fail();
  }
}

function misnamed(): object {
  return Object.defineProperty(new Error("e"), "stack", { get: fail });
}

const HOSTILE: readonly (readonly [string, unknown, string])[] = [
  ["a proxy", new Proxy({ a: 1 }, TOUCHY), "{ a: 1 }"],
  ["a proxy in an array", [new Proxy([1, 2], TOUCHY)], "[ [ 1, 2 ] ]"],
  ["a proxy of a class", new Proxy(Broken, TOUCHY), "[class Broken]"],
  ["a proxy as prototype", behind(new Proxy({}, TOUCHY)), "{ own: 1 }"],
  ["a revoked proxy", revoked(), "<Revoked Proxy>"],
  ["a revoked proxy in an object", { a: revoked() }, "{ a: <Revoked Proxy> }"],
  [
    "a getter that throws",
    Object.defineProperty({}, "g", { get: fail, enumerable: true }),
    "{ g: [Getter] }",
  ],
  ["a getter as tag", new Tagged(), "Tagged {}"],
  [
    "a text of its own that throws",
    new Broken(),
    "Broken { a: 1 } [its own inspect failed: RangeError: no]",
  ],
  [
    "such a text in a list",
    [new Broken(), 2],
    "[ Broken { a: 1 } [its own inspect failed: RangeError: no], 2 ]",
  ],
  [
    "a text of its own that throws nothing readable",
    {
      [inspect.custom]: () => {
        throw revoked();
      },
    },
    "{ [Symbol(nodejs.util.inspect.custom)]: [Function: [nodejs.util.inspect.custom]()] } " +
      "[its own inspect failed: it threw something unreadable]",
  ],
  ["a text of its own that is no text", { [inspect.custom]: () => ({ a: 1 }) }, "{ a: 1 }"],
  [
    "a toString that throws",
    { toString: fail, [Symbol.toPrimitive]: fail, valueOf: fail },
    "{\n  toString: [Function: fail()],\n  valueOf: [Function: fail()],\n  [Symbol(Symbol.toPrimitive)]: [Function: fail()]\n}",
  ],
  ["no prototype", Object.create(null), "[Object: null prototype] {}"],
  ["a constructor that is none", { constructor: "x" }, "{ constructor: 'x' }"],
  ["a stack that throws", misnamed(), "[Error: e]"],
  ["an error by prototype alone", Object.create(Error.prototype), "[Error]"],
  [
    "a display symbol that throws",
    Object.defineProperty({ a: 1 }, Symbol.for("Jupyter.display"), { get: fail }),
    "{ a: 1 }",
  ],
];

test("hostile values are shown", async () => {
  for (const [name, value, expected] of HOSTILE) {
    assert.equal(textOf(value, { colors: false }), expected, name);
    const bundle: Bundle = await bundleOf(value);
    assert.ok(String(bundle.data["text/plain"]).length > 0, name);
  }
});

test("records and lists of hostile values make no table that touches them", async () => {
  const getters = Array.from({ length: 3 }, () =>
    Object.defineProperty({ a: 1, b: 2 }, "g", { get: fail, enumerable: true }),
  );
  const { data } = await bundleOf(getters);
  assert.match(String(data["text/html"]), /<th>g<|>g<span/);
  const proxies = [new Proxy({ a: 1, b: 2 }, TOUCHY), new Proxy({ a: 1, b: 2 }, TOUCHY)];
  assert.equal((await bundleOf(proxies)).data["text/html"], undefined);
});

test("a prototype that is shown is not taken for an instance", () => {
  assert.equal(textOf(Broken.prototype, { colors: false }), "{}");
  assert.equal(textOf(Blob.prototype, { colors: false }).includes("cannot be shown"), false);
});

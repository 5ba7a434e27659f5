import assert from "node:assert/strict";
import { test } from "node:test";
import { bundleOf, makeDisplay, type Screen } from "../../../kernel/back/display.ts";
import type { Bundle } from "../../../kernel/channel.ts";

interface Shown {
  readonly bundle: Bundle | Promise<Bundle>;
  readonly id: string;
  readonly isUpdate: boolean;
}

function setUp(): { display: ReturnType<typeof makeDisplay>; shown: Shown[] } {
  const shown: Shown[] = [];
  const screen: Screen = {
    show: (bundle, id, isUpdate) => shown.push({ bundle, id, isUpdate }),
    clear: () => {},
  };
  let ids = 0;
  return { display: makeDisplay(screen, () => `id-${++ids}`), shown };
}

const symbol = Symbol.for("Jupyter.display");

test("a value with the display symbol is the bundle its method returns", async () => {
  const value = { [symbol]: () => ({ "text/html": "<b>x</b>", "text/plain": "x" }) };
  assert.deepEqual(await bundleOf(value), {
    data: { "text/html": "<b>x</b>", "text/plain": "x" },
    metadata: {},
  });
});

test("the method may be async, and may use this", async () => {
  class Named {
    readonly name = "n";
    async [symbol](): Promise<object> {
      return { "text/plain": this.name };
    }
  }
  assert.deepEqual((await bundleOf(new Named())).data, { "text/plain": "n" });
});

test("a method that returns no object is told what to return", () => {
  assert.throws(() => bundleOf({ [symbol]: () => "text" }), /must return an object like/);
});

test("bytes become base64, typed arrays in JSON become lists, and BigInt is refused by name", () => {
  const { display, shown } = setUp();
  display.png(new Uint8Array([1, 2, 3]));
  display.json({ y: new Float32Array([0.5, 1]) });
  assert.deepEqual(
    shown.map(({ bundle }) => (bundle as Bundle).data),
    [
      { "image/png": "AQID", "text/plain": "<image/png>" },
      { "application/json": { y: [0.5, 1] }, "text/plain": "{ y: Float32Array(2) [ 0.5, 1 ] }" },
    ],
  );
  assert.throws(() => display.json({ n: 1n }), /application\/json: .*BigInt/);
});

test("a handle updates what it showed", () => {
  const { display, shown } = setUp();
  const handle = display.html("<p>1</p>");
  handle.update("<p>2</p>");
  display.markdown("**x**", { id: "mine", metadata: { a: 1 } });
  assert.deepEqual(
    shown.map(({ id, isUpdate }) => [id, isUpdate]),
    [
      ["id-1", false],
      ["id-1", true],
      ["mine", false],
    ],
  );
  assert.deepEqual((shown.at(-1)?.bundle as Bundle | undefined)?.metadata, { a: 1 });
});

test("a lone number is plain, structure is coloured", async () => {
  assert.equal((await bundleOf(42)).data["text/plain"], "42");
  assert.equal((await bundleOf({ a: 1 })).data["text/plain"], "{ a: \u001b[33m1\u001b[39m }");
});

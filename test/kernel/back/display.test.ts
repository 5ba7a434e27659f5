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

test("a bundle without a text gets one: what it has of text, or its types", async () => {
  for (const [data, text] of [
    [{ "text/html": "<b>x</b>" }, "<b>x</b>"],
    [{ "application/x+json": { a: 1 } }, "<application/x+json>"],
    [{}, undefined],
  ] as const) {
    const made = await bundleOf({ [symbol]: () => data });
    assert.equal(made.data["text/plain"], text);
  }
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
  display.pdf(Buffer.from("%PDF-1.7"));
  display.json({ y: new Float32Array([0.5, 1]) });
  assert.deepEqual(
    shown.map(({ bundle }) => (bundle as Bundle).data),
    [
      { "application/pdf": "JVBERi0xLjc=", "text/plain": "<application/pdf>" },
      { "application/json": { y: [0.5, 1] }, "text/plain": "{ y: Float32Array(2) [ 0.5, 1 ] }" },
    ],
  );
  assert.throws(() => display.json({ n: 1n }), /display\.json: .*BigInt/);
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

const PNG_HEAD = Buffer.from("89504e470d0a1a0a", "hex");

test("an image is given as bytes, as base64 or as a data URL", () => {
  const { display, shown } = setUp();
  const base64 = PNG_HEAD.toString("base64");
  display.png(PNG_HEAD);
  display.png(base64);
  display.png(`data:image/png;base64,${base64}`);
  display.png(`${base64.slice(0, 4)}\n${base64.slice(4)}`);
  display.bundle({ "image/png": PNG_HEAD, "text/plain": "x" });
  assert.deepEqual(
    shown.map(({ bundle }) => (bundle as Bundle).data["image/png"]),
    Array.from({ length: 5 }, () => base64),
  );
});

type Wrong = readonly [(display: ReturnType<typeof makeDisplay>) => unknown, string];
/** What TypeScript would not let through. */
const given = (value: unknown): never => value as never;

const WRONG: readonly Wrong[] = [
  [
    (display) => display.png("not base64"),
    'display.png: wanted the bytes of a PNG (a Uint8Array) or their base64, got the text "not base64"',
  ],
  [
    (display) => display.png("plot.png"),
    'display.png: wanted the bytes of a PNG (a Uint8Array) or their base64, got the text "plot.png"',
  ],
  [
    (display) => display.png(given(42)),
    "display.png: wanted the bytes of a PNG (a Uint8Array) or their base64, got the number 42",
  ],
  [(display) => display.png(new Uint8Array(0)), "display.png: wanted the bytes of a PNG, got none"],
  [
    (display) => display.jpeg(PNG_HEAD),
    "display.jpeg: wanted a JPEG, got the bytes of a PNG; use display.png",
  ],
  [
    (display) => display.gif(PNG_HEAD.toString("base64")),
    "display.gif: wanted a GIF, got the bytes of a PNG; use display.png",
  ],
  [
    (display) => display.pdf(given(Promise.resolve())),
    "display.pdf: wanted the bytes of a PDF (a Uint8Array) or their base64, got a Promise (is an await missing?)",
  ],
  [(display) => display.html(given(42)), "display.html: wanted a string, got the number 42"],
  [
    (display) => display.markdown(given(undefined)),
    "display.markdown: wanted a string, got undefined",
  ],
  [(display) => display.svg(given([1, 2])), "display.svg: wanted a string, got an array of 2"],
  [(display) => display.latex(given(new Date(0))), "display.latex: wanted a string, got a Date"],
  [
    (display) => display.text(given({ a: 1 })),
    "display.text: wanted a string, got the object { a: 1 }",
  ],
  [
    (display) => display.javascript(given((x: number) => x)),
    "display.javascript: wanted a string, got the function [Function: (x)]",
  ],
  [
    (display) => display.json(undefined),
    "display.json: wanted something that JSON can hold, got undefined",
  ],
  [
    (display) => display.bundle(given("text")),
    'display.bundle: wanted { "text/html": "…" }, got the string \'text\'',
  ],
  [(display) => display.bundle({ "text/html": 1 }), "text/html: wanted a string, got the number 1"],
  [
    (display) => display.bundle({ "image/png": "nonsense!" }),
    'image/png: wanted the bytes of a PNG (a Uint8Array) or their base64, got the text "nonsense!"',
  ],
  [
    (display) => display(1, given("id")),
    "display: wanted options like { id: \"plot\" }, got the string 'id'",
  ],
  [
    (display) => display.html("x", given({ id: 1 })),
    "display.html: wanted a string as id, got the number 1",
  ],
  [
    (display) => display(1, given({ metadata: "m" })),
    "display: wanted an object as metadata, got the string 'm'",
  ],
];

test("a display function says in one sentence what it wanted and what it got", () => {
  for (const [show, message] of WRONG) {
    const { display, shown } = setUp();
    assert.throws(() => show(display), { name: "TypeError", message });
    assert.equal(shown.length, 0, message);
  }
});

test("an update is checked as the display was", () => {
  const { display, shown } = setUp();
  const handle = display.html("<p>1</p>");
  assert.throws(() => handle.update(given(1)), /display\.html: wanted a string, got the number 1/);
  assert.equal(shown.length, 1);
});

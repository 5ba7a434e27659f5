/** Bytes of images as images: PNG, JPEG, GIF, WebP, in a Buffer, an array, an ArrayBuffer, a Blob. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { bundleOf } from "../../../../kernel/back/display.ts";
import { byteCount, imageOf } from "../../../../kernel/back/values/image.ts";

const bytes = (base64: string): Buffer => Buffer.from(base64, "base64");
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");

/** One pixel, whole files. */
const PNG = bytes(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=",
);
const GIF = bytes("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7");
const WEBP = bytes("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA");
/** Heads of files, up to the size. */
const JPEG = hex(
  "ffd8 ffe0 0010 4a46494600010100000100010000 ffdb 0004 0000 ffff c2 0011 08 01e0 0280 03 012200 021101 031101",
);
const WEBP_LOSSLESS = hex("52494646 00000000 57454250 5650384c 00000000 2f 3f c1 3b 00 00");
const WEBP_EXTENDED = hex("52494646 00000000 57454250 56503858 0a000000 00 000000 7f0200 df0100");

const IMAGES: readonly (readonly [Buffer, string, string])[] = [
  [PNG, "image/png", "PNG 1×1"],
  [GIF, "image/gif", "GIF 1×1"],
  [WEBP, "image/webp", "WebP 1×1"],
  [JPEG, "image/jpeg", "JPEG 640×480"],
  [WEBP_LOSSLESS, "image/webp", "WebP 320×240"],
  [WEBP_EXTENDED, "image/webp", "WebP 640×480"],
];

test("images are known by their bytes, with their size", async () => {
  for (const [content, mime, text] of IMAGES) {
    const { data } = await bundleOf(content);
    assert.deepEqual(data, {
      [mime]: content.toString("base64"),
      "text/plain": `<Buffer ${text}, ${content.length} bytes>`,
    });
  }
});

test("whatever holds the bytes", async () => {
  const array = new Uint8Array(PNG);
  const holders: readonly (readonly [unknown, string])[] = [
    [array, "Uint8Array"],
    [array.buffer, "ArrayBuffer"],
    [new Blob([array], { type: "image/png" }), "Blob"],
    [new Uint8Array([1, 2, 3, ...PNG]).subarray(3), "Uint8Array"],
  ];
  for (const [value, name] of holders) {
    const { data } = await bundleOf(value);
    assert.deepEqual(data, {
      "image/png": PNG.toString("base64"),
      "text/plain": `<${name} PNG 1×1, ${PNG.length} bytes>`,
    });
  }
});

test("an SVG in a Blob is drawn, a text stays a text", async () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"/>';
  const blob = new Blob([svg], { type: "image/svg+xml" });
  assert.deepEqual((await bundleOf(blob)).data, {
    "image/svg+xml": svg,
    "text/plain": "<Blob SVG, 41 bytes>",
  });
  assert.deepEqual((await bundleOf(svg)).data, { "text/plain": `'${svg}'` });
});

test("bytes that only begin like an image are bytes", async () => {
  const others: readonly Uint8Array[] = [
    Buffer.from("GIF is a word"),
    PNG.subarray(0, 12),
    hex("ffd8 ff"),
    hex("ffd8 ffd9 0000"),
    Buffer.from("RIFF....WAVE"),
    Buffer.alloc(0),
    Buffer.from("%PDF-1.7"),
  ];
  for (const content of others) {
    assert.equal(imageOf(content), null);
    assert.deepEqual(Object.keys((await bundleOf(content)).data), ["text/plain"]);
  }
  const fake = new Blob(["no image"], { type: "image/png" });
  const text = stripVTControlCharacters(String((await bundleOf(fake)).data["text/plain"]));
  assert.equal(text, "Blob { size: 8, type: 'image/png' }");
});

test("an image that is too large for a page is described", async () => {
  const large = Buffer.concat([PNG, Buffer.alloc(20_000_000)]);
  assert.deepEqual((await bundleOf(large)).data, {
    "text/plain": "<Buffer PNG 1×1, 20 MB> (too large to show: write it to a file)",
  });
});

test("a buffer that was handed away is shown", async () => {
  const buffer = new ArrayBuffer(8);
  structuredClone(buffer, { transfer: [buffer] });
  assert.match(String((await bundleOf(buffer)).data["text/plain"]), /detached/);
});

test("sizes read as a file manager writes them", () => {
  const sizes = [0, 999, 1_000, 12_345, 123_456, 1_200_000, 2_500_000_000];
  assert.deepEqual(sizes.map(byteCount), [
    "0 bytes",
    "999 bytes",
    "1 kB",
    "12.3 kB",
    "123 kB",
    "1.2 MB",
    "2.5 GB",
  ]);
});

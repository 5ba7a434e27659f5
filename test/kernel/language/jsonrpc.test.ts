/** Messages of a language server, from bytes that come in any pieces. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Decoder, encode, type RpcMessage } from "../../../kernel/language/jsonrpc.ts";

const MESSAGES = [
  { id: 1, result: "ä😀" },
  { method: "m", params: {} },
  { id: 2, result: null },
];
const BYTES = Buffer.concat(MESSAGES.map((message) => encode(message)));

function decoded(pieces: Iterable<Buffer>): RpcMessage[] {
  const received: RpcMessage[] = [];
  const decoder = new Decoder((message) => received.push(message));
  for (const piece of pieces) decoder.push(piece);
  return received;
}

test("messages come out whole, however their bytes are cut", () => {
  const wanted = MESSAGES.map((message) => ({ jsonrpc: "2.0", ...message }));
  for (let size = 1; size <= BYTES.length; size++) {
    const pieces = Array.from({ length: Math.ceil(BYTES.length / size) }, (_, i) =>
      BYTES.subarray(i * size, (i + 1) * size),
    );
    assert.deepEqual(decoded(pieces), wanted, `pieces of ${size}`);
  }
});

test("the length is found among other headers", () => {
  const body = '{"id":7}';
  const head = `Content-Type: x\r\ncontent-length: ${body.length}\r\n\r\n`;
  assert.deepEqual(decoded([Buffer.from(head + body)]), [{ id: 7 }]);
});

test("bytes without a length are an error, not an endless wait", () => {
  assert.throws(() => decoded([Buffer.from("nonsense\r\n\r\n")]), /without a length/);
});

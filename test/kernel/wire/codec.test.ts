import assert from "node:assert/strict";
import { test } from "node:test";
import { decode, encode, type Signature, WireError } from "../../../kernel/wire/codec.ts";
import { Seen } from "../../../kernel/wire/seen.ts";
import { childOf, type HeaderSource, replyTo } from "../../../kernel/wire/message.ts";

const signature: Signature = { key: "secret", hash: "sha256" };
const headers: HeaderSource = {
  session: "s",
  username: "u",
  newId: () => "id",
  now: () => new Date(0),
};
const message = {
  ...childOf(headers, null, "execute_request", { code: "1 + 1" }),
  identities: [Buffer.from("client")],
  buffers: [Buffer.from([1, 2, 3])],
};

/** What arrives at the other end. */
const sent = (key: Signature): Uint8Array[] =>
  encode(key, message).map((frame) => Buffer.from(frame));

test("a message survives the wire", () => {
  const { header, content, identities, buffers } = decode(signature, sent(signature));
  assert.equal(header.msg_type, "execute_request");
  assert.deepEqual(content, { code: "1 + 1" });
  assert.deepEqual(identities.map(String), ["client"]);
  assert.deepEqual([...(buffers[0] ?? [])], [1, 2, 3]);
});

test("the signature is the specification's: HMAC-SHA256 over header, parent, metadata and content", () => {
  // Computed with Python's hmac module over the four parts, one behind the other.
  const digest = "596feaa4c72fd471a084ef1468b335128273d06375f9a9615f294e7f92aa2d73";
  const header = '{"msg_id":"1","msg_type":"x_request"}';
  const frames = ["<IDS|MSG>", digest, header, "{}", "{}", "{}"].map((text) => Buffer.from(text));
  assert.equal(decode(signature, frames).header.msg_type, "x_request");
});

const flaws: [string, (frames: Uint8Array[]) => Uint8Array[], RegExp][] = [
  ["a changed content", (f) => f.with(6, Buffer.from('{"code":"2"}')), /wrong signature/],
  ["a wrong signature", (f) => f.with(2, Buffer.from("0".repeat(64))), /wrong signature/],
  ["a short signature", (f) => f.with(2, Buffer.from("00")), /wrong signature/],
  ["no delimiter", (f) => f.slice(2), /delimiter/],
  ["missing frames", (f) => f.slice(0, 4), /at least 5/],
  ["no frames at all", () => [], /delimiter/],
];

for (const [what, spoil, reason] of flaws) {
  test(`${what} is refused`, () => {
    const frames = spoil(sent(signature));
    assert.throws(
      () => decode(signature, frames),
      (error) => {
        assert.ok(error instanceof WireError);
        assert.match(error.message, reason);
        return true;
      },
    );
  });
}

test("JSON is not parsed before the signature holds", () => {
  const frames = sent(signature).with(6, Buffer.from("not json"));
  assert.throws(() => decode(signature, frames), /wrong signature/);
});

test("rightly signed nonsense is refused by name", () => {
  const unsigned: Signature = { key: "", hash: "sha256" };
  const frames = ["<IDS|MSG>", "", "[1]", "{}", "{}", "{}"].map((text) => Buffer.from(text));
  assert.throws(() => decode(unsigned, frames), /header: expected an object, got array/);
  const broken = frames.with(2, Buffer.from("{"));
  assert.throws(() => decode(unsigned, broken), /not JSON/);
});

test("what is nested too deep is refused, what is only long is not", () => {
  const unsigned: Signature = { key: "", hash: "sha256" };
  const header = '{"msg_id":"1","msg_type":"x_request"}';
  const decodeContent = (content: string): unknown =>
    decode(
      unsigned,
      ["<IDS|MSG>", "", header, "{}", "{}", content].map((text) => Buffer.from(text)),
    ).content;
  const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
  assert.ok(decodeContent(nested(1000)));
  for (const deep of [nested(1001), `{"a":${nested(100_000)}}`]) {
    assert.throws(() => decodeContent(deep), /nested more than 1000 levels deep/);
  }
  assert.ok(
    decodeContent(
      JSON.stringify({ code: nested(5000), rows: Array.from({ length: 5000 }, () => [1]) }),
    ),
  );
});

test("an empty key means no signature", () => {
  const unsigned: Signature = { key: "", hash: "sha256" };
  const frames = sent(unsigned);
  assert.equal(String(frames[2]), "");
  assert.deepEqual(decode(unsigned, frames).content, { code: "1 + 1" });
});

test("a reply derives its type, parent and address from the request", () => {
  const reply = replyTo(headers, message, { status: "ok" });
  assert.equal(reply.header.msg_type, "execute_reply");
  assert.deepEqual(reply.parent_header, message.header);
  assert.deepEqual(reply.identities, message.identities);
});

test("a message that comes a second time is refused, and one without a signature is not", () => {
  const seen = new Seen();
  const frames = sent(signature);
  decode(signature, frames, seen);
  assert.throws(() => decode(signature, frames, seen), /has come before/);
  for (let i = 0; i < 4096; i++) seen.isNew(String(i));
  assert.throws(() => decode(signature, frames, seen), /has come before/);
  const unsigned = { key: "", hash: "sha256" };
  for (let i = 0; i < 2; i++) decode(unsigned, sent(unsigned), seen);
});

/** ZMTP's bytes: as the specification draws them, and wherever a connection cuts them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  checkGreeting,
  type Command,
  encodeCommand,
  encodeFrames,
  FrameReader,
  greeting,
  readCommand,
  readProperties,
  ready,
} from "../../../../kernel/transport/zmtp/wire.ts";

type Seen = { readonly frames: string[] } | { readonly command: string };

function readAll(chunks: readonly Buffer[]): Seen[] {
  const seen: Seen[] = [];
  const reader = new FrameReader({
    message: (frames) => seen.push({ frames: frames.map((frame) => frame.toString("latin1")) }),
    command: ({ name, data }: Command) => seen.push({ command: name + data.toString("latin1") }),
  });
  for (const chunk of chunks) reader.push(chunk);
  return seen;
}

test("frames are as RFC 23 draws them: flags, length in one byte or eight, body", () => {
  const long = "x".repeat(256);
  assert.deepEqual(
    encodeFrames(["a", Buffer.from([0xff]), long, ""]),
    Buffer.concat([
      Buffer.from([1, 1, 0x61]),
      Buffer.from([1, 1, 0xff]),
      Buffer.from([3, 0, 0, 0, 0, 0, 0, 1, 0]),
      Buffer.from(long),
      Buffer.from([0, 0]),
    ]),
  );
  assert.deepEqual(encodeFrames(["y".repeat(255)]).subarray(0, 2), Buffer.from([0, 255]));
});

test("a text's length is that of its UTF-8", () => {
  assert.deepEqual(encodeFrames(["é😀"]), Buffer.from([0, 6, ...Buffer.from("é😀")]));
});

test("a stream reads the same wherever it is cut", () => {
  const stream = Buffer.concat([
    encodeFrames(["one", "", "three"]),
    encodeCommand("PING", Buffer.from([0, 1, 0x63])),
    encodeFrames(["z".repeat(300)]),
    encodeFrames([""]),
  ]);
  const whole: Seen[] = [
    { frames: ["one", "", "three"] },
    { command: "PING\u0000\u0001c" },
    { frames: ["z".repeat(300)] },
    { frames: [""] },
  ];
  assert.deepEqual(readAll([stream]), whole);
  assert.deepEqual(readAll([...stream].map((byte) => Buffer.from([byte]))), whole);
  for (let cut = 0; cut <= stream.length; cut++) {
    assert.deepEqual(readAll([stream.subarray(0, cut), stream.subarray(cut)]), whole);
  }
});

test("a frame that nobody could keep is refused when it is announced", () => {
  const head = Buffer.from([2, 0, 0, 1, 0, 0, 0, 0, 0]);
  assert.throws(() => readAll([head]), /announces a frame of 1099511627776 bytes/);
});

test("our greeting is 64 bytes that we understand ourselves", () => {
  const bytes = greeting();
  assert.equal(bytes.length, 64);
  checkGreeting(bytes);
  for (let length = 0; length < 64; length++) {
    if (length > 0) checkGreeting(bytes.subarray(0, length));
  }
});

test("a greeting of something else is refused as soon as it shows", () => {
  const other = (change: (bytes: Buffer) => void): Buffer => {
    const bytes = greeting();
    change(bytes);
    return bytes;
  };
  for (const [bytes, reason] of [
    [Buffer.from("GET / HTTP/1.1\r\n"), /does not speak ZMTP 3/],
    [Buffer.from([1, 0]), /does not speak ZMTP 3/],
    [other((greeted) => (greeted[9] = 0)).subarray(0, 10), /does not speak ZMTP 3/],
    [other((greeted) => (greeted[10] = 1)).subarray(0, 11), /speaks ZMTP 1, which is older/],
    [other((greeted) => greeted.write("CURVE", 12)), /mechanism is CURVE/],
  ] as const) {
    assert.throws(() => checkGreeting(bytes), reason);
  }
});

test("READY says what kind of socket this is, and is read without regard to case", () => {
  const bytes = ready("ROUTER");
  const { name, data } = readCommand(bytes.subarray(2));
  assert.equal(name, "READY");
  assert.equal(readProperties(data).get("socket-type")?.toString(), "ROUTER");
});

test("a READY that is cut short is refused", () => {
  const { data } = readCommand(ready("ROUTER").subarray(2));
  for (let length = 1; length < data.length; length++) {
    assert.throws(() => readProperties(data.subarray(0, length)), /READY is cut short/);
  }
});

/** What is written to the descriptors, read from real pipes. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { NativeOutput } from "../../../kernel/front/native_output.ts";

const { O_RDONLY, O_WRONLY, O_NONBLOCK } = constants;
const skip = process.platform === "win32" ? "Windows has no such pipes" : false;

/** An output, what it has handed on, and how to write to its descriptors. */
function listening(context: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), "gradbook-test-"));
  const ends = (name: string) => {
    const path = join(folder, name);
    execFileSync("mkfifo", [path]);
    const reading = openSync(path, O_RDONLY | O_NONBLOCK);
    return { reading, writing: openSync(path, O_WRONLY | O_NONBLOCK) };
  };
  const [stdout, stderr] = [ends("stdout"), ends("stderr")];
  context.after(() => {
    // With its writer each pipe ends, and with that the socket that reads it.
    for (const { writing } of [stdout, stderr]) closeSync(writing);
    rmSync(folder, { recursive: true });
  });
  const said: [string, string][] = [];
  let handOn = (): void => {};
  const output = new NativeOutput({
    stdout,
    stderr,
    arrived: () => {},
    write: (name, text) => {
      said.push([name, text]);
      handOn();
    },
    room: () => null,
  });
  const spoken = new Promise<void>((resolve) => {
    handOn = resolve;
  });
  const write = (text: string | Uint8Array): number =>
    typeof text === "string" ? writeSync(stdout.writing, text) : writeSync(stdout.writing, text);
  return { output, said, write, warn: (text: string) => writeSync(stderr.writing, text), spoken };
}

test("what was written before is handed on, and nothing else", { skip }, (context) => {
  const { output, said, write, warn } = listening(context);
  output.drain();
  assert.deepEqual(said, []);
  write("one\n");
  warn("two\n");
  write("three\n");
  output.drain();
  output.drain();
  assert.deepEqual(said, [
    ["stdout", "one\nthree\n"],
    ["stderr", "two\n"],
  ]);
});

test("a character that is cut in two stays one", { skip }, (context) => {
  const { output, said, write } = listening(context);
  const bytes = Buffer.from("é");
  write(bytes.subarray(0, 1));
  output.drain();
  write(bytes.subarray(1));
  output.drain();
  assert.deepEqual(said, [["stdout", "é"]]);
});

test("of a pipe that is full, or nearly so, all is read", { skip }, (context) => {
  const { output, said, write } = listening(context);
  for (const spare of [0, 1, 15, 16, 17, 5000]) {
    const text = filled(write);
    if (spare > 0) {
      output.drain();
      said.length = 0;
      write(text.slice(spare));
    }
    output.drain();
    const lengths = said.splice(0).map(([, part]) => part.length);
    assert.deepEqual(lengths, [text.length - spare], `${spare} bytes to spare`);
  }
});

/** Writes until nothing fits any more, and returns what was written. */
function filled(write: (text: string) => number): string {
  const piece = "x".repeat(4096);
  for (let length = 0; ; length += piece.length) {
    try {
      assert.equal(write(piece), piece.length);
    } catch (error) {
      assert.equal((error as NodeJS.ErrnoException).code, "EAGAIN");
      return "x".repeat(length);
    }
  }
}

test(
  "what is written while nobody drains is handed on by the event loop",
  { skip },
  async (context) => {
    const { output, said, write, spoken } = listening(context);
    output.drain();
    write("later");
    await spoken;
    assert.deepEqual(said, [["stdout", "later"]]);
  },
);

/** What was written to the descriptors 1 and 2 by other means than the cell's own streams. */
import { randomBytes } from "node:crypto";
import { readSync, writeSync } from "node:fs";
import { Socket } from "node:net";
import { StringDecoder } from "node:string_decoder";
import type { Ends } from "../host/pipes.ts";

type StreamName = "stdout" | "stderr";

export interface NativeOutputParts {
  readonly stdout: Ends;
  readonly stderr: Ends;
  /** Called when text is there: what was posted before it goes first. */
  readonly arrived: () => void;
  readonly write: (name: StreamName, text: string) => void;
  /** Null where more can be taken, else what resolves when it can; whoever writes waits meanwhile. */
  readonly room: () => Promise<void> | null;
}

const CHUNK = 64 * 1024;
/** A child in the background may write without end. */
const DRAINED_CHUNKS = 64;
const MARK_LENGTH = 16;
const NOTHING = Buffer.alloc(0);

export class NativeOutput {
  readonly #parts: NativeOutputParts;
  readonly #decoders = { stdout: new StringDecoder("utf8"), stderr: new StringDecoder("utf8") };
  readonly #chunk = Buffer.alloc(CHUNK);
  /** Written to a pipe, it is read behind all that was there before: that a pipe is empty, Node says with an error, which is slow. */
  readonly #mark = randomBytes(MARK_LENGTH);
  #held: { readonly name: StreamName; readonly text: string }[] = [];

  constructor(parts: NativeOutputParts) {
    this.#parts = parts;
    for (const name of ["stdout", "stderr"] as const) this.#listen(name);
  }

  /** Hands on all that has been written so far. */
  drain(): void {
    this.#handOn();
    for (const name of ["stdout", "stderr"] as const) {
      const written = this.#read(name);
      if (written.length > 0) this.#hold(name, this.#decoders[name].write(written));
    }
    this.#handOn();
  }

  #listen(name: StreamName): void {
    const socket = new Socket({ fd: this.#parts[name].reading, readable: true, writable: false });
    socket.on("data", (chunk) => {
      this.#hold(name, this.#decoders[name].write(chunk));
      this.#parts.arrived();
      this.#handOn();
      const room = this.#parts.room();
      if (room === null) return;
      socket.pause();
      void room.then(() => socket.resume());
    });
    socket.on("error", () => {});
  }

  #hold(name: StreamName, text: string): void {
    if (text !== "") this.#held.push({ name, text });
  }

  #handOn(): void {
    const held = this.#held;
    this.#held = [];
    for (const { name, text } of held) this.#parts.write(name, text);
  }

  /** What stands before the mark, and perhaps more. */
  #read(name: StreamName): Buffer {
    const { reading, writing } = this.#parts[name];
    const pieces: Buffer[] = [];
    try {
      writeSync(writing, this.#mark);
    } catch {
      // The pipe is full: it is read until it is empty.
    }
    try {
      while (pieces.length < DRAINED_CHUNKS) {
        const chunk = this.#chunk.subarray(0, readSync(reading, this.#chunk));
        if (pieces.length === 0 && chunk.equals(this.#mark)) return NOTHING;
        pieces.push(Buffer.from(chunk));
        // Two reads may share the mark.
        if (Buffer.concat(pieces.slice(-2)).includes(this.#mark)) break;
      }
    } catch {
      // Nothing is there now.
    }
    return this.#withoutMark(Buffer.concat(pieces));
  }

  #withoutMark(bytes: Buffer): Buffer {
    const at = bytes.lastIndexOf(this.#mark);
    if (at < 0) return bytes;
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + MARK_LENGTH)]);
  }
}

/** Whether a line is what a runtime says before it ends the process. */
export function isLastWord(line: string): boolean {
  return /FATAL ERROR|^# *Fatal|[Aa]ssertion .*failed|panicked at|core dumped|^# Check failed/.test(
    line,
  );
}

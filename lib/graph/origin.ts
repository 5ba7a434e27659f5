/** Where a node was made: the first line outside of this library, found only when somebody asks. */

// What follows the library's folder in a frame of this file; of a bundle, what follows its name.
const ownFile = /(?<=\/)graph\/origin\.[jt]s:\d+:\d+$|:\d+:\d+$/;

/** The place of a call, captured without formatting, which is the slow part. */
export class Origin {
  /** Formatted by V8 when it is first read. */
  readonly stack?: string;
  readonly #className: string | undefined;

  /** Captures the current stack; frames of the constructor of `className` are not the user's line. */
  constructor(className?: string) {
    this.#className = className;
    if (typeof Error.captureStackTrace === "function") Error.captureStackTrace(this);
    else this.stack = new Error().stack ?? "";
  }

  /** `Cell [7], line 3` or `file.ts:3:5`; `an unknown line` if the stack does not reach it. */
  get place(): string {
    const frames = (this.stack ?? "")
      .split("\n")
      .filter((line) => /^\s*at .*:\d+:\d+\)?$/.test(line));
    const own = location(frames[0] ?? "").replace(ownFile, "");
    const construction = `at new ${this.#className} (`;
    const frame = frames.find(
      (line) => !location(line).startsWith(own) && !line.trim().startsWith(construction),
    );
    if (frame === undefined) return "an unknown line";
    const cell = /^(Cell \[[^\]]*\]):(\d+):\d+$/.exec(location(frame));
    if (cell !== null) return `${cell[1]}, line ${cell[2]}`;
    return location(frame).replace(/^file:\/\//, "");
  }

  toString(): string {
    return this.place;
  }
}

/** The `file:line:column` of a frame, with or without a function's name before it. */
function location(frame: string): string {
  const text = frame.trim().replace(/^at (?:async )?/, "");
  const open = text.endsWith(")") ? text.lastIndexOf(" (") : -1;
  return open < 0 ? text : text.slice(open + 2, -1);
}

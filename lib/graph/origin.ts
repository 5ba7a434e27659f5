/** Where a node was made: the first line outside of this library, found only when somebody asks. */

// What follows the library's folder in a frame of this file; of a bundle, what follows its name or that of its chunks.
const ownFile = /(?<=\/)graph\/origin\.[jt]s:\d+:\d+$|(?<=\/chunk-)\w+\.js:\d+:\d+$|:\d+:\d+$/;

/** The most frames between a node's making and the line that asked for it. */
const DEEPEST = 12;

/** How the frames of this library begin. */
const own = location(new Error().stack?.split("\n").find(isFrame) ?? "").replace(ownFile, "");

/** The place of a call. */
export class Origin {
  readonly #site: Error;
  readonly #className: string | undefined;

  /**
   * `site` is an error that nobody throws: V8 notes down the stack of one without formatting it, which is the slow part.
   * Frames of the constructor of `className` are not the user's line.
   */
  constructor(site: Error = deepSite(), className?: string) {
    this.#site = site;
    this.#className = className;
  }

  /** `Cell [7], line 3` or `file.ts:3:5`; `an unknown line` if the stack does not reach it. */
  get place(): string {
    const frames = (this.#site.stack ?? "").split("\n").filter(isFrame);
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

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.place;
  }
}

function deepSite(): Error {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = DEEPEST;
  const site = new Error();
  Error.stackTraceLimit = limit;
  return site;
}

function isFrame(line: string): boolean {
  return /^\s*at .*:\d+:\d+\)?$/.test(line);
}

/** The `file:line:column` of a frame, with or without a function's name before it. */
function location(frame: string): string {
  const text = frame.trim().replace(/^at (?:async )?/, "");
  const open = text.endsWith(")") ? text.lastIndexOf(" (") : -1;
  return open < 0 ? text : text.slice(open + 2, -1);
}

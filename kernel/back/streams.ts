/** `console`, `process.stdout` and `process.stderr`, as output of the cell that speaks. */
import { Console } from "node:console";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import type { Builtins } from "./builtins.ts";
import { dirText, logText, tableRows } from "./values/log.ts";

type StreamName = "stdout" | "stderr";
type Write = (name: StreamName, text: string) => void;

const LOGS = {
  log: "stdout",
  info: "stdout",
  debug: "stdout",
  warn: "stderr",
  error: "stderr",
} as const;
const COLUMNS = 100;

/** Returns what closes the groups of the console that are open. */
export function captureStreams(builtins: Builtins, write: Write): () => void {
  const direct = {
    stdout: captureProcessStream("stdout", write),
    stderr: captureProcessStream("stderr", write),
  };
  captureDescriptors();
  return captureConsole(builtins, (name, text) => {
    // A cell may put its own in the place of `process.stdout.write`, to catch what is logged.
    const stream = direct[name];
    if (stream.write === CellStream.prototype.write) write(name, text);
    else stream.write(text);
  });
}

/** Writes to the descriptors keep their place among everything else that the cell says. */
function captureDescriptors(): void {
  const writeSync = fs.writeSync as (...args: unknown[]) => number;
  const captured = (...args: unknown[]): number => {
    const [descriptor, content] = args;
    const stream = descriptor === 1 ? process.stdout : descriptor === 2 ? process.stderr : null;
    if (stream === null || args.length > 2) return writeSync(...args);
    const bytes = typeof content === "string" ? Buffer.from(content) : content;
    if (!(bytes instanceof Uint8Array)) return writeSync(...args);
    stream.write(bytes);
    return bytes.length;
  };
  Reflect.set(fs, "writeSync", captured);
  for (const name of ["close", "closeSync"] as const) {
    const close = fs[name] as (...args: unknown[]) => unknown;
    const guarded = (...args: unknown[]): unknown => {
      const [descriptor, done] = args;
      // The next file to be opened would take its place, and the notebook's output.
      if (descriptor !== 1 && descriptor !== 2) return close(...args);
      return typeof done === "function" ? process.nextTick(done, null) : undefined;
    };
    Reflect.set(fs, name, guarded);
  }
  syncBuiltinESMExports();
}

/** Node's own stream would make the descriptor non-blocking, for the children that inherit it as well. */
class CellStream extends Writable {
  readonly columns = COLUMNS;
  readonly fd: number;
  readonly #text: (chunk: string | Uint8Array) => void;

  constructor(fd: number, text: (chunk: string | Uint8Array) => void) {
    // Who waits for its end must not wait for a close, which never comes.
    super({ decodeStrings: false, emitClose: false });
    this.fd = fd;
    this.#text = text;
  }

  override write(
    chunk: unknown,
    encodingOrDone?: unknown,
    done?: (error?: Error | null) => void,
  ): boolean {
    // Node's own words for a wrong argument.
    if (typeof chunk !== "string" && !(chunk instanceof Uint8Array)) return super.write(chunk);
    this.#text(decoded(chunk, encodingOrDone));
    const callback = typeof encodingOrDone === "function" ? encodingOrDone : done;
    if (callback !== undefined) process.nextTick(callback);
    return true;
  }

  override end(...last: unknown[]): this {
    // A program that ends its output must not end the notebook's; who waits for the end must see one.
    const [chunk] = last;
    if (typeof chunk === "string" || chunk instanceof Uint8Array)
      this.#text(decoded(chunk, last[1]));
    const done = last.find((argument) => typeof argument === "function");
    process.nextTick(() => {
      this.emit("finish");
      done?.();
    });
    return this;
  }

  override destroy(): this {
    return this;
  }
}

/** Text that stands for bytes, as those. */
function decoded(chunk: string | Uint8Array, encoding: unknown): string | Uint8Array {
  const isText = typeof encoding !== "string" || /^utf-?8$/i.test(encoding);
  return isText || typeof chunk !== "string" ? chunk : Buffer.from(chunk, encoding as "hex");
}

function captureProcessStream(name: StreamName, write: Write): CellStream {
  const decoder = new StringDecoder("utf8");
  const stream = new CellStream(name === "stdout" ? 1 : 2, (chunk) =>
    write(name, typeof chunk === "string" ? chunk : decoder.write(Buffer.from(chunk))),
  );
  Object.defineProperty(process, name, {
    configurable: true,
    enumerable: true,
    get: () => stream,
  });
  return stream;
}

function captureConsole(builtins: Builtins, write: Write): () => void {
  const sink = (name: StreamName): NodeJS.WritableStream =>
    ({ write: (text: string) => write(name, text) }) as unknown as NodeJS.WritableStream;
  const captured = new Console({
    stdout: sink("stdout"),
    stderr: sink("stderr"),
    ignoreErrors: false,
    colorMode: true,
  });
  Object.assign(console, Object.fromEntries(methodsOf(captured)));
  let depth = 0;
  const count = (method: "group" | "groupCollapsed" | "groupEnd", by: 1 | -1): void => {
    const original = console[method];
    console[method] = (...label: unknown[]) => {
      depth = Math.max(0, depth + by);
      Reflect.apply(original, captured, label);
    };
  };
  count("group", 1);
  count("groupCollapsed", 1);
  count("groupEnd", -1);
  const { groupEnd } = console;
  for (const [method, stream] of Object.entries(LOGS) as [keyof typeof LOGS, StreamName][]) {
    const indented = captured[method].bind(captured);
    // Also what the console itself logs, as a failed assertion.
    captured[method] = console[method] = (...values: unknown[]) => {
      // Numbers alone are not coloured: a committed notebook is easier to read and to compare.
      const plain = depth === 0 ? builtins.safely(() => plainText(values)) : null;
      if (plain === null) indented(builtins.safely(() => logText(values)));
      else write(stream, `${plain}\n`);
    };
  }
  console.dir = (value: unknown, options?: object) => console.log(dirText(value, options));
  const { table } = console;
  console.table = (data: unknown, columns?: string[]) => {
    const { rows, more } = tableRows(data);
    table(rows, columns);
    if (more !== null) console.log(more);
  };
  return () => {
    for (let open = depth; open > 0; open--) groupEnd();
  };
}

/** Primitives joined as `console.log` joins them; null where its formatter is needed. */
function plainText(values: readonly unknown[]): string | null {
  const [first] = values;
  if (typeof first === "string" && values.length > 1 && first.includes("%")) return null;
  if (values.length === 1 && typeof first === "string") return first;
  const parts: string[] = [];
  for (const value of values) {
    if (typeof value === "string") parts.push(value);
    else if (typeof value === "number") parts.push(Object.is(value, -0) ? "-0" : String(value));
    else if (typeof value === "boolean" || value === null || value === undefined) {
      parts.push(String(value));
    } else return null;
  }
  return parts.join(" ");
}

function methodsOf(captured: Console): [string, unknown][] {
  return Object.getOwnPropertyNames(console).flatMap((name): [string, unknown][] => {
    const method: unknown = Reflect.get(captured, name);
    return typeof method === "function" && name !== "Console"
      ? [[name, method.bind(captured)]]
      : [];
  });
}

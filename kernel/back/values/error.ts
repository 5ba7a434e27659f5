/** An error that is a value: its stack in cell lines, what caused it, and what else it carries. */
import { paint } from "../../cell/excerpt.ts";
import { clip, type Parts, type Printer } from "./printer.ts";
import { propertiesOf, propertyText } from "./properties.ts";
import { askedFor, classNameOf, dataOf } from "./reflect.ts";

const MAX_FRAMES = 20;
/** A message may be long; the frames stand at the end. */
const MAX_STACK = 100_000;
/** At looks as far as this, the message must do. */
const FAR = 500;
/** Not enumerable, but worth showing. */
const HIDDEN = ["cause", "errors"] as const;

export function errorParts(printer: Printer, value: object): Parts {
  const { head, frames } = stackOf(value);
  const { look, colors, indentation } = printer;
  const isFar = look.characters <= FAR || frames.length === 0;
  const red = (text: string): string => (colors ? paintName(text) : text);
  const lines = isFar ? [] : shortened(frames).map((line) => (colors ? paint.dim(line) : line));
  const title = red(clip(head, look.characters));
  const text = isFar ? `[${title}]` : [title, ...lines].join("\n");
  const base = text.replaceAll("\n", `\n${" ".repeat(indentation)}`);
  const keys = printer.keys.of(value).filter((key) => !isSaid(value, key, head));
  const hidden = HIDDEN.filter((key) => isHidden(value, key));
  return {
    stub: clip(head, 100),
    base,
    open: "{",
    close: "}",
    empty: keys.length + hidden.length === 0 ? base : null,
    entries(level) {
      const { shown } = propertiesOf(printer, value, level, keys);
      const more = hidden.map((key) => {
        const property = Object.getOwnPropertyDescriptor(value, key) ?? {};
        return `[${key}]: ${propertyText(printer, property, level)}`;
      });
      return { shown: [...shown, ...more], hasMore: false };
    },
  };
}

interface Stack {
  /** `RangeError: far`, on as many lines as the message has. */
  readonly head: string;
  readonly frames: readonly string[];
}

function stackOf(value: object): Stack {
  const { name, message } = namesOf(value);
  const ownHead = message === "" ? name : `${name}: ${message}`;
  const stack = stackText(value);
  const tail = Math.max(0, stack.length - MAX_STACK);
  const found = stack.slice(tail).search(/^\s+at /m);
  const start = found < 0 ? -1 : tail + found;
  const head = (start < 0 ? stack : stack.slice(0, start)).trimEnd();
  const frames = start < 0 ? [] : stack.slice(start).split("\n");
  // A stack is made before a constructor can set a name, and knows nothing of a message set later.
  const isWhole = head.includes(name) && head.includes(message);
  return { head: isWhole ? head : ownHead, frames };
}

/** The name is the class's own where only the language has given one. */
function namesOf(value: object): { name: string; message: string } {
  const className = classNameOf(value) ?? "Error";
  const isDom = className === "DOMException";
  const [name, message] = ["name", "message"].map((key) =>
    isDom ? askedFor(value, key) : dataOf(value, key),
  );
  const given = typeof name === "string" && name !== "" ? name : "Error";
  const isLanguages = /^(|Range|Type|Syntax|Reference|Eval|URI|Aggregate)Error$/.test(given);
  const ownName = isLanguages && className !== "Object" ? className : given;
  return {
    name: isDom ? `DOMException [${given}]` : ownName,
    message: typeof message === "string" ? message : "",
  };
}

function stackText(value: object): string {
  const stack = askedFor(value, "stack");
  return typeof stack === "string" ? stack : "";
}

function shortened(frames: readonly string[]): readonly string[] {
  if (frames.length <= MAX_FRAMES) return frames;
  return [...frames.slice(0, MAX_FRAMES), `    ... ${frames.length - MAX_FRAMES} more`];
}

/** Whether the headline says already what the property says. */
function isSaid(value: object, key: PropertyKey, head: string): boolean {
  if (key === "stack") return true;
  if (key !== "name" && key !== "message") return false;
  const text: unknown = Object.getOwnPropertyDescriptor(value, key)?.value;
  return typeof text === "string" && head.includes(text);
}

function isHidden(value: object, key: (typeof HIDDEN)[number]): boolean {
  const property = Object.getOwnPropertyDescriptor(value, key);
  if (property === undefined || property.enumerable === true) return false;
  return key === "cause" || Array.isArray(property.value);
}

function paintName(head: string): string {
  const [name = ""] = /^[^\s:]+/.exec(head) ?? [];
  return paint.red(paint.bold(name)) + head.slice(name.length);
}

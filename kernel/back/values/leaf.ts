/** Primitives as text. */
import { inspect } from "node:util";
import { clip, type Printer } from "./printer.ts";

/** Decimal digits of a larger number take time that grows with the square of its length. */
const LONG_BIGINT = 1n << 4096n;
const HEX_DIGITS = 60;

export function leafText(printer: Printer, value: unknown): string {
  switch (typeof value) {
    case "string":
      return stringText(printer, value);
    case "number":
      return printer.paint(Object.is(value, -0) ? "-0" : String(value), "number");
    case "bigint":
      return printer.paint(bigintText(value), "bigint");
    case "boolean":
      return printer.paint(String(value), "boolean");
    case "symbol":
      return printer.paint(symbolText(value, printer.look.characters), "symbol");
    default:
      return printer.paint(String(value), value === null ? "null" : "undefined");
  }
}

/** `name`, `'a key'`, `[Symbol(key)]`, as in front of a property's colon. */
export function keyText(printer: Printer, key: PropertyKey): string {
  if (typeof key === "symbol") return `[${printer.paint(symbolText(key, 200), "symbol")}]`;
  const name = clip(String(key), 200);
  if (name === "__proto__") return "['__proto__']";
  if (/^[a-z_]\w*$/i.test(name)) return name;
  return printer.paint(inspect(name, { breakLength: Infinity }), "string");
}

function stringText({ look, colors, width, indentation }: Printer, value: string): string {
  const text = inspect(value, {
    colors,
    maxStringLength: look.characters,
    breakLength: width - indentation,
  });
  // A long text is cut at its line ends, into strings that are added.
  return text.includes("\n") ? text.replaceAll("\n", `\n${" ".repeat(indentation)}`) : text;
}

function symbolText(value: symbol, characters: number): string {
  const { description } = value;
  if (description === undefined || description.length <= characters) return inspect(value);
  return `Symbol(${clip(description, characters)})`;
}

function bigintText(value: bigint): string {
  if (value < LONG_BIGINT && value > -LONG_BIGINT) return `${value}n`;
  const hex = (value < 0n ? -value : value).toString(16);
  const digits = Math.round(hex.length * Math.log10(16)).toLocaleString("en");
  const sign = value < 0n ? "-" : "";
  return `${sign}0x${hex.slice(0, HEX_DIGITS)}... (a bigint of about ${digits} digits)`;
}

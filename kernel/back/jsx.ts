/** JSX in a cell without a library of its own: elements are HTML, with everything a reader put in escaped. */

import { inspect } from "node:util";
import { escapeHtml } from "./escape.ts";

type Child = unknown;
type Component = (properties: object) => unknown;

/** HTML that was made by `$jsx`, and may stand in more of it without being escaped. */
class Html {
  readonly html: string;

  constructor(html: string) {
    this.html = html;
  }

  [Symbol.for("Jupyter.display")](): object {
    return { "text/html": this.html, "text/plain": this.html };
  }

  toString(): string {
    return this.html;
  }
}

const VOID = new Set("area base br col embed hr img input link meta source track wbr".split(" "));
const ALIASES: Readonly<Record<string, string>> = { className: "class", htmlFor: "for" };

/** What `<tag property={value}>children</tag>` calls. */
export function jsx(
  tag: string | Component,
  properties: Readonly<Record<string, unknown>> | null,
  ...children: readonly Child[]
): unknown {
  if (typeof tag === "function") return tag({ ...properties, children });
  const attributes = Object.entries(properties ?? {})
    .map(attribute)
    .join("");
  if (VOID.has(tag)) return new Html(`<${tag}${attributes}>`);
  return new Html(`<${tag}${attributes}>${children.map(textOf).join("")}</${tag}>`);
}

/** What `<>children</>` calls. */
export function fragment({ children }: { readonly children: readonly Child[] }): unknown {
  return new Html(children.map(textOf).join(""));
}

function attribute([name, value]: [string, unknown]): string {
  if (value === false || value === null || value === undefined || typeof value === "function") {
    return "";
  }
  const key = ALIASES[name] ?? name;
  if (value === true) return ` ${key}`;
  return ` ${key}="${escapeHtml(typeof value === "object" ? styleOf(value) : stringOf(value))}"`;
}

/** `{ fontSize: "2em" }` as `font-size: 2em`. */
function styleOf(value: object): string {
  return Object.entries(value)
    .map(([key, item]) => `${key.replaceAll(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}: ${item}`)
    .join("; ");
}

function textOf(child: Child): string {
  if (child instanceof Html) return child.html;
  if (Array.isArray(child)) return child.map(textOf).join("");
  if (child === null || child === undefined || typeof child === "boolean") return "";
  return escapeHtml(stringOf(child));
}

function stringOf(value: unknown): string {
  return typeof value === "string" ? value : inspect(value);
}

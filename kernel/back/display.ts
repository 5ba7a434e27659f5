/** Any value as a MIME bundle, and the functions a cell shows things with. */
import { inspect, types } from "node:util";
import type { Bundle } from "../channel.ts";
import { isThenable } from "./interruption.ts";

const DISPLAY = Symbol.for("Jupyter.display");

/** Where the display functions put what they make. */
export interface Screen {
  show(bundle: Bundle | Promise<Bundle>, displayId: string, isUpdate: boolean): void;
  clear(wait: boolean): void;
}

export interface DisplayOptions {
  readonly id?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** What was shown, so that it can be shown anew in its place. As a cell's last value it shows nothing. */
export class DisplayHandle<T = unknown> {
  readonly id: string;
  readonly #put: (value: T) => void;

  constructor(id: string, put: (value: T) => void) {
    this.id = id;
    this.#put = put;
  }

  update(value: T): void {
    this.#put(value);
  }
}

type Maker<T> = (value: T) => Readonly<Record<string, unknown>>;
type Show<T> = (value: T, options?: DisplayOptions) => DisplayHandle<T>;

/** Binary content: bytes, or their base64. */
export type Binary = Uint8Array | string;

export interface Display {
  (value: unknown, options?: DisplayOptions): DisplayHandle;
  /** Shows HTML. */
  html: Show<string>;
  /** Shows Markdown. */
  markdown: Show<string>;
  /** Shows an SVG picture from its source. */
  svg: Show<string>;
  /** Shows a PNG picture. */
  png: Show<Binary>;
  /** Shows a JPEG picture. */
  jpeg: Show<Binary>;
  /** Shows a GIF picture. */
  gif: Show<Binary>;
  /** Shows a PDF document. */
  pdf: Show<Binary>;
  /** Shows a formula, like `$e^{i\pi} = -1$`. */
  latex: Show<string>;
  /** Shows a JSON value as a tree. */
  json: Show<unknown>;
  /** Runs JavaScript in the page. */
  javascript: Show<string>;
  /** Shows text as it is. */
  text: Show<string>;
  /** Shows content in several forms by MIME type, of which the page takes the richest. */
  bundle: Show<Readonly<Record<string, unknown>>>;
}

/** A value as the bundle of its display method, else as Node's `inspect` shows it. */
export function bundleOf(value: unknown): Bundle | Promise<Bundle> {
  const method = isObject(value) ? displayMethodOf(value) : undefined;
  if (typeof method !== "function") return { data: { "text/plain": textOf(value) }, metadata: {} };
  const made: unknown = Reflect.apply(method, value, []);
  return isThenable(made) ? Promise.resolve(made).then(fromMethod) : fromMethod(made);
}

/** A proxy may refuse to be asked; `inspect` shows it all the same. */
function displayMethodOf(value: object): unknown {
  return types.isProxy(value) ? undefined : Reflect.get(value, DISPLAY);
}

/** Plain for a lone primitive, in colour where there is structure to see. */
export function textOf(value: unknown): string {
  return inspect(value, { colors: isObject(value), depth: 4 });
}

export function makeDisplay(screen: Screen, newId: () => string): Display {
  const shower =
    <T>(make: (value: T) => Bundle | Promise<Bundle>): Show<T> =>
    (value, options = {}) => {
      const id = options.id ?? newId();
      const put = (shown: T, isUpdate: boolean): void => {
        const bundle = make(shown);
        screen.show(withMetadata(bundle, options.metadata), id, isUpdate);
      };
      put(value, false);
      return new DisplayHandle(id, (next: T) => put(next, true));
    };
  const simple = <T>(make: Maker<T>): Show<T> => shower((value) => checked(make(value)));
  const binary = (mime: string): Show<Binary> =>
    simple((value) => ({ [mime]: base64(value), "text/plain": `<${mime}>` }));
  return Object.assign(shower<unknown>(bundleOf), {
    html: simple<string>((html) => ({ "text/html": html, "text/plain": html })),
    markdown: simple<string>((text) => ({ "text/markdown": text, "text/plain": text })),
    svg: simple<string>((svg) => ({ "image/svg+xml": svg, "text/plain": "<image/svg+xml>" })),
    png: binary("image/png"),
    jpeg: binary("image/jpeg"),
    gif: binary("image/gif"),
    pdf: binary("application/pdf"),
    latex: simple<string>((latex) => ({ "text/latex": latex, "text/plain": latex })),
    json: simple<unknown>((json) => ({ "application/json": json, "text/plain": inspect(json) })),
    javascript: simple<string>((code) => ({ "application/javascript": code, "text/plain": code })),
    text: simple<string>((text) => ({ "text/plain": text })),
    bundle: simple<Readonly<Record<string, unknown>>>((data) => data),
  });
}

function fromMethod(made: unknown): Bundle {
  if (isObject(made) && !Array.isArray(made))
    return checked(Object.fromEntries(Object.entries(made)));
  throw new TypeError(
    `[Symbol.for("Jupyter.display")]() returned ${inspect(made)}; it must return an object like ` +
      `{ "text/html": "<b>…</b>", "text/plain": "…" }`,
  );
}

/** Texts stay as they are; anything else must be JSON, with typed arrays as lists of numbers. */
function checked(data: Readonly<Record<string, unknown>>): Bundle {
  const entries = Object.entries(data).map(([mime, content]) => {
    if (typeof content === "string") return [mime, content];
    if (/^text\/|^image\/svg/.test(mime)) {
      throw new TypeError(`${mime}: wanted a string, got ${inspect(content, { depth: 0 })}`);
    }
    if (content instanceof Uint8Array && !mime.endsWith("json")) return [mime, base64(content)];
    return [mime, asJson(mime, content)];
  });
  return { data: Object.fromEntries(entries), metadata: {} };
}

function asJson(mime: string, content: unknown): unknown {
  try {
    const text = JSON.stringify(content, (_key, value: unknown) =>
      ArrayBuffer.isView(value) && !(value instanceof DataView)
        ? [...(value as Uint8Array)]
        : value,
    );
    return text === undefined ? null : JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw new TypeError(`${mime}: the content cannot be written as JSON: ${reason}`, {
      cause: error,
    });
  }
}

function withMetadata(
  bundle: Bundle | Promise<Bundle>,
  metadata: DisplayOptions["metadata"],
): Bundle | Promise<Bundle> {
  if (metadata === undefined) return bundle;
  if (bundle instanceof Promise) return bundle.then(({ data }) => ({ data, metadata }));
  return { data: bundle.data, metadata };
}

function base64(value: Binary): string {
  if (typeof value === "string") return value;
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64");
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

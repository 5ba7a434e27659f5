/** Any value as a MIME bundle, and the functions a cell shows things with. */
import { types } from "node:util";
import type { Bundle } from "../channel.ts";
import { isThenable } from "./interruption.ts";
import { valueBundle } from "./values/bundle.ts";
import { asJson, bundleFrom, describe } from "./values/content.ts";
import { isObject } from "./values/reflect.ts";
import { textOf } from "./values/text.ts";

const DISPLAY = Symbol.for("Jupyter.display");

/** Where the display functions put what they make. */
export interface Screen {
  show(bundle: Bundle | Promise<Bundle>, displayId: string, isUpdate: boolean): void;
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

/** A value as the bundle of its display method, else as image, table or text. */
export function bundleOf(value: unknown): Bundle | Promise<Bundle> {
  const method = isObject(value) ? displayMethodOf(value) : undefined;
  if (typeof method !== "function") return valueBundle(value);
  const made: unknown = Reflect.apply(method, value, []);
  return isThenable(made) ? Promise.resolve(made).then(fromMethod) : fromMethod(made);
}

/** A proxy may refuse to be asked; it is shown all the same. */
function displayMethodOf(value: object): unknown {
  if (types.isProxy(value)) return undefined;
  try {
    return Reflect.get(value, DISPLAY);
  } catch {
    return undefined;
  }
}

export function makeDisplay(screen: Screen, newId: () => string): Display {
  const shower =
    <T>(name: string, make: (value: T) => Bundle | Promise<Bundle>): Show<T> =>
    (value, options = {}) => {
      const { id = newId(), metadata } = checkedOptions(options, name);
      const put = (shown: T, isUpdate: boolean): void => {
        screen.show(withMetadata(make(shown), metadata), id, isUpdate);
      };
      put(value, false);
      return new DisplayHandle(id, (next: T) => put(next, true));
    };
  const simple = <T>(name: string, make: Maker<T>): Show<T> =>
    shower(`display.${name}`, (value) => bundleFrom(make(value), `display.${name}`));
  /** Shown as it is, by a page that cannot draw it. */
  const source = (name: string, mime: string): Show<string> =>
    simple(name, (text) => ({ [mime]: text, "text/plain": text }));
  const named = <T extends Binary>(name: string, mime: string): Show<T> =>
    simple(name, (content) => ({ [mime]: content, "text/plain": `<${mime}>` }));
  return Object.assign(shower<unknown>("display", bundleOf), {
    html: source("html", "text/html"),
    markdown: source("markdown", "text/markdown"),
    svg: named<string>("svg", "image/svg+xml"),
    png: named("png", "image/png"),
    jpeg: named("jpeg", "image/jpeg"),
    gif: named("gif", "image/gif"),
    pdf: named("pdf", "application/pdf"),
    latex: source("latex", "text/latex"),
    json: simple<unknown>("json", (json) => ({
      "application/json": json,
      "text/plain": textOf(json, { colors: false }),
    })),
    javascript: source("javascript", "application/javascript"),
    text: simple<string>("text", (text) => ({ "text/plain": text })),
    bundle: shower<Readonly<Record<string, unknown>>>("display.bundle", (data) => {
      if (isObject(data) && !Array.isArray(data)) return bundleFrom(data);
      throw new TypeError(`display.bundle: wanted { "text/html": "…" }, got ${describe(data)}`);
    }),
  });
}

type Metadata = NonNullable<DisplayOptions["metadata"]>;

function checkedOptions(options: unknown, name: string): DisplayOptions {
  if (!isObject(options) || Array.isArray(options)) {
    throw new TypeError(`${name}: wanted options like { id: "plot" }, got ${describe(options)}`);
  }
  const { id, metadata } = options as Readonly<Record<string, unknown>>;
  if (id !== undefined && typeof id !== "string") {
    throw new TypeError(`${name}: wanted a string as id, got ${describe(id)}`);
  }
  if (metadata !== undefined && (!isObject(metadata) || Array.isArray(metadata))) {
    throw new TypeError(`${name}: wanted an object as metadata, got ${describe(metadata)}`);
  }
  if (metadata === undefined) return options;
  return { ...options, metadata: asJson(metadata, `${name}, metadata`) as Metadata };
}

function fromMethod(made: unknown): Bundle {
  if (isObject(made) && !Array.isArray(made)) {
    return bundleFrom(Object.fromEntries(Object.entries(made)));
  }
  throw new TypeError(
    `[Symbol.for("Jupyter.display")]() returned ${describe(made)}; it must return an object like ` +
      `{ "text/html": "<b>…</b>", "text/plain": "…" }`,
  );
}

function withMetadata(
  bundle: Bundle | Promise<Bundle>,
  metadata: DisplayOptions["metadata"],
): Bundle | Promise<Bundle> {
  if (metadata === undefined) return bundle;
  if (bundle instanceof Promise) return bundle.then(({ data }) => ({ data, metadata }));
  return { data: bundle.data, metadata };
}

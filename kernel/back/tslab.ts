/** tslab's display functions under tslab's names, over ours: notebooks written for tslab run. */
import { TYPESCRIPT_VERSION, VERSION } from "../host/manifest.ts";
import type { Binary, Display, DisplayHandle } from "./display.ts";

interface TslabDisplay {
  javascript(code: string): void;
  html(html: string): void;
  markdown(text: string): void;
  latex(latex: string): void;
  svg(svg: string): void;
  png(bytes: Uint8Array): void;
  jpeg(bytes: Uint8Array): void;
  gif(bytes: Uint8Array): void;
  pdf(bytes: Uint8Array): void;
  text(text: string): void;
  raw(mime: string, content: Binary): void;
}

/** All that `import … from "tslab"` gives. */
export interface Tslab {
  readonly display: TslabDisplay;
  /** One place that every call of the returned display writes anew. */
  readonly newDisplay: () => TslabDisplay;
  readonly versions: { readonly tslab: string; readonly typescript: string; readonly node: string };
}

export function makeTslab(display: Display): Tslab & { readonly default: Tslab } {
  const tslab: Tslab = {
    display: tslabDisplay((data) => void display.bundle(data)),
    newDisplay: () => {
      let handle: DisplayHandle<Readonly<Record<string, unknown>>> | null = null;
      return tslabDisplay((data) => {
        if (handle === null) handle = display.bundle(data);
        else handle.update(data);
      });
    },
    // Read when they are asked for: most notebooks never do.
    get versions() {
      return versions();
    },
  };
  const own = Object.getOwnPropertyDescriptors(tslab);
  return Object.defineProperties({} as Tslab & { default: Tslab }, {
    ...own,
    default: { value: tslab, enumerable: true },
  });
}

function versions(): Tslab["versions"] {
  return {
    tslab: `gradbook ${VERSION}`,
    typescript: TYPESCRIPT_VERSION,
    node: process.version,
  };
}

function tslabDisplay(show: (data: Readonly<Record<string, unknown>>) => void): TslabDisplay {
  const raw = (mime: string, content: Binary): void => show({ [mime]: content });
  const as = (mime: string) => (content: Binary) => raw(mime, content);
  return {
    javascript: as("text/javascript"),
    html: as("text/html"),
    markdown: as("text/markdown"),
    latex: as("text/latex"),
    svg: as("image/svg+xml"),
    png: as("image/png"),
    jpeg: as("image/jpeg"),
    gif: as("image/gif"),
    pdf: as("application/pdf"),
    text: as("text/plain"),
    raw,
  };
}

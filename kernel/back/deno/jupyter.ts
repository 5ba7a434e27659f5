/** `Deno.jupyter`: what shows things. https://docs.deno.com/api/deno/~/Deno.jupyter */
import fs from "node:fs";
import { bundleOf, type Screen } from "../display.ts";
import type { NotebookApi } from "../notebook.ts";
import { bundleFrom, describe } from "../values/content.ts";
import { isObject } from "../values/reflect.ts";
import type { DenoJupyter, ShowOptions, Tag } from "./api.ts";

const DISPLAY = Symbol.for("Jupyter.display");

type Data = Readonly<Record<string, unknown>>;

export interface DenoJupyterParts {
  readonly screen: Screen;
  readonly clearOutput: NotebookApi["clearOutput"];
}

export function makeJupyter({ screen, clearOutput }: DenoJupyterParts): DenoJupyter {
  let count = 0;
  const newId = (): string => `deno-${process.pid}-${count++}`;
  const show = async (value: unknown, options: ShowOptions = {}): Promise<void> => {
    const { raw = false, update = false, display_id: id = newId() } = options;
    screen.show(raw ? bundleFrom(value as Data) : bundleOf(value), id, update);
  };
  return {
    $display: DISPLAY,
    display: show,
    format: async (value: unknown) => (await bundleOf(value)).data,
    html: tag("text/html"),
    md: tag("text/markdown"),
    svg: tag("image/svg+xml"),
    image: (source: string | URL | Uint8Array) =>
      typeof source === "string" || source instanceof URL ? fs.readFileSync(source) : source,
    async broadcast(type: string, content: Data) {
      const { data, transient, wait } = content;
      const id = isObject(transient) ? Reflect.get(transient, "display_id") : undefined;
      if (type === "clear_output") return clearOutput({ wait: wait === true });
      if (type !== "display_data" && type !== "update_display_data") {
        throw new Error(
          `Deno.jupyter.broadcast: ${type} cannot be sent by hand here; comm.open("…") opens a comm, console.log prints`,
        );
      }
      if (!isObject(data)) {
        throw new TypeError(`Deno.jupyter.broadcast: wanted { data: … }, got ${describe(content)}`);
      }
      const isUpdate = type === "update_display_data";
      await show(data, {
        raw: true,
        update: isUpdate,
        ...(typeof id === "string" ? { display_id: id } : {}),
      });
    },
  };
}

/** A template whose value is shown as content of a type. */
function tag(mime: string): Tag {
  return (texts, ...values) => {
    const text = String.raw({ raw: texts }, ...values);
    return { [DISPLAY]: () => ({ [mime]: text, "text/plain": text }) };
  };
}

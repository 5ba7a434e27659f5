/** The whole conformance list. */
import { imports } from "./imports.table.ts";
import { javascript } from "./javascript.table.ts";
import { magics } from "./magics.table.ts";
import type { Row } from "./row.ts";
import { types } from "./types.table.ts";
import { typescript } from "./typescript.table.ts";
import { values } from "./values.table.ts";

/** By what they are about. */
export const tables: Readonly<Record<string, readonly Row[]>> = {
  values,
  javascript,
  typescript,
  types,
  imports,
  magics,
};

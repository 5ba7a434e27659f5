/** From a position in a compiled cell back to the line and column its author wrote. */
import { SourceMap } from "node:module";
import { type ColumnShift, unshift } from "./rewrite.ts";

/** From a position in the script back to the cell. */
export interface CellMap {
  /** The `mappings` of a version 3 source map. */
  readonly mappings: string;
  readonly shifts: readonly ColumnShift[];
  /** Columns that were put before the first line of the cell itself. */
  readonly indent: number;
}

export interface Position {
  /** From 0. */
  readonly line: number;
  /** From 0, in UTF-16. */
  readonly column: number;
}

export type Mapper = (position: Position) => Position | null;

/** The map is decoded at its first use: most cells never throw. */
export function mapperOf(map: CellMap): Mapper {
  let decoded: SourceMap | null = null;
  return ({ line, column }) => {
    decoded ??= new SourceMap({
      version: 3,
      file: "cell.js",
      sources: ["cell.ts"],
      sourcesContent: [],
      names: [],
      mappings: map.mappings,
      sourceRoot: "",
    });
    const entry = decoded.findEntry(line, unshift(map.shifts, line, column));
    if (!("originalLine" in entry)) return null;
    const indent = entry.originalLine === 0 ? map.indent : 0;
    return { line: entry.originalLine, column: Math.max(0, entry.originalColumn - indent) };
  };
}

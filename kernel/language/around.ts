/** What stands around a place of a cell, as far as it decides what is said of a mistake there. */
import { type Node, parseSync } from "oxc-parser";
import { childrenOf } from "../cell/declarations.ts";
import { languageOf } from "../cell/transpile.ts";

export interface Around {
  /** Whether it is run by those who call the function it stands in, and not by the cell. */
  readonly inFunction: boolean;
  /** Whether it is asked if it is there, as in `typeof window === "undefined"`. */
  readonly isAskedFor: boolean;
  /** Whether it stands for a type. */
  readonly isType: boolean;
}

export function around(source: string, offset: number): Around {
  const { program } = parseSync(`cell.${languageOf(source)}`, source, { sourceType: "module" });
  const contains = ({ start, end }: Node): boolean => start <= offset && offset < end;
  let inFunction = false;
  let isType = false;
  let parent: Node | undefined;
  let at: Node | undefined = program.body.find(contains);
  for (; at !== undefined; parent = at, at = childrenOf(at).find(contains)) {
    inFunction ||= /^(?:Function|Arrow)/.test(at.type);
    isType ||= at.type === "TSTypeReference";
    if (at.type !== "UnaryExpression" || at.operator !== "typeof") continue;
    const isAskedFor = at.argument.type === "Identifier" && parent?.type === "BinaryExpression";
    if (isAskedFor) return { inFunction, isAskedFor, isType };
  }
  return { inFunction, isAskedFor: false, isType };
}

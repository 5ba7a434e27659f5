/** Functions with their signature, classes with what they extend. */
import { types } from "node:util";
import { parametersOf } from "./parameters.ts";
import { clip, type Parts, type Printer } from "./printer.ts";
import { propertiesOf } from "./properties.ts";
import { classNameOf } from "./reflect.ts";

type Callable = (...args: never[]) => unknown;

const MAX_NAME = 100;

export function functionParts(printer: Printer, value: object): Parts {
  const text = headOf(value as Callable);
  const base = printer.paint(text, "special");
  return {
    stub: text.slice(1, -1),
    base,
    open: "{",
    close: "}",
    empty: printer.keys.of(value).length === 0 ? base : null,
    entries: (level) => propertiesOf(printer, value, level),
  };
}

/** `[Function: f(a, b = 2)]`, `[class A extends B]` */
export function headOf(value: Callable): string {
  const source = Function.prototype.toString.call(value);
  const name = nameOf(value);
  if (isClass(source)) {
    const parent = Object.getPrototypeOf(value) as object | null;
    const parentName =
      typeof parent === "function" && !types.isProxy(parent) ? nameOf(parent as Callable) : "";
    const head = `class ${name === "" ? "(anonymous)" : name}`;
    return `[${head}${parentName === "" ? "" : ` extends ${parentName}`}]`;
  }
  const kind = kindOf(value);
  const parameters = parametersOf(source);
  const given = classNameOf(value);
  const suffix = given === null ? " (null prototype)" : "";
  if (name === "" && parameters === null) return `[${kind}${suffix} (anonymous)]`;
  return `[${kind}${suffix}: ${name}${parameters ?? ""}]`;
}

function kindOf(value: Callable): string {
  const async = types.isAsyncFunction(value) ? "Async" : "";
  return `${async}${types.isGeneratorFunction(value) ? "Generator" : ""}Function`;
}

function nameOf(value: Callable): string {
  const name: unknown = Object.getOwnPropertyDescriptor(value, "name")?.value;
  return typeof name === "string" ? clip(name, MAX_NAME) : "";
}

function isClass(source: string): boolean {
  return /^class(?![\p{ID_Continue}$])/u.test(source) && source.endsWith("}");
}

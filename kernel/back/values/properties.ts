/** The properties of an object as the entries of a text; getters are named, never run. */
import { keyText } from "./leaf.ts";
import type { Entries, Printer } from "./printer.ts";

export function propertiesOf(
  printer: Printer,
  value: object,
  level: number,
  keys: readonly PropertyKey[] = printer.keys.of(value),
): Entries {
  const shown: string[] = [];
  for (const key of keys) {
    if (shown.length >= printer.look.items || printer.isSpent) break;
    const property = Object.getOwnPropertyDescriptor(value, key);
    if (property === undefined) continue;
    const name = keyText(printer, key);
    printer.spend(name.length);
    shown.push(`${name}: ${propertyText(printer, property, level)}`);
  }
  const left = keys.length - shown.length;
  if (left <= 0) return { shown, hasMore: false };
  shown.push(left === 1 ? "... 1 more property" : `... ${left} more properties`);
  return { shown, hasMore: true };
}

export function propertyText(
  printer: Printer,
  property: PropertyDescriptor,
  level: number,
): string {
  if (property.get !== undefined) {
    return printer.paint(property.set === undefined ? "[Getter]" : "[Getter/Setter]", "special");
  }
  if (property.set !== undefined) return printer.paint("[Setter]", "special");
  printer.indentation += 2;
  const text = printer.print(property.value, level);
  printer.indentation -= 2;
  return text;
}

/** JSON values bent out of shape. */
import { isRecord } from "../../../kernel/wire/check.ts";
import type { Json, JsonObject } from "../../schema/shape.ts";
import type { Random } from "./random.ts";

const KEYS = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "",
  "\0",
  "status",
  "code",
  "subshell_id",
  "0",
  "💥",
];

const SCALARS: readonly Json[] = [
  null,
  true,
  false,
  0,
  -0,
  -1,
  1.5,
  2 ** 31,
  -(2 ** 31) - 1,
  2 ** 53,
  -(2 ** 60),
  Number.MAX_VALUE,
  "",
  "0",
  "\0",
  "💥\u{10FFFF}",
  "\ud800",
  "__proto__",
  "e\u0301\u202e",
  "*?[",
  [],
  {},
  [[]],
];

/** A copy with one to three things wrong with it. */
export function bent(value: JsonObject, random: Random): JsonObject {
  const root = structuredClone(value);
  const holder: JsonObject = { root };
  for (let n = 1 + random.below(3); n > 0; n--) bendOnce(holder, random);
  const { root: result } = holder;
  return result as JsonObject;
}

function bendOnce(holder: JsonObject, random: Random): void {
  const [parent, key] = placeIn(holder, random);
  const old = (parent as JsonObject)[key] ?? null;
  switch (random.below(8)) {
    case 0:
      if (parent !== holder) Reflect.deleteProperty(parent, key);
      return;
    case 1:
      return put(isRecord(old) ? old : parent, random.pick(KEYS), scalar(random));
    case 2:
      return put(parent, key, random.chance(0.5) ? [old] : { [key]: old });
    case 3:
      return put(parent, key, size(old, random));
    case 4: {
      const others = Object.keys(parent);
      const other = random.pick(others);
      const value = (parent as JsonObject)[other] ?? null;
      put(parent, other, old);
      return put(parent, key, value);
    }
    case 5:
      return put(parent, key, huge(random));
    default:
      return put(parent, key, scalar(random));
  }
}

/** Some place below; the deeper ones are as likely as the others. */
function placeIn(holder: JsonObject, random: Random): [Json[] | JsonObject, string] {
  let parent: Json[] | JsonObject = holder;
  let key = "root";
  for (;;) {
    const value: Json | undefined = (parent as JsonObject)[key];
    if (typeof value !== "object" || value === null || random.chance(0.3)) return [parent, key];
    const keys = Object.keys(value);
    if (keys.length === 0) return [parent, key];
    parent = value;
    key = random.pick(keys);
  }
}

/** An own property whatever its name: `__proto__` too, as JSON.parse makes it. */
function put(parent: object, key: string, value: Json): void {
  Object.defineProperty(parent, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

function scalar(random: Random): Json {
  return structuredClone(random.pick(SCALARS));
}

/** A value of the same type, with another size. */
function size(value: Json, random: Random): Json {
  if (typeof value === "number") return value * random.pick([-1, 2, 1e6, 0.5]) + random.below(3);
  if (typeof value === "string") {
    return random.chance(0.5) ? value.slice(random.below(value.length + 1)) : value + value;
  }
  if (Array.isArray(value)) return [...value, ...value];
  return scalar(random);
}

/** Long or deep; seldom very. */
function huge(random: Random): Json {
  const n = 10 ** random.below(random.chance(0.02) ? 6 : 4);
  if (random.chance(0.5)) return random.pick(["x", "💥", "\n", "("]).repeat(n);
  let nested: Json = 1;
  for (let depth = Math.min(n, 2000); depth > 0; depth--) nested = [nested];
  return nested;
}

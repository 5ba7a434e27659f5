/** Structural checkers: `unknown` at the edge, exact types inside, an error that names the field. */

export type Checker<T> = (value: unknown, path: string) => T;

/** The type that a checker lets through. */
export type Checked<C> = C extends Checker<infer T> ? T : never;

export class ContentError extends TypeError {
  override name = "ContentError";
}

function wanted(what: string, value: unknown, path: string): ContentError {
  const got = value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
  return new ContentError(`${path}: expected ${what}, got ${got}`);
}

export const string: Checker<string> = (value, path) => {
  if (typeof value === "string") return value;
  throw wanted("a string", value, path);
};

export const boolean: Checker<boolean> = (value, path) => {
  if (typeof value === "boolean") return value;
  throw wanted("a boolean", value, path);
};

export const integer: Checker<number> = (value, path) => {
  if (typeof value === "number" && Number.isSafeInteger(value)) return value;
  throw wanted("an integer", value, path);
};

export const anything: Checker<unknown> = (value) => value;

/** A field that may be missing (or null, as some clients send it) and then has the given value. */
export function optional<T>(checker: Checker<T>, missing: T): Checker<T> {
  return (value, path) => (value === undefined || value === null ? missing : checker(value, path));
}

export function oneOf<const T extends string>(...options: readonly T[]): Checker<T> {
  return (value, path) => {
    const found = options.find((option) => option === value);
    if (found !== undefined) return found;
    throw wanted(options.map((option) => JSON.stringify(option)).join(" or "), value, path);
  };
}

export function record<T>(checker: Checker<T>): Checker<Record<string, T>> {
  return (value, path) => {
    if (!isRecord(value)) throw wanted("an object", value, path);
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, checker(item, `${path}.${key}`)]),
    );
  };
}

export function object<S extends Record<string, Checker<unknown>>>(
  shape: S,
): Checker<{ [K in keyof S]: Checked<S[K]> }> {
  const keys = Object.keys(shape);
  return (value, path) => {
    if (!isRecord(value)) throw wanted("an object", value, path);
    const checked: Record<string, unknown> = {};
    for (const key of keys) checked[key] = shape[key](value[key], `${path}.${key}`);
    return checked as { [K in keyof S]: Checked<S[K]> };
  };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

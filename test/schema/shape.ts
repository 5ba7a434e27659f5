/** What a message may look like, to the last field: stricter than the checkers of the kernel, which let more through. */
import {
  type Checked,
  type Checker,
  ContentError,
  isRecord,
  oneOf,
} from "../../kernel/wire/check.ts";

type Fields = Record<string, Checker<unknown>>;
type Required<R extends Fields> = { [K in keyof R]: Checked<R[K]> };
type Exact<R extends Fields, O extends Fields> = Required<R> & { [K in keyof O]?: Checked<O[K]> };

export type Json = string | number | boolean | null | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

/** All of the required fields, perhaps some of the optional ones, and no other. */
export function exact<R extends Fields>(required: R): Checker<Required<R>>;
export function exact<R extends Fields, O extends Fields>(
  required: R,
  optional: O,
): Checker<Exact<R, O>>;
export function exact(required: Fields, optional: Fields = {}): Checker<unknown> {
  return (value, path) => {
    if (!isRecord(value)) throw new ContentError(`${path}: expected an object`);
    for (const [key, checker] of Object.entries(required)) {
      if (!Object.hasOwn(value, key)) throw new ContentError(`${path}.${key}: is missing`);
      checker(value[key], `${path}.${key}`);
    }
    for (const key of Object.keys(value).filter((name) => !Object.hasOwn(required, name))) {
      const checker = Object.hasOwn(optional, key) ? optional[key] : undefined;
      if (checker === undefined) throw new ContentError(`${path}.${key}: is not in the schema`);
      checker(value[key], `${path}.${key}`);
    }
    return value;
  };
}

export function array<T>(item: Checker<T>): Checker<T[]> {
  return (value, path) => {
    if (!Array.isArray(value)) throw new ContentError(`${path}: expected an array`);
    return value.map((element, i) => item(element, `${path}[${i}]`));
  };
}

export function either<A, B>(first: Checker<A>, second: Checker<B>): Checker<A | B> {
  return (value, path) => {
    try {
      return first(value, path);
    } catch (error) {
      try {
        return second(value, path);
      } catch (other) {
        throw new ContentError(`${String(error)}; or ${String(other)}`, { cause: other });
      }
    }
  };
}

export function matching(pattern: RegExp): Checker<string> {
  return (value, path) => {
    if (typeof value === "string" && pattern.test(value)) return value;
    throw new ContentError(`${path}: ${JSON.stringify(value)} does not match ${pattern}`);
  };
}

export const literal = <const T extends string>(value: T): Checker<T> => oneOf(value);

/** A count: an integer that is not negative. */
export const count: Checker<number> = (value, path) => {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  throw new ContentError(`${path}: ${JSON.stringify(value)} is no count`);
};

export const json: Checker<Json> = (value, path) => {
  if (value === undefined) throw new ContentError(`${path}: is missing`);
  return value as Json;
};

export const jsonObject: Checker<JsonObject> = (value, path) => {
  if (isRecord(value)) return value as JsonObject;
  throw new ContentError(`${path}: expected an object`);
};

/** As nbformat has it: text, or JSON that is an object. */
export interface MimeBundle {
  [type: string]: string | string[] | JsonObject;
}

const MIME = /^[\w.+-]+\/[\w.+-]+(;\s*[\w-]+=\S+)*$/;

/** Text, but for the types that are JSON themselves. messaging.html#display-data */
export const mimeBundle: Checker<MimeBundle> = (value, path) => {
  for (const [type, data] of Object.entries(jsonObject(value, path))) {
    if (!MIME.test(type)) throw new ContentError(`${path}: ${type} is no MIME type`);
    const isJson = /^[\w.]+\/(.+\+)?json(;|$)/.test(type);
    if (!isJson && typeof data !== "string") {
      throw new ContentError(`${path}.${type}: expected text`);
    }
  }
  return value as MimeBundle;
};

/** "A plain text representation should always be provided." messaging.html#id5 */
export const resultBundle: Checker<MimeBundle> = (value, path) => {
  const bundle = mimeBundle(value, path);
  if (bundle["text/plain"] === undefined) throw new ContentError(`${path}: without text/plain`);
  return bundle;
};

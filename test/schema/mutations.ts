/** Small steps away from a right message. */
import type { Json, JsonObject } from "./shape.ts";

export interface Mutation {
  readonly what: string;
  readonly value: JsonObject;
}

const OTHERS: readonly Json[] = [null, true, -1, 1.5, "", [], {}];

/** The object with each field left out, each given a value of another type, and one field too many. */
export function mutationsOf(value: JsonObject): Mutation[] {
  const mutations: Mutation[] = [{ what: "one field more", value: { ...value, surplus: 1 } }];
  for (const [key, kept] of Object.entries(value)) {
    const { [key]: _left, ...rest } = value;
    mutations.push({ what: `without ${key}`, value: rest });
    for (const other of OTHERS.filter((candidate) => kindOf(candidate) !== kindOf(kept))) {
      const what = `${key}: ${JSON.stringify(other)}`;
      mutations.push({ what, value: { ...value, [key]: other } });
    }
  }
  return mutations;
}

function kindOf(value: Json): string {
  return value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
}

/** Picks a backend by name. */
import type { Backend } from "./backend.ts";
import { createJavascript } from "./javascript/index.ts";
import { reference } from "./reference.ts";

const backends = { reference: () => reference, javascript: createJavascript } as const;

/** The backends that carry out an op by itself. */
export type BackendName = keyof typeof backends;

/** Every backend's name, the fastest first. */
export const backendNames: readonly BackendName[] = ["javascript", "reference"];

/** The backend of that name; throws a list of those there are. */
export function selectBackend(name: BackendName): Backend {
  if (!Object.hasOwn(backends, name)) {
    throw new TypeError(
      `backend ${name as string} is unknown; use one of ${backendNames.join(", ")}`,
    );
  }
  return backends[name]();
}

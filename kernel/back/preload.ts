/** The modules named by --preload: a hidden cell zero, whose exports are names of the notebook. */
import type { KnownName } from "../channel.ts";
import type { Scope } from "./scope.ts";

/** Declares the exports of each module; `complain` is told of one that cannot be loaded. */
export async function preload(
  modules: readonly string[],
  scope: Scope,
  complain: (sentence: string) => void,
): Promise<KnownName[]> {
  const known: KnownName[] = [];
  for (const module of modules) {
    try {
      const namespace = (await import(module)) as Readonly<Record<string, unknown>>;
      const names = Object.keys(namespace).filter((name) => name !== "default");
      for (const name of names) scope.declare(name, namespace[name]);
      known.push(...scope.known(names));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      complain(`The module ${module} could not be preloaded, so its names are missing: ${reason}`);
    }
  }
  return known;
}

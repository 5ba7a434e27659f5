/** The module named by --preload: a hidden cell zero, whose exports are names of the notebook. */
import type { KnownName } from "../channel.ts";
import type { Scope } from "./scope.ts";

export async function preload(module: string, scope: Scope): Promise<KnownName[]> {
  const namespace = (await import(module)) as Readonly<Record<string, unknown>>;
  const names = Object.keys(namespace).filter((name) => name !== "default");
  for (const name of names) scope.declare(name, namespace[name]);
  return scope.known(names);
}

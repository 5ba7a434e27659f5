/** The compiler, which is a third of this part of the library, and is read only when the first plan is compiled. */
import type * as compiledModule from "./compiled.ts";

/** What plans are compiled with. */
export interface Compiler {
  readonly Compiled: typeof compiledModule.Compiled;
  readonly Machine: typeof compiledModule.Machine;
}

interface NodeModule {
  createRequire(url: string): (path: string) => unknown;
}

interface NodeProcess {
  getBuiltinModule?(name: string): unknown;
}

const { process } = globalThis as { process?: NodeProcess };
const node = process?.getBuiltinModule?.("node:module") as NodeModule | undefined;

/** Elsewhere than in Node nothing can be read in the middle of a run: it is asked for early, and there when it is there. */
const arriving: { compiler?: Compiler } = {};
if (node === undefined) {
  void import("./compiled.ts").then(({ Compiled, Machine }) => {
    arriving.compiler = { Compiled, Machine };
  });
}

/** The compiler; nothing where it is still on its way, or where there is no WebAssembly. */
export function compiler(): Compiler | undefined {
  if (!("WebAssembly" in globalThis)) return undefined;
  if (node === undefined) return arriving.compiler;
  const read = node.createRequire(import.meta.url);
  const { Compiled, Machine } = read("./compiled.js") as typeof compiledModule;
  return { Compiled, Machine };
}

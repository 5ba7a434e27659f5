/** Vectors of 256 bits where this runs: in Node, whose engine makes them out of pairs if it is told to. */
import { engine, type CompileWide } from "./wasm/engine.ts";
import { isWiderFaster } from "./wasm/race.ts";

interface NodeProcess {
  getBuiltinModule?(name: string): unknown;
  readonly arch?: string;
  readonly versions?: { readonly v8?: string };
  readonly execArgv?: readonly string[];
}

interface EngineFlags {
  setFlagsFromString(flags: string): void;
}

/**
 * While a module is compiled: pairs of vectors are joined, and every function is finished at once by the compiler that
 * does that, without guesses that it could not take back. Afterwards all is as it was for the modules of others. Only
 * versions that were tried are here: the engine complains about a flag it does not know, and can end the process where
 * two do not go together.
 */
const flagsOf: Readonly<Record<string, readonly string[]>> = {
  "13.6": ["experimental-wasm-revectorize", "no-liftoff", "no-wasm-lazy-compilation"],
  "14.6": [
    "experimental-wasm-revectorize",
    "no-liftoff",
    "no-wasm-lazy-compilation",
    "no-wasm-deopt",
  ],
};

let found: { readonly compile: CompileWide | undefined } | undefined;

/** Compiles modules with vectors of 256 bits; nothing where there are none, or where they are not faster. */
export function wideHere(): CompileWide | undefined {
  if (found === undefined) {
    const compile = compilerHere();
    found = { compile: compile !== undefined && isWiderFaster(compile) ? compile : undefined };
  }
  return found.compile;
}

/** The compiler by itself, whatever comes of it. */
export function compilerHere(): CompileWide | undefined {
  const { process } = globalThis as { process?: NodeProcess };
  const v8 = process?.getBuiltinModule?.("node:v8") as EngineFlags | undefined;
  const version = process?.versions?.v8?.split(".", 2).join(".") ?? "";
  const flags = process?.arch === "x64" ? flagsOf[version] : undefined;
  const isAsked =
    process?.execArgv?.some((flag) => /^--.*(liftoff|wasm-(lazy|deopt)|revectorize)/.test(flag)) ??
    false;
  if (v8 === undefined || flags === undefined || isAsked) return undefined;
  return (bytes) => {
    for (const flag of flags) v8.setFlagsFromString(`--${flag}`);
    try {
      return new engine!.Module(bytes);
    } finally {
      for (const flag of flags) v8.setFlagsFromString(`--${opposite(flag)}`);
    }
  };
}

function opposite(flag: string): string {
  return flag.startsWith("no-") ? flag.slice(3) : `no-${flag}`;
}

/** What the engine does only if it is told to, by flags that Node passes on: they are set while a module is compiled. */
import { engine, type Compile, type Told } from "./wasm/engine.ts";
import { hasFused, isWiderFaster } from "./wasm/probe.ts";

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
 * By version, since the engine complains about a flag it does not know, and can end the process where two do not go
 * together: only those that were tried are here.
 */
type Flags = Readonly<Record<string, readonly string[]>>;

/** Relaxed SIMD, which newer engines have by themselves. */
const forFused: Flags = { "11.3": ["experimental-wasm-relaxed-simd"] };

/**
 * Pairs of vectors are joined, and every function is finished at once by the compiler that does that, without guesses
 * that it could not take back.
 */
const forWide: Flags = {
  "13.6": ["experimental-wasm-revectorize", "no-liftoff", "no-wasm-lazy-compilation"],
  "14.6": [
    "experimental-wasm-revectorize",
    "no-liftoff",
    "no-wasm-lazy-compilation",
    "no-wasm-deopt",
  ],
};

/** From this version of V8 on, a loop is computed in the order in which it is written. */
const ORDERED = 13;

/** What there is here. */
export function toldHere(): Told {
  const version = versionHere();
  const hoists = version !== undefined && Number.parseFloat(version) < ORDERED;
  return { hoists, fused: fusedHere(), wide: wideHere };
}

/** Of V8, if this is Node: "13.6". */
function versionHere(): string | undefined {
  const { process } = globalThis as { process?: NodeProcess };
  return process?.versions?.v8?.split(".", 2).join(".");
}

/** Modules with a product and a sum as one instruction; nothing where the engine has it by itself, or not at all. */
export function fusedHere(): Compile | undefined {
  const telling = tellingHere(forFused);
  if (telling === undefined || hasFused() || !telling(hasFused)) return undefined;
  return compilerOf(telling);
}

let found: { readonly compile: Compile | undefined } | undefined;

/** Modules with vectors of 256 bits; nothing where there are none, or where they are not faster. */
export function wideHere(): Compile | undefined {
  if (found === undefined) {
    const compile = wideCompiler();
    found = { compile: compile !== undefined && isWiderFaster(compile) ? compile : undefined };
  }
  return found.compile;
}

/** The compiler of wide vectors by itself, whatever comes of it. */
export function wideCompiler(): Compile | undefined {
  const telling = tellingHere(forWide);
  return telling && compilerOf(telling);
}

/** Does something while the engine is told; afterwards all is as it was for the modules of others. */
type Telling = <R>(action: () => R) => R;

function compilerOf(telling: Telling): Compile {
  return (bytes) => telling(() => new engine!.Module(bytes));
}

function tellingHere(byVersion: Flags): Telling | undefined {
  const { process } = globalThis as { process?: NodeProcess };
  const v8 = process?.getBuiltinModule?.("node:v8") as EngineFlags | undefined;
  const flags = process?.arch === "x64" ? byVersion[versionHere() ?? ""] : undefined;
  // Whoever has said how the engine is to compile keeps that.
  const isAsked =
    process?.execArgv?.some((flag) =>
      /^--.*(liftoff|wasm-(lazy|deopt)|revectorize|relaxed-simd)/.test(flag),
    ) ?? false;
  if (v8 === undefined || flags === undefined || isAsked) return undefined;
  return (action) => {
    for (const flag of flags) v8.setFlagsFromString(`--${flag}`);
    try {
      return action();
    } finally {
      for (const flag of flags) v8.setFlagsFromString(`--${opposite(flag)}`);
    }
  };
}

function opposite(flag: string): string {
  return flag.startsWith("no-") ? flag.slice(3) : `no-${flag}`;
}

/** WebAssembly as this backend uses it: a part of what browsers and Node have, and TypeScript declares only for the former. */

/** Memory that modules share. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** A compiled module. */
export interface WasmModule {
  readonly compiled?: never;
}

/** Compiles a module. Other threads that compile the same bytes are given the same code. */
export type Compile = (bytes: Uint8Array<ArrayBuffer>) => WasmModule;

/** What is known of an engine by its version, and compilers for what it does only if it is told to. */
export interface Told {
  /** It reads all that a loop reads before it computes: of one written out several times, more than fits into registers. */
  readonly hoists?: boolean;
  /** A product and a sum are one instruction, which the engine has not by itself. */
  readonly fused?: Compile | undefined;
  /** At once, and so that vectors which lie side by side are computed as one of 256 bits; asked for by the first large plan. */
  readonly wide?: () => Compile | undefined;
}

interface Engine {
  readonly Memory: new (limits: {
    initial: number;
    maximum: number;
    shared?: boolean;
  }) => WasmMemory;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => WasmModule;
  readonly Instance: new (
    module: WasmModule,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ) => { readonly exports: Readonly<Record<string, (...args: number[]) => void>> };
  validate(bytes: Uint8Array<ArrayBuffer>): boolean;
}

/** The engine; absent where a page forbids generated code. */
export const engine = (globalThis as { WebAssembly?: unknown }).WebAssembly as Engine | undefined;

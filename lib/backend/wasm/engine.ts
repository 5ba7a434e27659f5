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

/**
 * Compiles a module at once, and so that vectors which lie side by side are computed as one of 256 bits. Other threads
 * that compile the same bytes are given the same code.
 */
export type CompileWide = (bytes: Uint8Array<ArrayBuffer>) => WasmModule;

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

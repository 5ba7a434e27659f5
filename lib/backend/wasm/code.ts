/** The body of a WebAssembly function, written instruction by instruction. */

/** The types of locals and of what is on the stack. */
export type Type = "i32" | "i64" | "f32" | "f64" | "v128";

/** The codes of types in the binary format (WebAssembly 2.0, §5.3). */
export const typeCodes: Readonly<Record<Type, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
};

/** The scalar instructions that are used, by their names in the specification (§5.4). */
export const op = {
  i32Load: 0x28,
  i32Load8U: 0x2d,
  i64Load: 0x29,
  f32Load: 0x2a,
  f64Load: 0x2b,
  i32Store: 0x36,
  i32Store8: 0x3a,
  i64Store: 0x37,
  f32Store: 0x38,
  f64Store: 0x39,
  i32Eqz: 0x45,
  i32Eq: 0x46,
  i32LtS: 0x48,
  i32GtS: 0x4a,
  i32LeS: 0x4c,
  i32GeS: 0x4e,
  i32Add: 0x6a,
  i32Sub: 0x6b,
  i32Mul: 0x6c,
  i32DivU: 0x6e,
  i32RemU: 0x70,
  i32And: 0x71,
  f32Add: 0x92,
  f32Mul: 0x94,
  f64Add: 0xa0,
  f64Mul: 0xa2,
  f32ConvertI32: 0xb3,
  f32DemoteF64: 0xb6,
  f64ConvertI32: 0xb8,
  f64PromoteF32: 0xbb,
  select: 0x1b,
} as const;

/** Unsigned LEB128. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return bytes;
}

/** Signed LEB128 of a 32-bit number. */
export function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  for (;;) {
    const low = rest & 127;
    rest >>= 7;
    const last = (rest === 0 && (low & 64) === 0) || (rest === -1 && (low & 64) !== 0);
    if (last) return [...bytes, low];
    bytes.push(low + 128);
  }
}

const EMPTY_BLOCK = 0x40;

/** A function being written. Parameters are the first locals. */
export class Code {
  readonly params: readonly Type[];
  readonly #prologue: number[] = [];
  readonly #body: number[] = [];
  readonly #locals: Type[] = [];
  readonly #released = new Map<Type, number[]>();
  readonly #constants = new Map<string, number>();

  constructor(...params: readonly Type[]) {
    this.params = params;
  }

  /** A local that nobody uses; its value is whatever was left in it. */
  local(type: Type): number {
    const reused = this.#released.get(type)?.pop();
    if (reused !== undefined) return reused;
    return this.params.length + this.#locals.push(type) - 1;
  }

  /** Gives locals back for others to use. */
  release(type: Type, ...locals: readonly number[]): void {
    const list = this.#released.get(type);
    if (list === undefined) this.#released.set(type, [...locals]);
    else list.push(...locals);
  }

  /** Any instruction without immediates. */
  op(...codes: readonly number[]): this {
    for (const code of codes) this.#body.push(code);
    return this;
  }

  /** A vector instruction, with its immediates. */
  simd(code: number, ...immediates: readonly number[]): this {
    this.#body.push(0xfd);
    this.#push(unsigned(code));
    for (const byte of immediates) this.#body.push(byte);
    return this;
  }

  get(local: number): this {
    return this.#indexed(0x20, local);
  }

  set(local: number): this {
    return this.#indexed(0x21, local);
  }

  tee(local: number): this {
    return this.#indexed(0x22, local);
  }

  call(index: number): this {
    return this.#indexed(0x10, index);
  }

  i32(value: number): this {
    this.#body.push(0x41);
    this.#push(signed(value));
    return this;
  }

  f64(value: number): this {
    this.#body.push(0x44, ...new Uint8Array(new Float64Array([value]).buffer));
    return this;
  }

  f32(value: number): this {
    this.#body.push(0x43, ...new Uint8Array(new Float32Array([value]).buffer));
    return this;
  }

  /** A load or store at the address on the stack plus `offset`. Alignment is a hint, and none is given. */
  memory(code: number, offset = 0): this {
    this.#body.push(code, 0);
    this.#push(unsigned(offset));
    return this;
  }

  /** The same for vector instructions, `lane` for those that move one lane. */
  simdMemory(code: number, offset = 0, lane?: number): this {
    this.simd(code, 0, ...unsigned(offset));
    if (lane !== undefined) this.#body.push(lane);
    return this;
  }

  /**
   * A vector constant, known by a key and kept in a local from the start of the function: engines make it anew
   * wherever it stands.
   */
  constant(key: string, bytes: () => Uint8Array): this {
    let local = this.#constants.get(key);
    if (local === undefined) {
      local = this.params.length + this.#locals.push("v128") - 1;
      this.#constants.set(key, local);
      this.#prologue.push(0xfd, 0x0c, ...bytes(), 0x21, ...unsigned(local));
    }
    return this.get(local);
  }

  /**
   * Runs the body while `i`, which begins at its present value, is below the end; at least once if `certain`. The step
   * is a number, or what pushes one.
   */
  loop(
    i: number,
    end: () => void,
    step: number | (() => void),
    body: () => void,
    { certain = false }: { readonly certain?: boolean } = {},
  ): this {
    if (!certain) {
      this.get(i);
      end();
      this.op(op.i32LtS, 0x04, EMPTY_BLOCK);
    }
    this.op(0x03, EMPTY_BLOCK);
    body();
    this.get(i);
    if (typeof step === "number") this.i32(step);
    else step();
    this.op(op.i32Add).tee(i);
    end();
    this.op(op.i32LtS, 0x0d, 0, 0x0b);
    return certain ? this : this.op(0x0b);
  }

  /** Runs a body a fixed number of times. */
  times(count: number, body: () => void): this {
    if (count <= 0) return this;
    if (count === 1) {
      body();
      return this;
    }
    const i = this.local("i32");
    this.i32(0).set(i);
    this.loop(i, () => this.i32(count), 1, body, { certain: true });
    this.release("i32", i);
    return this;
  }

  /** Runs one of two bodies, by the number on the stack. */
  choose(yes: () => void, no?: () => void): this {
    this.op(0x04, EMPTY_BLOCK);
    yes();
    if (no !== undefined) {
      this.op(0x05);
      no();
    }
    return this.op(0x0b);
  }

  /** The function as it stands in the code section. */
  bytes(): Uint8Array {
    const locals = this.#locals.flatMap((type) => [1, typeCodes[type]]);
    const head = [...unsigned(this.#locals.length), ...locals];
    const size = head.length + this.#prologue.length + this.#body.length + 1;
    return Uint8Array.from([...unsigned(size), ...head].concat(this.#prologue, this.#body, [0x0b]));
  }

  #indexed(code: number, index: number): this {
    this.#body.push(code);
    if (index < 128) this.#body.push(index);
    else this.#push(unsigned(index));
    return this;
  }

  #push(bytes: readonly number[]): void {
    for (const byte of bytes) this.#body.push(byte);
  }
}

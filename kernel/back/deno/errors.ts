/** `Deno.errors`: what goes wrong with files and programs, as classes in place of Node's codes. https://docs.deno.com/api/deno/errors */

const CODES = {
  NotFound: ["ENOENT"],
  AlreadyExists: ["EEXIST"],
  PermissionDenied: ["EACCES", "EPERM"],
  NotADirectory: ["ENOTDIR"],
  IsADirectory: ["EISDIR"],
  FilesystemLoop: ["ELOOP"],
  BadResource: ["EBADF"],
  Busy: ["EBUSY"],
  AddrInUse: ["EADDRINUSE"],
  AddrNotAvailable: ["EADDRNOTAVAIL"],
  ConnectionRefused: ["ECONNREFUSED"],
  ConnectionReset: ["ECONNRESET"],
  ConnectionAborted: ["ECONNABORTED"],
  NotConnected: ["ENOTCONN"],
  NetworkUnreachable: ["ENETUNREACH"],
  BrokenPipe: ["EPIPE"],
  TimedOut: ["ETIMEDOUT"],
  Interrupted: ["EINTR"],
  NotSupported: ["ENOTSUP"],
  InvalidData: [],
  UnexpectedEof: [],
  WriteZero: [],
  WouldBlock: ["EAGAIN"],
  Http: [],
  NotCapable: [],
} as const satisfies Readonly<Record<string, readonly string[]>>;

type Name = keyof typeof CODES;
type DenoErrorClass = new (message?: string, options?: ErrorOptions) => Error & { code?: string };

export const errors = Object.fromEntries(
  Object.keys(CODES).map((name) => [name, classNamed(name)]),
) as Readonly<Record<Name, DenoErrorClass>>;

function classNamed(name: string): DenoErrorClass {
  const made = class extends Error {
    constructor(message?: string, options?: ErrorOptions) {
      super(message, options);
      Object.defineProperty(this, "name", { value: name, writable: true, configurable: true });
    }
  };
  Object.defineProperty(made, "name", { value: name });
  return made;
}

/** An error of Node's as one of `Deno.errors`; any other as it is. */
export function denoError(error: unknown): unknown {
  if (!(error instanceof Error) || !("code" in error)) return error;
  const code = String(error.code);
  const found = Object.entries(CODES).find(([, codes]) => codes.some((one) => one === code));
  if (found === undefined) return error;
  const made = new errors[found[0] as Name](error.message);
  made.code = code;
  return made;
}

type Functions = Readonly<Record<string, (...args: never[]) => unknown>>;

/** The same functions, whose errors are Deno's. */
export function withDenoErrors<F extends object>(functions: F): F {
  const wrapped = Object.entries(functions as Functions).map(([name, original]) => [
    name,
    { [name]: failingAsDeno(original) }[name],
  ]);
  return Object.fromEntries(wrapped) as F;
}

function failingAsDeno(original: (...args: never[]) => unknown) {
  return (...args: never[]): unknown => {
    try {
      const result = original(...args);
      return result instanceof Promise ? settled(result) : result;
    } catch (error) {
      throw denoError(error);
    }
  };
}

async function settled(making: Promise<unknown>): Promise<unknown> {
  try {
    return await making;
  } catch (error) {
    throw denoError(error);
  }
}

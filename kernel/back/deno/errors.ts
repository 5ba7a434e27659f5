/** Deno's names for what Node says with a code. https://docs.deno.com/api/deno/errors */

const CODES = {
  NotFound: ["ENOENT"],
  AlreadyExists: ["EEXIST"],
  PermissionDenied: ["EACCES", "EPERM"],
  NotADirectory: ["ENOTDIR"],
  IsADirectory: ["EISDIR"],
  BadResource: ["EBADF"],
  AddrInUse: ["EADDRINUSE"],
  ConnectionRefused: ["ECONNREFUSED"],
  Interrupted: ["EINTR"],
  TimedOut: ["ETIMEDOUT"],
} as const;

type DenoError = new (message?: string, options?: ErrorOptions) => Error;

function classOf(name: string): DenoError {
  const made = class extends Error {
    override name = name;
  };
  return Object.defineProperty(made, "name", { value: name });
}

export const errors: Readonly<Record<string, DenoError>> = Object.fromEntries(
  Object.keys(CODES).map((name) => [name, classOf(name)]),
);

const byCode: ReadonlyMap<unknown, DenoError> = new Map(
  Object.entries(CODES).flatMap(([name, codes]) =>
    codes.map((code): [string, DenoError] => [code, errors[name] ?? Error]),
  ),
);

/** The same call, whose failures are of Deno's classes. */
export function toldAsDeno<Args extends readonly unknown[], Result>(
  call: (...args: Args) => Result,
): (...args: Args) => Result {
  return (...args) => {
    try {
      return call(...args);
    } catch (error) {
      throw inDeno(error);
    }
  };
}

/** An error as Deno has it, where Deno has a class for its code. */
export function inDeno(error: unknown): unknown {
  if (!(error instanceof Error) || !("code" in error)) return error;
  const found = byCode.get(error.code);
  return found === undefined
    ? error
    : Object.assign(new found(error.message), { code: error.code });
}

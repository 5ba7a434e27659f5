/**
 * Before version 24, Node aborts the process when the stack of async ids is not what it left behind, and terminated
 * code leaves it so. `--no-force-async-hooks-checks` lowers the counter that asks for this check, but
 * AsyncLocalStorage raises it, and a second one, again. Nothing public lowers them.
 */

interface AsyncWrap {
  readonly async_hook_fields: Uint32Array;
  readonly constants: { readonly kCheck: number; readonly kTotals: number };
}

function asyncWrap(): AsyncWrap | null {
  const { binding } = process as { binding?: (name: string) => unknown };
  try {
    return (binding?.("async_wrap") as AsyncWrap | undefined) ?? null;
  } catch {
    // Node 24 needs none of this, and has no such binding.
    return null;
  }
}

const wrap = asyncWrap();

/** To be called whenever an interrupt may follow. */
export function relaxAsyncChecks(): void {
  if (wrap === null) return;
  wrap.async_hook_fields[wrap.constants.kCheck] = 0;
  wrap.async_hook_fields[wrap.constants.kTotals] = 0;
}

/** Plans on machines of a test's own. */
import type { Machine, Threads } from "../../../lib/backend/wasm/machine.ts";
import type { Data } from "../../../lib/core/dtype.ts";
import type { Node } from "../../../lib/index.ts";
import { Compiled } from "../../../lib/session/compiled.ts";
import { tasksOf } from "../../../lib/session/tasks.ts";

/** Threads that never come: phases of any size are computed in parts, all of them by this one. */
export function inParts(count: number): Threads {
  return { count, worth: 0, spawn: () => ({ terminate: () => undefined }) };
}

/** The compiled plan of nodes that need no feeds. */
export function compiled(fetches: readonly Node[], machine: Machine): Compiled {
  return new Compiled(fetches, tasksOf(fetches), () => [], machine);
}

/** What a plan computes in its second run: what the first has left in memory must not matter. */
export function computed(fetches: readonly Node[], machine: Machine): readonly Data[] {
  const plan = compiled(fetches, machine);
  plan.run(new Map());
  return plan.run(new Map()).map(({ data }) => data);
}

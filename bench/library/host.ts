/** One library in a process of its own: answers the requests of process.ts, a JSON object a line. */
import { createInterface } from "node:readline";
import { readArrays } from "./data.ts";
import { gradbook } from "./peers/gradbook.ts";
import { jaxjs } from "./peers/jaxjs.ts";
import { numpyts } from "./peers/numpyts.ts";
import { onnx } from "./peers/onnx.ts";
import { tfjsCpu, tfjsWasm } from "./peers/tfjs.ts";
import type { Answer, Request } from "./process.ts";
import type { Abilities, Arrays, Peer, Task, Variant } from "./task.ts";

const peers: Readonly<Record<string, Peer>> = {
  gradbook,
  jaxjs,
  numpyts,
  onnx,
  tfjsCpu,
  tfjsWasm,
};

async function load(name: string): Promise<Abilities | string> {
  try {
    return await peers[name].load();
  } catch (error) {
    return error instanceof Error ? error.message.split("\n")[0] : String(error);
  }
}

/** The ability for a task, bound to it. */
function ability(abilities: Abilities, task: Task): ((arrays: Arrays) => unknown) | undefined {
  // The table's type pairs each kind with its task; indexing it by a union forgets that.
  const table = abilities as Readonly<
    Record<string, ((task: Task, arrays: Arrays) => unknown) | undefined>
  >;
  const found = table[task.kind];
  return found === undefined ? undefined : (arrays) => found(task, arrays);
}

async function open({
  peer,
  task,
  folder,
}: Extract<Request, { ask: "open" }>): Promise<readonly Variant[] | string> {
  const abilities = await load(peer);
  if (typeof abilities === "string") return abilities;
  const make = ability(abilities, task);
  if (make === undefined) return `has no ${task.kind}`;
  return (await make(readArrays(folder))) as readonly Variant[];
}

async function secondsPerStep({ step }: Variant, milliseconds: number): Promise<number> {
  const start = performance.now();
  let count = 0;
  let elapsed = 0;
  let batch = 1;
  while (elapsed < milliseconds) {
    // Awaiting what is no promise would cost a small step more than the step itself.
    for (let i = 0; i < batch; i++) {
      const pending = step();
      if (pending instanceof Promise) await pending;
    }
    count += batch;
    elapsed = performance.now() - start;
    // Not much past the end: as many as so far, or as fit.
    batch = Math.max(1, Math.min(count, Math.floor(((milliseconds - elapsed) / elapsed) * count)));
  }
  return elapsed / count / 1000;
}

let variants: readonly Variant[] = [];

async function answer(request: Request): Promise<Answer> {
  if (request.ask === "open") {
    const opened = await open(request);
    if (typeof opened === "string") return { absent: opened };
    variants = opened;
    return { variants: variants.map(({ check: _check, step: _step, ...about }) => about) };
  }
  const variant = variants[request.variant];
  if (request.ask === "round") {
    return { seconds: await secondsPerStep(variant, request.milliseconds) };
  }
  const start = performance.now();
  const values = await variant.check();
  return { values, seconds: (performance.now() - start) / 1000 };
}

async function safely(line: string): Promise<Answer> {
  try {
    return await answer(JSON.parse(line) as Request);
  } catch (error) {
    return { error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}

// A library's greeting must not stand between the answers.
console.log = console.error;
for await (const line of createInterface(process.stdin)) {
  process.stdout.write(`${JSON.stringify(await safely(line))}\n`);
}
process.exit();

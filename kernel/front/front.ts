/** The worker thread's part, put together: sockets and protocol, and never a line of the user's code. */
import { randomUUID } from "node:crypto";
import { writeSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import {
  type Answer,
  ANSWERS_FLAG,
  type FrontData,
  type FromBack,
  type Shared,
  type ToBack,
} from "../channel.ts";
import { notebookFolder, savedKernelspec } from "../cell/folder.ts";
import { isAlive, NewestTree } from "../host/children.ts";
import { allowTurbofan, keepingCode } from "../host/engine.ts";
import { type Death, Guardian, takeDeath } from "../host/guardian.ts";
import { availableMemory } from "../host/memory.ts";
import { SigintWatch } from "../host/sigint.ts";
import { PORTS, readConnection, writeConnection } from "../transport/connection.ts";
import { bindTransport } from "../transport/open.ts";
import type { BoundTransport } from "../transport/transport.ts";
import { childOf, type HeaderSource } from "../wire/message.ts";
import { Attention } from "./attention.ts";
import { BackSession } from "./back_session.ts";
import { Checking } from "./checking.ts";
import { makeEnding } from "./ending.ts";
import { Flow } from "./flow.ts";
import { listen } from "./hearing.ts";
import { HeapGuard } from "./heap_guard.ts";
import { Introspection } from "./introspection.ts";
import { collectGarbage, heapInUse, terminate } from "./main_thread.ts";
import { Notices } from "./notices.ts";
import type { Rehearsal } from "./rehearsal.ts";
import * as requests from "./requests/index.ts";
import { reportOf } from "./own_reports.ts";
import { Router } from "./router.ts";
import { Stopping } from "./stopping.ts";
import { openHistory } from "./store/place.ts";
import { Types } from "./types.ts";
import { inspectorValues } from "./values.ts";

const PARENT_CHECK_MS = 1000;
const HISTORY_PATIENCE_MS = 1000;
/** By then a client has had its first answer. */
const WARM_UP_MS = 50;
/** A client that has just started a kernel may have a cell for it. */
const REHEARSE_AFTER_MS = 400;

const headers: HeaderSource = {
  session: randomUUID(),
  username: "kernel",
  newId: () => randomUUID(),
  now: () => new Date(),
};

/** Where no connection is left to lose, an orphan ends itself. */
function exitWithParent(exit: () => void): void {
  const named = Number(process.env["JPY_PARENT_PID"]);
  if (!Number.isInteger(named) || named <= 0) return;
  const parent = process.ppid;
  setInterval(() => {
    // A parent that died while the kernel was starting had left it to process 1 by then.
    const isOrphan = process.ppid !== parent || (parent === 1 && named !== 1 && !isAlive(named));
    if (isOrphan) exit();
  }, PARENT_CHECK_MS);
}

async function start(data: FrontData): Promise<void> {
  const { connectionFile, shared, pipes } = data;
  const guardian = pipes === null ? null : new Guardian(pipes);
  // The process's own stderr belongs to the cells.
  const log = (sentence: string): void =>
    guardian === null
      ? void writeSync(2, `gradbook: ${sentence}\n`)
      : guardian.log(`gradbook: ${sentence}`);
  const hear = (message: FromBack): void => {
    if (message.type === "signal" && message.signal === "SIGTERM") exit();
    else if (message.type === "rehearsed") rehearsal?.receive(message.message);
    else session.receive(message);
  };
  const catchUp = (): void => {
    for (let next = posted(); next !== undefined; next = posted()) hear(next);
  };
  const attention = new Attention(shared, catchUp);
  const post = (message: ToBack): void => {
    if ("cell" in message || message.type === "rehearse") attention.await();
    parentPort?.postMessage(message);
  };
  const wanted = readConnection(connectionFile);
  const transport = await bindTransport(wanted, {
    log,
    welcome: (subscription) => ({
      ...childOf(headers, null, "iopub_welcome", { subscription }),
      identities: [Buffer.from(subscription)],
    }),
  });
  const types = new Types({ folder: notebookFolder(), preloads: data.preloads, log });
  const ending = makeEnding(transport, shared, post, guardian);
  const history = openHistory(log);
  let isEnding = false;
  const exit = (): void => {
    if (isEnding) return;
    isEnding = true;
    types.close();
    void Promise.race([history.close(), delay(HISTORY_PATIENCE_MS)]).then(async () => ending.end());
  };
  let quietSince = -Infinity;
  let rehearsal: Rehearsal | null = null;
  const busy = (isBusy: boolean): void => {
    quietSince = isBusy ? Infinity : performance.now();
  };
  const watchers = { guardian, busy, types, death: takeDeath(connectionFile) };
  const session = openSession({ data, transport, post, catchUp, log, exit, ...watchers });
  if (PORTS.some((port) => wanted[port] === 0))
    writeConnection(connectionFile, transport.connection);
  session.onExit = () => {
    types.close();
    // The cell that ends the process is still on its way into history.
    setImmediate(() => void history.close().then(async () => ending.leave()));
  };
  parentPort?.on("message", hear);
  const handlers = Object.values(requests);
  new Router({ transport, headers, handlers, session, history, log, exit }).start();
  exitWithParent(exit);
  const rehearse = async (): Promise<void> => {
    const loaded = await import("./rehearsal.ts");
    const quietMs = (): number => performance.now() - quietSince;
    // A heap that has just started holds twice what it needs.
    const collect = async (): Promise<void> => keepingCode(collectGarbage);
    const parts = { headers, connection: wanted, post, quietMs, allowTurbofan, collect };
    rehearsal = new loaded.Rehearsal(parts);
    await rehearsal.run();
    if (data.types !== "off") await loaded.rehearseChecks(types, quietMs);
  };
  setTimeout(() => {
    void rehearse().catch((error: unknown) => log(`no rehearsal: ${String(error)}`));
  }, REHEARSE_AFTER_MS);
  setTimeout(() => void session.preparing.load(), WARM_UP_MS);
  if (data.types === "off") types.warmUpWhenIdle();
  else setTimeout(() => void types.warmUp(), WARM_UP_MS);
}

interface SessionParts {
  readonly data: FrontData;
  readonly transport: BoundTransport;
  readonly guardian: Guardian | null;
  readonly post: (message: ToBack) => void;
  /** Takes what the back has posted so far. */
  readonly catchUp: () => void;
  readonly death: Death | null;
  readonly types: Types;
  /** Told whether cells of the reader's run. */
  readonly busy: (isBusy: boolean) => void;
  readonly log: (sentence: string) => void;
  readonly exit: () => void;
}

/** The session with all that watches over it. */
function openSession(parts: SessionParts): BackSession {
  const { data, transport, guardian, post, catchUp, death, types, busy, log, exit } = parts;
  const { shared, pipes, answers, heapLimit } = data;
  const stopping = new Stopping({
    post,
    shared,
    terminate,
    findChild: () => {
      const tree = new NewestTree();
      return (signal) => tree.signal(signal, new Set([pipes?.guardian ?? 0, types.pid ?? 0]));
    },
  });
  const flow = new Flow(shared, () => transport.room());
  const guard = new HeapGuard({
    limit: heapLimit,
    memory: availableMemory(),
    resident: () => process.memoryUsage.rss(),
    used: heapInUse,
    stop: (name, sentence) => session.stopWith(reportOf(name, sentence)),
  });
  const sigint = new SigintWatch(() => {
    void session.interrupt();
    post({ type: "signalled" });
  });
  const notices = new Notices(() => transport.takeLoss(), death);
  const session: BackSession = new BackSession({
    post,
    stopping,
    types,
    introspection: new Introspection(notebookFolder(), types, inspectorValues),
    checking: new Checking(types, inspectorValues, data.types, savedKernelspec),
    answer: (answer) => give(answers, shared, answer),
    passed: (weight) => flow.passed(weight),
    drain: () => native?.drain(),
    watch: (label) => {
      guardian?.running(label);
      busy(label !== null);
      if (label === null) {
        guard.rest();
        sigint.rest();
      } else {
        guard.watch();
        sigint.watch();
      }
    },
    log,
    notices: () => notices.take(),
  });
  const native =
    pipes === null
      ? null
      : listen({ pipes, session, guardian, exit, catchUp, room: () => transport.room() });
  return session;
}

/** The next message of the back that is there already. */
function posted(): FromBack | undefined {
  if (parentPort === null) return undefined;
  return receiveMessageOnPort(parentPort)?.message as FromBack | undefined;
}

function give(answers: FrontData["answers"], { flags }: Shared, answer: Answer): void {
  answers.postMessage(answer);
  Atomics.add(flags, ANSWERS_FLAG, 1);
  Atomics.notify(flags, ANSWERS_FLAG);
}

// Node says what it thinks of the kernel's own code: that is nothing for a cell.
process.removeAllListeners("warning");
await start(workerData as FrontData);

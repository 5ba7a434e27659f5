/** The worker thread's part, put together: sockets and protocol, and never a line of the user's code. */
import { randomUUID } from "node:crypto";
import { writeSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { EXIT_FLAG, type FromBack, type Shared, type ToBack } from "../channel.ts";
import { PORTS, readConnection, writeConnection } from "../transport/connection.ts";
import { ZmqTransport } from "../transport/zmq.ts";
import { childOf, type HeaderSource } from "../wire/message.ts";
import { BackSession, loadCompiler } from "./back_session.ts";
import { History } from "./history.ts";
import * as requests from "./requests/index.ts";
import { Router } from "./router.ts";
import { terminate } from "./terminate.ts";

const EXIT_PATIENCE_MS = 500;
/** For the answers that are on their way to the sockets. */
const FAREWELL_MS = 20;
const CLOSE_PATIENCE_MS = 1000;
const PARENT_CHECK_MS = 1000;
/** By then a client has had its first answer. */
const WARM_UP_MS = 50;

const headers: HeaderSource = {
  session: randomUUID(),
  username: "kernel",
  newId: () => randomUUID(),
  now: () => new Date(),
};

/** The server's log: the process's own stderr belongs to the cells. */
function log(sentence: string): void {
  writeSync(2, `gradbook: ${sentence}\n`);
}

/** Where no connection is left to lose, an orphan ends itself. */
function exitWithParent(exit: () => void): void {
  if (process.env["JPY_PARENT_PID"] === undefined) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) exit();
  }, PARENT_CHECK_MS);
}

async function start(connectionFile: string, shared: Shared): Promise<void> {
  const post = (message: ToBack): void => parentPort?.postMessage(message);
  const session = new BackSession({ post, shared, terminate, onExit: () => void leave() });
  parentPort?.on("message", (message: FromBack) => session.receive(message));
  const wanted = readConnection(connectionFile);
  const transport = await ZmqTransport.bind(wanted, {
    log,
    welcome: (subscription) => ({
      ...childOf(headers, null, "iopub_welcome", { subscription }),
      identities: [Buffer.from(subscription)],
    }),
  });
  if (PORTS.some((port) => wanted[port] === 0))
    writeConnection(connectionFile, transport.connection);
  /** The back waits with its end until the sockets are closed. */
  const leave = async (): Promise<void> => {
    await delay(FAREWELL_MS);
    await Promise.race([transport.close(), delay(CLOSE_PATIENCE_MS)]);
    Atomics.store(shared.flags, EXIT_FLAG, 1);
    Atomics.notify(shared.flags, EXIT_FLAG);
  };
  const end = async (): Promise<void> => {
    post({ type: "exit" });
    // In a tight loop the back never hears of it.
    await delay(EXIT_PATIENCE_MS);
    process.kill(process.pid, "SIGKILL");
  };
  // The sockets are closed first: a thread that is torn down under them takes the process with it.
  const exit = (): void => {
    void Promise.race([transport.close(), delay(CLOSE_PATIENCE_MS)]).then(end);
  };
  parentPort?.on("message", (message: FromBack) => {
    if (message.type === "signal" && message.signal === "SIGTERM") exit();
  });
  const history = new History();
  const handlers = Object.values(requests);
  new Router({ transport, headers, handlers, session, history, log, exit }).start();
  exitWithParent(exit);
  setTimeout(() => void loadCompiler(), WARM_UP_MS);
}

const { connectionFile, shared } = workerData as { connectionFile: string; shared: Shared };
await start(connectionFile, shared);

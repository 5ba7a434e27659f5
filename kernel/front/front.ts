/** The worker thread's part, put together: sockets and protocol, and never a line of the user's code. */
import { randomUUID } from "node:crypto";
import { writeSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import type { FromBack, Shared, ToBack } from "../channel.ts";
import { PORTS, readConnection, writeConnection } from "../transport/connection.ts";
import { ZmqTransport } from "../transport/zmq.ts";
import { childOf, type HeaderSource } from "../wire/message.ts";
import { BackSession, loadCompiler } from "./back_session.ts";
import { makeEnding } from "./ending.ts";
import { History } from "./history.ts";
import * as requests from "./requests/index.ts";
import { Router } from "./router.ts";
import { terminate } from "./terminate.ts";

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
  const session = new BackSession({ post, shared, terminate });
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
  const ending = makeEnding(transport, shared, post);
  const exit = (): void => void ending.end();
  session.onExit = () => void ending.leave();
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

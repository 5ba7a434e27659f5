/**
 * While nobody waits, a few hundred trivial cells go the way of every cell, from the bytes of a request to those of its
 * answers, through sockets, a router and a session of their own: V8 compiles what is often run, and so the reader's
 * first cells are as quick as later ones. Nothing of it is seen: no number is taken, no name, no history.
 */
import { setTimeout as delay } from "node:timers/promises";
import { type FromBack, newShared, type ToBack } from "../channel.ts";
import { type Connection, signatureOf } from "../transport/connection.ts";
import { ZmtpClient } from "../transport/zmtp/client.ts";
import { ZmtpTransport } from "../transport/zmtp/transport.ts";
import { encode } from "../wire/codec.ts";
import { childOf, type HeaderSource } from "../wire/message.ts";
import { BackSession } from "./back_session.ts";
import { PASSED } from "./checking.ts";
import { History } from "./history.ts";
import { execute } from "./requests/execute.ts";
import { Router } from "./router.ts";
import { Stopping } from "./stopping.ts";
import type { Types } from "./types.ts";

/** Of the kinds that notebooks are full of; they show nothing by themselves and touch nothing. */
const CELLS = [
  "1 + 1",
  "const rehearsed = [1, 2, 3].map((n: number) => n * 2);\nrehearsed",
  "function rehearse(text: string) {\n  return text.length;\n}\nrehearse('a')",
  "let sum = 0;\nfor (const n of [1, 2]) sum += n;\nsum",
];

/** What is checked besides: types of a cell's own. */
const TYPED = `interface Rehearsed { readonly x: number; readonly y: number }
function length({ x, y }: Rehearsed): number {
  return Math.hypot(x, y);
}
[{ x: 3, y: 4 }].map(length)`;

/**
 * How many rounds each act has, of a session of its own: what is the same in one only must not be taken for the same in
 * the reader's. V8's quick optimizing compiler takes what was called 400 times; a round has four cells.
 */
const ACTS = [65, 130];
/** The same for checks: they are longer. */
const CHECK_ROUNDS = 20;
/** So long after the reader's own cells it goes on. */
const REST_MS = 500;
/** So long after its request an answer is not expected any more. */
const LOST_AFTER_MS = 2000;

/** The reader comes first. */
async function untilQuiet(quietMs: () => number, rest = (): void => {}): Promise<void> {
  while (quietMs() < REST_MS) {
    rest();
    await delay(REST_MS);
  }
}

/** Has cells checked that nobody runs; the engine knows them no longer than it takes. */
export async function rehearseChecks(types: Types, quietMs: () => number): Promise<void> {
  for (let round = 0; round < CHECK_ROUNDS; round++) {
    for (const cell of [...CELLS, TYPED]) {
      await untilQuiet(quietMs);
      const text = `${cell}\n// ${round}`;
      try {
        await types.ask(async (language, { checkCell }) => checkCell(language, text));
      } catch {
        // An engine that does not answer, or is being closed: the reader's next cell says what is to be said.
        return;
      }
    }
  }
}

export interface RehearsalParts {
  readonly headers: HeaderSource;
  /** The reader's own connection. */
  readonly connection: Connection;
  readonly post: (message: ToBack) => void;
  /** For how many milliseconds no cell of the reader's has run. */
  readonly quietMs: () => number;
  /** While it rehearses, nobody is to wait for V8's thorough compiler. */
  readonly allowTurbofan: (isAllowed: boolean) => void;
  /** Collects the main thread's garbage: between two acts, since what was compiled goes with some of it. */
  readonly collect: () => Promise<void>;
}

export class Rehearsal {
  readonly #parts: RehearsalParts;
  #session: BackSession | null = null;

  constructor(parts: RehearsalParts) {
    this.#parts = parts;
  }

  /** Takes what the back says to a rehearsed cell. */
  receive(message: FromBack): void {
    this.#session?.receive(message);
  }

  /** Rehearses, now and again, until it has been enough. */
  async run(): Promise<void> {
    try {
      for (const [act, rounds] of ACTS.entries()) {
        if (act > 0) {
          await untilQuiet(this.#parts.quietMs);
          await this.#parts.collect();
        }
        if (!(await this.#act(act, rounds))) return;
      }
    } finally {
      this.#parts.post({ type: "rehearsed" });
    }
  }

  /** False if an answer was lost. */
  async #act(act: number, rounds: number): Promise<boolean> {
    const { headers, post, quietMs, allowTurbofan } = this.#parts;
    const connection = this.#connection();
    const welcome = (subscription: string) =>
      childOf(headers, null, "iopub_welcome", { subscription });
    const transport = await ZmtpTransport.bind(connection, { log: ignore, welcome });
    const session = sessionOf((order) => post({ type: "rehearse", order }));
    this.#session = session;
    const others = { handlers: [execute], history: new History(), log: ignore, exit: ignore };
    new Router({ ...others, headers, transport, session }).start();
    const client = await ZmtpClient.connect(transport.ports);
    const ask = async (code: string): Promise<void> => {
      const request = childOf(headers, null, "execute_request", { code, user_expressions: {} });
      await client.ask(encode(signatureOf(connection), request));
    };
    try {
      for (let round = 0; round < rounds; round++) {
        await untilQuiet(quietMs, () => allowTurbofan(true));
        allowTurbofan(false);
        // A cell that is run again is not compiled again: half of the first act's are new.
        const mark = act > 0 || round % 2 === 0 ? "" : `\n// ${round}`;
        for (const cell of CELLS) if (!(await isInTime(ask(cell + mark)))) return false;
      }
      return true;
    } finally {
      allowTurbofan(true);
      client.close();
      await transport.close();
      this.#session = null;
    }
  }

  /** Like the reader's, and nobody else's. */
  #connection(): Connection {
    const { headers, connection } = this.#parts;
    const ports = { shell_port: 0, iopub_port: 0, stdin_port: 0, control_port: 0, hb_port: 0 };
    return { ...connection, ...ports, transport: "tcp", ip: "127.0.0.1", key: headers.newId() };
  }
}

/** An interrupt of the reader's may have hit a rehearsed cell, which is not answered then. */
async function isInTime(answer: Promise<void>): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const lost = setTimeout(() => resolve(false), LOST_AFTER_MS).unref();
    answer.then(() => resolve(true), reject).finally(() => clearTimeout(lost));
  });
}

function ignore(): void {}

/** A session like the reader's, with nobody to watch, to check or to tell. */
function sessionOf(post: (message: ToBack) => void): BackSession {
  const nothing = async (): Promise<void> => {};
  const session = new BackSession({
    post,
    stopping: new Stopping({
      post: ignore,
      shared: newShared(),
      terminate: nothing,
      findChild: () => () => false,
    }),
    types: { add: ignore },
    introspection: {
      know: ignore,
      forget: ignore,
      complete: async () => ({ matches: [], start: 0, end: 0, types: [] }),
      inspect: async () => null,
    },
    checking: { check: async () => PASSED, choose: ignore, mode: "off" },
    answer: ignore,
    passed: ignore,
    drain: ignore,
    watch: ignore,
    log: ignore,
    notices: () => [],
  });
  session.receive({ type: "ready" });
  return session;
}

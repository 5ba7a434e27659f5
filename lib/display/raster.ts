/** Static pictures of figures, made in a worker thread that starts with the first figure. */
import { Worker } from "node:worker_threads";
import type { RasterReply, RasterRequest, Subject } from "./worker.ts";

/** A PNG in base64, or one sentence saying why there is none. */
export type Raster = { readonly png: string } | { readonly reason: string };

interface Job {
  readonly request: RasterRequest;
  readonly settle: (raster: Raster) => void;
}

/** How long one figure may take before its picture is given up. */
const TIMEOUT_MS = 20_000;
/** After a timeout: time for a reply that waited behind a busy cell to be read. */
const GRACE_MS = 500;

// The same extension as this file, so that it also runs from the sources.
const WORKER = new URL(
  `./worker${import.meta.url.slice(import.meta.url.lastIndexOf("."))}`,
  import.meta.url,
);

/** A queue of figures in front of one worker; a figure that cannot be drawn never takes the others with it. */
export class Rasterizer {
  readonly #script: URL;
  readonly #timeout: number;
  #worker: Worker | undefined;
  #jobs: Job[] = [];
  #watchdog: NodeJS.Timeout | undefined;
  #nextId = 0;

  constructor({ script = WORKER, timeout = TIMEOUT_MS } = {}) {
    this.#script = script;
    this.#timeout = timeout;
  }

  /** Draws a figure, or paints an SVG; always resolves, to a picture or to the reason why there is none. */
  draw(subject: Subject): Promise<Raster> {
    return new Promise((settle) => {
      this.#jobs.push({ request: { id: this.#nextId++, subject }, settle });
      // A set watchdog means that the head is being drawn; not the queue's length, since a cell can be stopped anywhere.
      if (this.#watchdog === undefined) this.#next();
    });
  }

  /** Ends the worker; the next figure starts another. */
  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
    if (this.#jobs.length > 0) this.#settle({ reason: "the drawing thread was closed" });
  }

  /** Hands the worker one figure at a time: if it dies, it is known of which. */
  #next(): void {
    clearTimeout(this.#watchdog);
    this.#watchdog = undefined;
    const head = this.#jobs[0];
    if (head === undefined) {
      // An idle worker does not keep the process alive.
      this.#worker?.unref();
      return;
    }
    this.#watchdog = setTimeout(() => this.#overdue(head), this.#timeout);
    try {
      this.#worker ??= this.#start();
      this.#worker.ref();
      this.#worker.postMessage(head.request);
    } catch (error) {
      this.#settle({ reason: error instanceof Error ? error.message : String(error) });
    }
  }

  #start(): Worker {
    // execArgv is empty because flags of the main thread (hooks, --test) are not the worker's.
    const worker = new Worker(this.#script, { execArgv: [], stdout: true, stderr: true });
    worker.on("message", (reply: RasterReply) => {
      if (reply.id !== this.#jobs[0]?.request.id) return;
      this.#settle("png" in reply ? { png: reply.png } : { reason: sentence(reply.reason) });
    });
    worker.on("error", (error) => this.#lost(worker, sentence(error.message)));
    worker.on("exit", (code) => this.#lost(worker, `the drawing thread ended with code ${code}`));
    return worker;
  }

  /** The worker is gone: the figure it worked on fails, the others go to a new one. */
  #lost(worker: Worker | undefined, reason: string): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    void worker?.terminate();
    this.#settle({ reason });
  }

  /** The head is done, well or badly. */
  #settle(raster: Raster): void {
    const head = this.#jobs.shift();
    this.#next();
    head?.settle(raster);
  }

  #overdue(head: Job): void {
    const expire = (): void => {
      // Another head: the cell was stopped between taking the old one off and starting this one.
      if (this.#jobs[0] !== head) this.#next();
      else this.#lost(this.#worker, `drawing took longer than ${this.#timeout / 1000} seconds`);
    };
    this.#watchdog = setTimeout(expire, GRACE_MS);
  }
}

function sentence(message: string): string {
  // Without the path of whoever imported it: the sentence may end up in a notebook that is shared.
  return (message.split("\n")[0] ?? message).replace(/ imported from .*$/, "");
}

// The one thing in lib/display/ that lives longer than a call: one drawing thread serves all pictures of a process.
export const rasterizer: Rasterizer = new Rasterizer();

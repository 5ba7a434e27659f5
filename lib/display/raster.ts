/** Static pictures of figures, made in a worker thread that starts with the first figure. */
import { Worker } from "node:worker_threads";
import type { StaticFigure } from "./page.ts";
import type { RasterReply, RasterRequest } from "./worker.ts";

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

  /** Draws a figure; always resolves, to a picture or to the reason why there is none. */
  draw(figure: StaticFigure): Promise<Raster> {
    return new Promise((settle) => {
      const job: Job = { request: { id: this.#nextId++, figure }, settle };
      this.#jobs.push(job);
      if (this.#watchdog === undefined) this.#watch();
      if (this.#worker === undefined) this.#start();
      else this.#post(this.#worker, job);
    });
  }

  /** Ends the worker; the next figure starts another. */
  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
    this.#failHead("the drawing thread was closed");
  }

  #start(): void {
    try {
      // execArgv is empty because flags of the main thread (hooks, --test) are not the worker's.
      const worker = new Worker(this.#script, { execArgv: [], stdout: true, stderr: true });
      this.#worker = worker;
      worker.on("message", (reply: RasterReply) => this.#accept(reply));
      worker.on("error", (error) => this.#lost(worker, error.message));
      worker.on("exit", (code) => this.#lost(worker, `the drawing thread ended with code ${code}`));
      for (const job of this.#jobs) this.#post(worker, job);
    } catch (error) {
      this.#lost(this.#worker, error instanceof Error ? error.message : String(error));
    }
  }

  #post(worker: Worker, job: Job): void {
    worker.ref();
    worker.postMessage(job.request);
  }

  #accept(reply: RasterReply): void {
    const job = this.#jobs.find(({ request }) => request.id === reply.id);
    if (job === undefined) return;
    this.#jobs = this.#jobs.filter((other) => other !== job);
    this.#watch();
    job.settle("png" in reply ? { png: reply.png } : { reason: reply.reason });
  }

  /** The worker is gone: the figure it worked on fails, the others go to a new one. */
  #lost(worker: Worker | undefined, reason: string): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    void worker?.terminate();
    this.#failHead(reason);
  }

  #failHead(reason: string): void {
    const head = this.#jobs.shift();
    this.#watch();
    head?.settle({ reason });
    if (this.#jobs.length > 0 && this.#worker === undefined) this.#start();
  }

  /** Restarts the clock for the figure at the head; an idle worker does not keep the process alive. */
  #watch(): void {
    clearTimeout(this.#watchdog);
    this.#watchdog = undefined;
    const head = this.#jobs[0];
    if (head === undefined) this.#worker?.unref();
    else this.#watchdog = setTimeout(() => this.#overdue(head), this.#timeout);
  }

  #overdue(head: Job): void {
    const expire = (): void => {
      if (this.#jobs[0] !== head) return;
      this.#lost(this.#worker, `drawing took longer than ${this.#timeout / 1000} seconds`);
    };
    this.#watchdog = setTimeout(expire, GRACE_MS);
  }
}

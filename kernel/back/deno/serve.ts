/** `Deno.serve`: Node's server, with the requests and responses of the web. https://docs.deno.com/api/deno/~/Deno.serve */
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Hear } from "./command.ts";
import { denoError } from "./errors.ts";

export interface ServeAddress {
  readonly transport: "tcp";
  readonly hostname: string;
  readonly port: number;
}

export interface ServeInfo {
  readonly remoteAddr: ServeAddress;
}

export type ServeHandler = (request: Request, info: ServeInfo) => Response | Promise<Response>;

export interface ServeOptions {
  /** 0 for any that is free; by default 8000. */
  readonly port?: number;
  readonly hostname?: string;
  readonly onListen?: (address: ServeAddress) => void;
  /** Answers when the handler throws. */
  readonly onError?: (error: unknown) => Response | Promise<Response>;
  readonly signal?: AbortSignal;
}

export interface HttpServer {
  /** Where it listens; port 0 until it does, when any was asked for. */
  readonly addr: ServeAddress;
  /** Resolves when it has been shut down. */
  readonly finished: Promise<void>;
  shutdown(): Promise<void>;
  ref(): void;
  unref(): void;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface Serve {
  (handler: ServeHandler): HttpServer;
  (options: ServeOptions, handler: ServeHandler): HttpServer;
  (options: ServeOptions & { readonly handler: ServeHandler }): HttpServer;
}

export interface ServeParts {
  readonly print: Hear;
  readonly traceback: (error: unknown) => readonly string[];
}

// Most notebooks serve nothing, and the module takes its time.
const require = createRequire(import.meta.url);

export function makeServe(parts: ServeParts): Serve {
  return (...args: readonly (ServeHandler | (ServeOptions & { handler?: ServeHandler }))[]) => {
    const options = args.find((argument) => typeof argument === "object") ?? {};
    const handler = args.find((argument) => typeof argument === "function") ?? options.handler;
    if (handler === undefined) {
      throw new TypeError(
        "Deno.serve: wanted a handler, as in Deno.serve((request) => new Response(…))",
      );
    }
    return serve(options, handler, parts);
  };
}

function serve(options: ServeOptions, handler: ServeHandler, parts: ServeParts): HttpServer {
  const { port = 8000, hostname = "0.0.0.0", onListen, signal } = options;
  const { createServer } = require("node:http") as typeof import("node:http");
  const onError = options.onError ?? failed(parts);
  const server = createServer((request, response) => {
    void answer(request, response, { handler, onError });
  });
  const finished = new Promise<void>((resolve, reject) => {
    server.once("close", resolve);
    server.once("error", (error) => reject(denoError(error)));
  });
  const shutdown = async (): Promise<void> => {
    server.close();
    await finished;
  };
  server.once("listening", () => {
    const address = addressOf(server, { hostname, port });
    if (onListen !== undefined) return onListen(address);
    const host = hostname === "0.0.0.0" ? "localhost" : hostname;
    parts.print("stdout", `Listening on http://${host}:${address.port}/\n`);
  });
  signal?.addEventListener("abort", () => void shutdown(), { once: true });
  server.listen(port, hostname);
  return {
    get addr() {
      return addressOf(server, { hostname, port });
    },
    finished,
    shutdown,
    ref: () => void server.ref(),
    unref: () => void server.unref(),
    [Symbol.asyncDispose]: shutdown,
  };
}

function addressOf(
  server: Server,
  wanted: { readonly hostname: string; readonly port: number },
): ServeAddress {
  const address = server.address() as AddressInfo | null;
  return { transport: "tcp", hostname: wanted.hostname, port: address?.port ?? wanted.port };
}

/** As in Deno: the reader sees the error, the caller does not. */
function failed({ print, traceback }: ServeParts): (error: unknown) => Response {
  return (error) => {
    print("stderr", `${traceback(error).join("\n")}\n`);
    return new Response("Internal Server Error", { status: 500 });
  };
}

interface Answering {
  readonly handler: ServeHandler;
  readonly onError: (error: unknown) => Response | Promise<Response>;
}

async function answer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { handler, onError }: Answering,
): Promise<void> {
  const left = new AbortController();
  outgoing.once("close", () => left.abort());
  const { remoteAddress: hostname = "", remotePort: port = 0 } = incoming.socket;
  const info = { remoteAddr: { transport: "tcp", hostname, port } } as const;
  const respond = async (): Promise<Response> => {
    try {
      return await handler(requestOf(incoming, left.signal), info);
    } catch (error) {
      return await onError(error);
    }
  };
  try {
    await send(await respond(), outgoing);
  } catch {
    // The body has failed, or who asked has left: half an answer must not look like a whole one.
    outgoing.destroy();
  }
}

function requestOf(incoming: IncomingMessage, signal: AbortSignal): Request {
  const { method = "GET", url = "/", headers } = incoming;
  const entries = Object.entries(incoming.headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value]),
  );
  const hasBody = method !== "GET" && method !== "HEAD";
  return new Request(new URL(url, `http://${headers.host ?? "localhost"}`), {
    method,
    headers: entries,
    signal,
    ...(hasBody ? { body: Readable.toWeb(incoming) as ReadableStream, duplex: "half" } : {}),
  });
}

async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.statusCode = response.status;
  outgoing.statusMessage = response.statusText;
  const cookies = response.headers.getSetCookie();
  for (const [name, value] of response.headers) outgoing.setHeader(name, value);
  if (cookies.length > 0) outgoing.setHeader("set-cookie", cookies);
  if (response.body === null) outgoing.end();
  else await pipeline(response.body, outgoing);
}

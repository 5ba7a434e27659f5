/** The sockets that we speak ourselves beside those of zeromq: libzmq's clients cannot tell them apart. */
import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import { after, test } from "node:test";
import { Dealer, Request, Subscriber } from "zeromq";
import type { Connection } from "../../../../kernel/transport/connection.ts";
import type {
  BoundTransport,
  Departure,
  TransportOptions,
} from "../../../../kernel/transport/transport.ts";
import { ZmqTransport } from "../../../../kernel/transport/zmq.ts";
import { ZmtpTransport } from "../../../../kernel/transport/zmtp/transport.ts";
import {
  encodeCommand,
  encodeFrames,
  FrameReader,
  greeting,
  GREETING_LENGTH,
  ready,
} from "../../../../kernel/transport/zmtp/wire.ts";
import { encode } from "../../../../kernel/wire/codec.ts";
import { childOf, type HeaderSource, type Message } from "../../../../kernel/wire/message.ts";

const CONNECTION: Connection = {
  transport: "tcp",
  ip: "127.0.0.1",
  shell_port: 0,
  iopub_port: 0,
  stdin_port: 0,
  control_port: 0,
  hb_port: 0,
  key: "secret",
  signature_scheme: "hmac-sha256",
  kernel_name: "",
};
const SIGNATURE = { key: "secret", hash: "sha256" };

let ids = 0;
const headers: HeaderSource = {
  session: "session",
  username: "test",
  newId: () => String(ids++),
  now: () => new Date(0),
};

const log: string[] = [];
const options: TransportOptions = {
  log: (sentence) => void log.push(sentence),
  welcome: (subscription) => ({
    ...childOf(headers, null, "iopub_welcome", { subscription }),
    identities: [Buffer.from(subscription)],
  }),
};

const open: { close(): unknown }[] = [];
after(async () => {
  for (const part of open) await part.close();
});

function kept<T extends { close(): unknown }>(part: T): T {
  open.unshift(part);
  return part;
}

async function bound(): Promise<ZmtpTransport> {
  return kept(await ZmtpTransport.bind(CONNECTION, options));
}

const at = (port: number): string => `tcp://127.0.0.1:${port}`;

/** A client that asks once; without a name if it is given none. */
async function asking(port: number, routingId: string | null, code: string): Promise<Dealer> {
  const dealer = kept(new Dealer({ linger: 0, ...(routingId === null ? {} : { routingId }) }));
  dealer.connect(at(port));
  await dealer.send(encode(SIGNATURE, childOf(headers, null, "execute_request", { code })));
  return dealer;
}

async function contentOf(socket: Dealer | Subscriber): Promise<unknown> {
  const frames = await socket.receive();
  return JSON.parse(String(frames.at(-1)));
}

function echo(transport: BoundTransport, gone?: Departure): void {
  transport.receive((channel, request) => {
    const answer = childOf(headers, request, "execute_reply", request.content);
    transport.reply(channel, { ...answer, identities: request.identities });
  }, gone);
}

/** A client written down byte by byte. */
async function raw(port: number): Promise<{ socket: Socket; bytes: () => Promise<Buffer> }> {
  const socket = connect(port, "127.0.0.1");
  kept({ close: () => socket.destroy() });
  socket.on("error", () => {});
  await new Promise((resolve) => socket.once("connect", resolve));
  const bytes = async (): Promise<Buffer> =>
    new Promise((resolve) => socket.once("data", (chunk) => resolve(chunk)));
  return { socket, bytes };
}

for (const Transport of [ZmtpTransport, ZmqTransport]) {
  test(`${Transport.name}: each client gets its own answer, on the channel it asked on`, async () => {
    const transport = kept(await Transport.bind(CONNECTION, options));
    echo(transport);
    const { shell_port, control_port } = transport.ports;
    const one = await asking(shell_port, "one", "1");
    const two = await asking(shell_port, "two", "2");
    const three = await asking(control_port, "one", "3");
    assert.deepEqual(await contentOf(two), { code: "2" });
    assert.deepEqual(await contentOf(one), { code: "1" });
    assert.deepEqual(await contentOf(three), { code: "3" });
  });

  test(`${Transport.name}: subscribers are greeted, and get what they want in order`, async () => {
    const transport = kept(await Transport.bind(CONNECTION, options));
    transport.receive(() => {});
    const subscriber = kept(new Subscriber({ linger: 0 }));
    subscriber.connect(at(transport.ports.iopub_port));
    subscriber.subscribe("kernel");
    const publish = (topic: string, content: object): void => {
      const message: Message = childOf(headers, null, "status", content);
      transport.publish({ ...message, identities: [Buffer.from(topic)] });
    };
    assert.deepEqual(await contentOf(subscriber), { subscription: "kernel" });
    publish("kernel.a", { n: 1 });
    publish("other", { n: 2 });
    publish("kernel.b", { n: 3, text: "x".repeat(100_000) });
    publish("kernel", { n: 4 });
    assert.deepEqual(await contentOf(subscriber), { n: 1 });
    assert.deepEqual(await contentOf(subscriber), { n: 3, text: "x".repeat(100_000) });
    assert.deepEqual(await contentOf(subscriber), { n: 4 });
  });

  test(`${Transport.name}: the heartbeat echoes`, async () => {
    const transport = kept(await Transport.bind(CONNECTION, options));
    transport.receive(() => {});
    const heart = kept(new Request({ linger: 0 }));
    heart.connect(at(transport.ports.hb_port));
    for (const beat of ["ping", "pong", ""]) {
      await heart.send(beat);
      assert.deepEqual(await heart.receive(), [Buffer.from(beat)]);
    }
  });

  test(`${Transport.name}: who comes back under its old identity takes its place`, async () => {
    const transport = kept(await Transport.bind(CONNECTION, options));
    echo(transport);
    const { shell_port } = transport.ports;
    const former = await asking(shell_port, "same", "1");
    assert.deepEqual(await contentOf(former), { code: "1" });
    const latter = await asking(shell_port, "same", "2");
    assert.deepEqual(await contentOf(latter), { code: "2" });
  });
}

test("a client without an identity is answered, and so is one that asked before anybody listened", async () => {
  const transport = await bound();
  const dealer = await asking(transport.ports.shell_port, null, "early");
  const heart = kept(new Request({ linger: 0 }));
  heart.connect(at(transport.ports.hb_port));
  await heart.send("the request has arrived by then, or comes later: both are right");
  await heart.receive();
  echo(transport);
  assert.deepEqual(await contentOf(dealer), { code: "early" });
});

test("who does not speak ZMTP is closed and logged, and nobody else notices", async () => {
  const transport = await bound();
  echo(transport);
  const { shell_port } = transport.ports;
  const other = await raw(shell_port);
  const closed = new Promise((resolve) => other.socket.once("close", resolve));
  other.socket.resume().write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await closed;
  assert.match(log.at(-1) ?? "", /closed the connection of a client: it does not speak ZMTP 3/);
  const wrong = await raw(shell_port);
  const alsoClosed = new Promise((resolve) => wrong.socket.once("close", resolve));
  wrong.socket.resume().write(Buffer.concat([greeting(), ready("SUB")]));
  await alsoClosed;
  assert.match(log.at(-1) ?? "", /its socket "SUB" does not go with ROUTER/);
  assert.deepEqual(await contentOf(await asking(shell_port, "good", "1")), { code: "1" });
});

test("a wrongly signed message is logged, and the next one is heard", async () => {
  const transport = await bound();
  echo(transport);
  const dealer = await asking(transport.ports.shell_port, "forger", "1");
  assert.deepEqual(await contentOf(dealer), { code: "1" });
  const forged = encode(
    { ...SIGNATURE, key: "guessed" },
    childOf(headers, null, "execute_request", {}),
  );
  await dealer.send(forged);
  await dealer.send(encode(SIGNATURE, childOf(headers, null, "execute_request", { code: "2" })));
  assert.deepEqual(await contentOf(dealer), { code: "2" });
  assert.match(log.at(-1) ?? "", /dropped a message on shell: wrong signature/);
});

test("a PING is answered with its context, and SUBSCRIBE is a command too", async () => {
  const transport = await bound();
  transport.receive(() => {});
  const { socket } = await raw(transport.ports.iopub_port);
  const seen: string[] = [];
  let setSeen = (): void => {};
  const both = new Promise<void>((resolve) => {
    setSeen = resolve;
  });
  const note = (text: string): void => {
    if (seen.push(text) === 3) setSeen();
  };
  const reader = new FrameReader({
    message: (frames) => note(String(frames.at(-1))),
    command: ({ name, data }) => note(name === "READY" ? name : `${name} ${data.toString()}`),
  });
  let greeted = 0;
  socket.on("data", (chunk) => {
    const skipped = Math.min(GREETING_LENGTH - greeted, chunk.length);
    greeted += skipped;
    reader.push(chunk.subarray(skipped));
  });
  socket.write(Buffer.concat([greeting(), ready("SUB")]));
  socket.write(encodeCommand("PING", Buffer.from("\u0000\u0001context")));
  socket.write(encodeCommand("SUBSCRIBE", Buffer.from("t")));
  await both;
  assert.deepEqual(seen, ["READY", "PONG context", '{"subscription":"t"}']);
});

test("a subscriber that reads late gets all of it, and whoever produces waits meanwhile", async () => {
  const transport = await bound();
  transport.receive(() => {});
  const { socket, bytes } = await raw(transport.ports.iopub_port);
  socket.write(Buffer.concat([greeting(), ready("SUB"), encodeFrames([Buffer.from([1])])]));
  let received = (await bytes()).length;
  while (received < GREETING_LENGTH + 40) received += (await bytes()).length;
  socket.pause();
  const text = "x".repeat(256 * 1024);
  let count = 0;
  // The system's own buffers take a few megabytes before anything waits here.
  while (transport.room() === null && count < 400) {
    const message: Message = childOf(headers, null, "stream", { count: count++, text });
    transport.publish({ ...message, identities: [Buffer.from("stream")] });
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.ok(transport.room() !== null, "100 MB were taken from whoever produces them");
  const counts: number[] = [];
  const all = new Promise<void>((resolve) => {
    const reader = new FrameReader({
      message: (frames) => {
        const content = JSON.parse(String(frames.at(-1))) as { count?: number };
        if (content.count !== undefined) counts.push(content.count);
        if (counts.length === count) resolve();
      },
      command: () => {},
    });
    socket.on("data", (chunk) => reader.push(chunk));
  });
  socket.resume();
  await all;
  assert.deepEqual(
    counts,
    Array.from({ length: count }, (_, index) => index),
  );
  assert.equal(transport.takeLoss(), 0);
});

test("a subscriber that goes away without having read holds nobody up", async () => {
  const transport = await bound();
  echo(transport);
  const { socket, bytes } = await raw(transport.ports.iopub_port);
  socket.write(Buffer.concat([greeting(), ready("SUB"), encodeFrames([Buffer.from([1])])]));
  let received = (await bytes()).length;
  while (received < GREETING_LENGTH + 40) received += (await bytes()).length;
  socket.pause();
  const text = "x".repeat(256 * 1024);
  while (transport.room() === null) {
    const message: Message = childOf(headers, null, "stream", { text });
    transport.publish({ ...message, identities: [Buffer.from("stream")] });
    await new Promise((resolve) => setImmediate(resolve));
  }
  const room = transport.room();
  socket.destroy();
  await room;
  await transport.flush();
  assert.equal(transport.room(), null);
  const dealer = await asking(transport.ports.shell_port, "other", "1");
  assert.deepEqual(await contentOf(dealer), { code: "1" });
});

test("what was sent before the transport closes still arrives", async () => {
  const transport = await bound();
  const dealer = await asking(transport.ports.shell_port, "last", "bye");
  const answered = new Promise<void>((resolve) => {
    transport.receive((channel, request) => {
      const answer = childOf(headers, request, "execute_reply", request.content);
      transport.reply(channel, { ...answer, identities: request.identities });
      void transport.close().then(resolve);
    });
  });
  await answered;
  assert.deepEqual(await contentOf(dealer), { code: "bye" });
});

test("what is said to a client that has not got as far as a channel waits for it", async () => {
  const transport = await bound();
  for (const prompt of ["one?", "two?"]) {
    const question = childOf(headers, null, "input_request", { prompt });
    transport.reply("stdin", { ...question, identities: [Buffer.from("late")] });
  }
  const late = await asking(transport.ports.stdin_port, "late", "1");
  assert.deepEqual(
    [await contentOf(late), await contentOf(late)],
    [{ prompt: "one?" }, { prompt: "two?" }],
  );
});

test("who leaves and stays away is gone, who was never there as well; who comes back is not", async () => {
  const transport = await bound();
  const gone: string[] = [];
  const all = new Promise<void>((resolve) => {
    echo(transport, (channel, identity) => {
      if (gone.push(`${channel} ${String(identity)}`) === 2) resolve();
    });
  });
  const { stdin_port } = transport.ports;
  const meet = async (name: string): Promise<Dealer> => {
    const dealer = await asking(stdin_port, name, "1");
    await contentOf(dealer);
    return dealer;
  };
  for (const name of ["back", "away"]) (await meet(name)).close();
  await meet("back");
  const nobody = { ...childOf(headers, null, "input_request", {}), identities: [Buffer.from("x")] };
  transport.reply("stdin", nobody);
  await all;
  assert.deepEqual(gone.toSorted(), ["stdin away", "stdin x"]);
});

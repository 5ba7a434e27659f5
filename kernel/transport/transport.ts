/** What the kernel needs of the network. */
import type { Message, RequestChannel } from "../wire/message.ts";
import type { Connection, Ports } from "./connection.ts";

export type Receiver = (channel: RequestChannel, message: Message) => void;

/** Told of a client, by its identity, that has left a channel or was never there. */
export type Departure = (channel: RequestChannel, identity: Uint8Array) => void;

export interface Transport {
  /** Where it listens. */
  readonly ports: Ports;
  /** Calls the receiver for every well-formed, rightly signed message; zeromq does not tell of departures. */
  receive(receiver: Receiver, gone?: Departure): void;
  /** Sends to the client whose identities the message carries. */
  reply(channel: RequestChannel, message: Message): void;
  /** Sends to every client. */
  publish(message: Message): void;
  /** Null where more can be published at once, else what resolves when it can. */
  room(): Promise<void> | null;
  /** How many bytes of what was published a client may have missed, since this was last asked. */
  takeLoss(): number;
  /** Resolves when everything asked for has been handed to the network. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** A transport whose sockets are bound. */
export interface BoundTransport extends Transport {
  /** The connection with the ports that were really bound. */
  readonly connection: Connection;
}

export interface TransportOptions {
  /** Told about messages that were dropped, with the reason. */
  log(sentence: string): void;
  /** Makes the message that greets a new subscriber of iopub. */
  welcome(subscription: string): Message;
}

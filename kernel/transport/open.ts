/** Opens the kernel's sockets, with what the connection needs for them. */
import type { Connection } from "./connection.ts";
import type { BoundTransport, TransportOptions } from "./transport.ts";
import { ZmtpTransport } from "./zmtp/transport.ts";

/** Plain TCP, which is what every server asks for, needs no library; loading zeromq takes a tenth of the kernel's start. */
export async function bindTransport(
  connection: Connection,
  options: TransportOptions,
): Promise<BoundTransport> {
  const isPlain = connection.transport === "tcp" && connection.curve_publickey === undefined;
  if (isPlain) return ZmtpTransport.bind(connection, options);
  const { ZmqTransport } = await import("./zmq.ts");
  return ZmqTransport.bind(connection, options);
}

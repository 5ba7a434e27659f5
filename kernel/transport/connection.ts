/** The connection file: where a kernel listens. https://jupyter-client.readthedocs.io/en/stable/kernels.html */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import {
  type Checked,
  type Checker,
  ContentError,
  integer,
  object,
  oneOf,
  optional,
  string,
} from "../wire/check.ts";
import type { Signature } from "../wire/codec.ts";

/** Z85 makes 40 characters of a key's 32 bytes; "" where there is none. */
const curveKey: Checker<string> = (value, path) => {
  const key = optional(string, "")(value, path);
  if (key === "" || /^[\w.:+=^!/*?&<>()[\]{}@%$#-]{40}$/.test(key)) return key;
  throw new ContentError(`${path}: expected a CURVE key, 40 characters of Z85`);
};

const checker = object({
  transport: optional(oneOf("tcp", "ipc"), "tcp"),
  ip: optional(string, "127.0.0.1"),
  shell_port: optional(integer, 0),
  iopub_port: optional(integer, 0),
  stdin_port: optional(integer, 0),
  control_port: optional(integer, 0),
  hb_port: optional(integer, 0),
  key: optional(string, ""),
  signature_scheme: optional(string, "hmac-sha256"),
  kernel_name: optional(string, ""),
  curve_publickey: curveKey,
  curve_secretkey: curveKey,
});

type CurveField = "curve_publickey" | "curve_secretkey";
type Fields = Checked<typeof checker>;

/** The keys that encrypt the connection are both there, or neither. */
export type Connection = Omit<Fields, CurveField> & Partial<Pick<Fields, CurveField>>;

export const PORTS = ["shell_port", "iopub_port", "stdin_port", "control_port", "hb_port"] as const;

export type PortName = (typeof PORTS)[number];

export type Ports = Readonly<Record<PortName, number>>;

/** The ports of a connection, and nothing else that stands in its file. */
export function portsOf(connection: Ports): Ports {
  const { shell_port, iopub_port, stdin_port, control_port, hb_port } = connection;
  return { shell_port, iopub_port, stdin_port, control_port, hb_port };
}

export function readConnection(path: string): Connection {
  const { curve_publickey, curve_secretkey, ...connection } = checker(
    JSON.parse(readFileSync(path, "utf8")),
    path,
  );
  if (curve_publickey === "" && curve_secretkey === "") return connection;
  if (curve_publickey === "" || curve_secretkey === "") {
    // Without encryption it would do what was expressly not wanted.
    throw new Error(`${path}: a CURVE connection needs curve_publickey and curve_secretkey`);
  }
  return { ...connection, curve_publickey, curve_secretkey };
}

/** Replaces the file in one step, so that a reader never sees half of it; its key is for the owner alone. */
export function writeConnection(path: string, connection: Connection): void {
  const fresh = `${path}.new`;
  writeFileSync(fresh, `${JSON.stringify(connection, null, 2)}\n`, { mode: 0o600 });
  renameSync(fresh, path);
}

/** The address of a channel; `name` tells ipc sockets apart. */
export function addressOf({ transport, ip }: Connection, port: number): string {
  if (transport === "ipc") return `ipc://${ip}-${port}`;
  return `tcp://${ip}:${port === 0 ? "*" : port}`;
}

export function signatureOf({ key, signature_scheme }: Connection): Signature {
  const hash = /^hmac-(\w+)$/.exec(signature_scheme)?.[1];
  if (hash === undefined) {
    throw new Error(`signature_scheme ${JSON.stringify(signature_scheme)} is not hmac-<hash>`);
  }
  return { key, hash };
}

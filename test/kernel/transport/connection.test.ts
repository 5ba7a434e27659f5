/** The connection file, and the keys that may stand in it. */
import assert from "node:assert/strict";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { portsOf, readConnection, writeConnection } from "../../../kernel/transport/connection.ts";
import { removeFolder, temporaryFolder } from "../../../kernel/transport/folders.ts";

const folder = temporaryFolder("gradbook-connection-");
after(() => removeFolder(folder));
const path = join(folder, "connection.json");
const KEY = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7";
const ports = { shell_port: 1, iopub_port: 2, stdin_port: 3, control_port: 4, hb_port: 5 };

function read(fields: object): object {
  writeFileSync(path, JSON.stringify(fields));
  return readConnection(path);
}

test("a connection without keys has none, whatever a client writes for nothing", () => {
  for (const nothing of [{}, { curve_publickey: null, curve_secretkey: "" }]) {
    const connection = read({ ...ports, ...nothing, more: 1 });
    assert.deepEqual(
      Object.keys(connection).filter((name) => name.startsWith("curve")),
      [],
    );
  }
});

test("a pair of keys is kept, and written again", () => {
  const keys = { curve_publickey: KEY, curve_secretkey: KEY };
  read({ ...ports, ...keys });
  writeConnection(path, readConnection(path));
  const { curve_publickey, curve_secretkey } = JSON.parse(
    readFileSync(path, "utf8"),
  ) as typeof keys;
  assert.deepEqual({ curve_publickey, curve_secretkey }, keys);
  assert.equal(statSync(path).mode & 0o077, 0);
});

test("half a pair, or what is no key, is refused: not encrypting would be worse", () => {
  for (const [keys, reason] of [
    [{ curve_publickey: KEY }, /needs curve_publickey and curve_secretkey/],
    [{ curve_secretkey: KEY }, /needs curve_publickey and curve_secretkey/],
    [
      { curve_publickey: KEY.slice(1), curve_secretkey: KEY },
      /curve_publickey: expected a CURVE key/,
    ],
    [{ curve_publickey: KEY, curve_secretkey: `${KEY.slice(1)}"` }, /curve_secretkey/],
    [{ curve_publickey: 1, curve_secretkey: KEY }, /expected a string, got number/],
  ] as const) {
    assert.throws(() => read(keys), reason);
  }
});

test("the ports of a connection are its ports alone", () => {
  read({ ...ports, key: "secret" });
  assert.deepEqual(portsOf(readConnection(path)), ports);
});

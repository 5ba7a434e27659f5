import assert from "node:assert/strict";
import { test } from "node:test";
import { errors } from "../../../../kernel/back/deno/errors.ts";
import { FsFile, SeekMode } from "../../../../kernel/back/deno/fs_file.ts";

/** Of no open file. */
const DESCRIPTOR = 2 ** 30;

const bytes = new Uint8Array(1);
const calls: Readonly<Record<string, (file: FsFile) => unknown>> = {
  read: (file) => file.read(bytes),
  readSync: (file) => file.readSync(bytes),
  write: (file) => file.write(bytes),
  writeSync: (file) => file.writeSync(bytes),
  seek: (file) => file.seek(0, SeekMode.End),
  seekSync: (file) => file.seekSync(0, SeekMode.End),
  truncate: (file) => file.truncate(),
  truncateSync: (file) => file.truncateSync(),
  stat: (file) => file.stat(),
  statSync: (file) => file.statSync(),
  sync: (file) => file.sync(),
  syncSync: (file) => file.syncSync(),
  close: (file) => file.close(),
};
for (const [name, call] of Object.entries(calls)) {
  test(`${name} of an open file fails with an error of Deno's`, async () => {
    const file = new FsFile(DESCRIPTOR, { appends: false });
    await assert.rejects(async () => call(file), errors.BadResource);
  });
}

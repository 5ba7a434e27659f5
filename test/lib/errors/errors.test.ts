/** Every mistake of the tables throws exactly what its row says, and the line where it was made is named. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { building } from "./building.table.ts";
import { fixture, type Row } from "./fixture.ts";
import { gradients } from "./gradients.table.ts";
import { running } from "./running.table.ts";

/** What is wrong with the call of a session, an optimizer or a registration: its own line is on the stack. */
const PLACELESS: readonly string[] = [
  "a learning rate that is not a number",
  "no learning rate",
  "RegisterGradient of a built-in op",
  "RegisterGradient without a name",
  "RegisterGradient with a number",
  "a fed number",
  "feeds as a record",
  "a feed that is no pair",
  "a fetch that is no node",
  "fetches in fetches",
  "an unknown backend",
];

/** A line of the tables, or of the fixture. */
const here = /made at [^()]*\/errors\/(?:\w+\.table|fixture)\.[jt]s:\d+:\d+/g;

function thrown(row: Row): string {
  try {
    row[1](fixture());
  } catch (error) {
    return String(error).replaceAll(here, "made at HERE");
  }
  return "nothing";
}

const tables = { building, gradients, running };

for (const [name, rows] of Object.entries(tables)) {
  describe(`mistakes: ${name}`, () => {
    for (const row of rows) test(row[0], () => assert.equal(thrown(row), row[2]));
  });
}

test("a mistake is told with the line that made it, unless no node and no op is part of it", () => {
  const without = Object.values(tables)
    .flat()
    .filter(([, , error]) => !error.includes("made at HERE"))
    .map(([title]) => title);
  assert.deepEqual(without, PLACELESS);
});

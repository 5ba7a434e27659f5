/** Every mistake of the tables throws exactly what its row says, and the line where it was made is named. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { building } from "./building.table.ts";
import { fixture, type Row } from "./fixture.ts";
import { gradients } from "./gradients.table.ts";
import { options } from "./options.table.ts";
import { running } from "./running.table.ts";

/** What is wrong with the call of a session, an optimizer or a registration: its own line is on the stack. */
const PLACELESS: readonly string[] = [
  "a learning rate that is not a number",
  "no learning rate",
  "RegisterGradient of a built-in op",
  "RegisterGradient without a name",
  "RegisterGradient with a number",
  "an optimizer's option by another library's name",
  "bytes that are no booleans",
  "a run with an option there is not",
  "a session by its backend alone",
  "a session with an option there is not",
  "a session of a graph that is none",
  "a graph by its type alone",
  "a graph of integers",
  "a name scope without a name",
  "a name scope without a function",
  "checkGradients with options for feeds",
  "checkGradients with an option there is not",
  "minimize with variables by themselves",
  "minimize of one variable",
  "clipByGlobalNorm of a single node",
  "an explanation of no session",
  "a stream with an option there is not",
  "a stream with bounds by themselves",
  "a stream of a negative deviation",
  "a stream with a probability by itself",
  "a permutation of text",
  "a tensor with a shape by itself",
  "a Tensor without a shape",
  "map without a function",
  "zip with an array",
  "a fed number",
  "feeds as a record",
  "a second fetch for feeds",
  "a feed that is no pair",
  "a fetch that is no node",
  "an optimizer as the fetch",
  "a Map as the fetch",
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

const tables = { building, gradients, options, running };

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

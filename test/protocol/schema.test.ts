/** Our schemas against those of jupyter_kernel_test: what they refuse, ours refuse. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { environmentAt } from "../../kernel/install/python.ts";
import { asked, errorReply, published, replies, requests } from "../schema/contents.ts";
import { mutationsOf } from "../schema/mutations.ts";
import { errorSample, publishedSamples, replySamples, requestSamples } from "../schema/samples.ts";
import type { JsonObject } from "../schema/shape.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

type Check = (value: unknown, path: string) => unknown;
type Case = [type: string, content: JsonObject, isSample: boolean, check: Check];

/** Theirs wants a number for input_request's `password`; the specification, and services, a boolean. */
const DIFFERENT = new Set(["input_request"]);

function casesOf(samples: Record<string, JsonObject>, schemas: Record<string, Check>): Case[] {
  return Object.entries(samples).flatMap(([type, content]): Case[] => {
    const check = schemas[type];
    if (check === undefined || DIFFERENT.has(type)) return [];
    const mutated = mutationsOf(content)
      // A client may leave out what has a default, says the text; theirs wants all of it.
      .filter(({ what }) => !(schemas === requests && what.startsWith("without ")))
      .map(({ value }): Case => [type, value, false, check]);
    return [[type, content, true, check], ...mutated];
  });
}

function isAccepted(check: Check, content: JsonObject): boolean {
  try {
    check(content, "content");
    return true;
  } catch {
    return false;
  }
}

test("what jupyter_kernel_test's schemas refuse, ours refuse; the samples pass both", () => {
  const errors = { execute_reply: errorSample, complete_reply: errorSample };
  const cases = [
    ...casesOf(publishedSamples, published),
    ...casesOf(replySamples, replies),
    ...casesOf(requestSamples, requests),
    ...casesOf(errors, { execute_reply: errorReply, complete_reply: errorReply }),
    ...casesOf({ input_request: { prompt: "?", password: true } }, asked),
  ];
  const { status, stdout, stderr } = spawnSync(
    environmentAt(root).python,
    [join(root, "test", "protocol", "schema_check.py")],
    { encoding: "utf8", input: JSON.stringify(cases.map(([type, content]) => [type, content])) },
  );
  assert.equal(status, 0, stderr);
  const verdicts = JSON.parse(stdout) as (boolean | null)[];
  const counts = { both: 0, theirs: 0, ours: 0, neither: 0, unknown: 0 };
  for (const [i, [type, content, isSample, check]] of cases.entries()) {
    const [their, our] = [verdicts[i] ?? null, isAccepted(check, content)];
    if (isSample) assert.ok(our && their !== false, `the sample of ${type}: ${their}, ${our}`);
    assert.ok(their !== false || !our, `${type} ${JSON.stringify(content)}: only ours accepts it`);
    if (their === null) counts.unknown++;
    else if (their) counts[our ? "both" : "theirs"]++;
    else counts.neither++;
  }
  console.log(`accepted by: ${JSON.stringify(counts)}`);
  assert.ok(counts.neither > 300 && counts.both > 20, "both kinds were met");
});

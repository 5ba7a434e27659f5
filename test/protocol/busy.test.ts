/** What is answered while a cell leaves its thread no moment: everything but cells and comms. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { KernelClient } from "../../kernel/run/client.ts";
import type { RequestChannel } from "../../kernel/wire/message.ts";
import { launchKernel } from "../schema/checked.ts";
import { firstOf, runCell } from "./cells.ts";

let kernel: KernelClient;

before(async () => {
  kernel = await launchKernel();
  await runCell(kernel, "const known = { alpha: 1 }; comm.open('board')");
  // The engine starts with the first question.
  await kernel.request("complete_request", { code: "known.", cursor_pos: 6 });
});
after(async () => kernel.shutdown());

const QUESTIONS: readonly (readonly [
  string,
  object,
  RequestChannel,
  (content: Content) => unknown,
])[] = [
  ["kernel_info_request", {}, "shell", (content) => content["protocol_version"]],
  ["kernel_info_request", {}, "control", (content) => content["protocol_version"]],
  [
    "complete_request",
    { code: "known.al", cursor_pos: 8 },
    "shell",
    (content) => (content["matches"] as string[]).includes("alpha"),
  ],
  [
    "inspect_request",
    { code: "known", cursor_pos: 3, detail_level: 0 },
    "shell",
    (content) => content["found"],
  ],
  ["is_complete_request", { code: "1 +" }, "shell", (content) => content["indent"] !== undefined],
  ["comm_info_request", {}, "shell", (content) => Object.keys(content["comms"] as object)[0]],
  [
    "history_request",
    { hist_access_type: "tail", n: 1, output: false, raw: true },
    "shell",
    (content) => (content["history"] as unknown[]).length === 1,
  ],
  ["usage_request", {}, "control", (content) => content["pid"] ?? content],
  ["list_subshell_request", {}, "control", (content) => content["subshell_id"]],
];

type Content = Readonly<Record<string, unknown>>;

test("every question is answered while a cell loops, on the parent shell and on a subshell", async () => {
  const made = await kernel.request("create_subshell_request", {}, { channel: "control" });
  const { seen, watch } = firstOf("stream");
  const running = kernel.execute("console.log('go'); while (true) {}", watch);
  await seen;
  const times: string[] = [];
  for (const subshell of [undefined, String(made.content["subshell_id"])]) {
    for (const [type, content, channel, wanted] of QUESTIONS) {
      const from = performance.now();
      const reply = await kernel.request(type, content, {
        channel,
        ...(subshell === undefined || channel === "control" ? {} : { subshell }),
      });
      times.push(`${type.replace("_request", "")} ${(performance.now() - from).toFixed(1)}`);
      assert.ok(wanted(reply.content), `${type}: ${JSON.stringify(reply.content)}`);
    }
  }
  const from = performance.now();
  await kernel.interrupt();
  times.push(`interrupt ${(performance.now() - from).toFixed(1)}`);
  assert.equal((await running).content["ename"], "Interrupted");
  console.log(`answers during a loop, in ms: ${times.join(", ")}`);
});

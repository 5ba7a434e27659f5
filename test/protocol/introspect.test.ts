/** Completion and inspection against the real process: types from the engine, values from a kernel that may be busy. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { KernelClient, Received } from "../../kernel/run/client.ts";
import { removeFolder, temporaryFolder } from "../../kernel/transport/folders.ts";
import { launchKernel } from "../schema/checked.ts";
import { engineOf, fieldsOf } from "./process.ts";

const folder = temporaryFolder("gradbook-test-");
writeFileSync(join(folder, "helper.ts"), "/** Helps. */\nexport const help = (n: number) => n;\n");
let kernel: KernelClient;

const SETUP = `const rows: any = [{ alpha: 1, beta: { deep: 2 } }];
let reads = 0;
const guarded: any = { get secret() { reads++; return 1 }, open: 1 };
const watched: any = new Proxy({ inner: 1 }, { ownKeys(o) { reads++; return Reflect.ownKeys(o) } });
interface Row { id: number; title: string }
/** Makes a row. */
function makeRow(id: number, title = "x"): Row { return { id, title } }
class Model { weights = [1, 2]; train(steps: number) { return this } }
let model = new Model();
function paint(colour: "red" | "blue", options?: { opacity: number }) {}`;

before(async () => {
  kernel = await launchKernel({ notebook: join(folder, "nb.ipynb") });
  await kernel.execute(SETUP);
});
after(async () => {
  await kernel.shutdown();
  removeFolder(folder);
});

interface Completed {
  readonly matches: string[];
  readonly cursor_start: number;
  readonly cursor_end: number;
  readonly metadata: {
    readonly _jupyter_types_experimental: { text: string; type: string; signature: string }[];
  };
}

/** Asks at the end of the code, or at its `|`. */
function ask(type: string, marked: string, more: object = {}, client = kernel) {
  const points = Array.from(marked);
  const at = points.includes("|") ? points.indexOf("|") : points.length;
  const content = { code: marked.replace("|", ""), cursor_pos: at, ...more };
  return client.request(type, content, { untilIdle: false });
}

async function complete(marked: string, client = kernel): Promise<Completed> {
  const { content } = await ask("complete_request", marked, {}, client);
  assert.equal(content["status"], "ok");
  const completed = content as unknown as Completed;
  const types = completed.metadata["_jupyter_types_experimental"];
  assert.deepEqual(
    types.map(({ text }) => text),
    completed.matches,
  );
  return completed;
}

async function inspect(marked: string, detail = 0, client = kernel): Promise<string | null> {
  const more = { detail_level: detail };
  const { content } = await ask("inspect_request", marked, more, client);
  assert.equal(content["status"], "ok");
  const data = content["data"] as Record<string, string>;
  assert.equal(content["found"], "text/plain" in data);
  return data["text/markdown"] ?? null;
}

for (const [what, marked, matches] of [
  ["a member of a value without a type", "rows[0].", ["alpha", "beta"]],
  ["a member of a member", "rows[0].beta.d", ["deep"]],
  ["a key in brackets", "rows[0]['a", ["alpha"]],
  ["a member by its type", "model.", ["train", "weights"]],
  ["one of a few strings", "paint('", ["blue", "red"]],
  ["a key of an object", "paint('red', {", ["opacity"]],
  ["a name of a module", "import { hel| } from './helper'", ["help"]],
  ["a file beside the notebook", "import x from './", ["helper"]],
  ["a file by its first letters", "import x from './hel|'", ["helper"]],
  ["a module of Node", "import x from 'node:dgr", ["node:dgram"]],
  ["a type of an earlier cell", "const z: Ro", ["Row", "round", "rows"]],
  ["a name of the library", "computeGr", ["computeGradients"]],
  ["a name of the kernel", "clearO", ["clearOutput"]],
  ["a function of Deno's", "Deno.readTex", ["readTextFile", "readTextFileSync"]],
  ["an option of Deno's", "Deno.makeTempDir({ pre", ["prefix"]],
  ["a type of Deno's", "const z: Deno.FileI", ["FileInfo"]],
  ["a name that is asked about", "?mode|", ["model", "Model"]],
  ["nothing of TypeScript in a command", "!ec|", []],
  ["nothing in a comment", "// rows[0].", []],
  ["nothing for a new name", "const ne", []],
] as const) {
  test(`completed: ${what}`, async () => {
    assert.deepEqual((await complete(marked)).matches, matches);
  });
}

test("types of earlier cells are there before a letter is written", async () => {
  assert.ok((await complete("let z: ")).matches.includes("Row"));
});

test("a completion tells kind and signature", async () => {
  const { metadata } = await complete("makeR");
  assert.deepEqual(metadata["_jupyter_types_experimental"], [
    {
      text: "makeRow",
      type: "function",
      signature: "(id: number, title?: string): Row",
      start: 0,
      end: 5,
    },
  ]);
});

test("cursors count code points, and one outside the code is taken for its end", async () => {
  const { cursor_start, cursor_end, matches } = await complete("'😀😀𝒳'; rows[0].al|pha + 1");
  assert.deepEqual([cursor_start, cursor_end, matches], [15, 20, ["alpha"]]);
  const beyond = await ask("complete_request", "model.tr", { cursor_pos: 999 });
  assert.deepEqual(beyond.content["matches"], ["train"]);
  const ahead = await ask("complete_request", "model.tr", { cursor_pos: -1 });
  assert.equal(ahead.content["cursor_start"], 0);
});

test("no getter and no trap is called", async () => {
  assert.deepEqual((await complete("guarded.")).matches, ["open", "secret"]);
  assert.equal(await inspect("guarded.secret"), null);
  assert.deepEqual((await complete("guarded.secret.")).matches, []);
  assert.deepEqual((await complete("watched.")).matches, []);
  await inspect("watched");
  const values: unknown[] = [];
  await kernel.execute("reads", ({ message }) => values.push(message.content["data"]));
  assert.deepEqual(values.filter(Boolean), [{ "text/plain": "0" }]);
});

test("a name is shown with declaration, documentation and value", async () => {
  assert.equal(
    await inspect("makeRow"),
    "```typescript\nfunction makeRow(id: number, title?: string): Row\n```\n\nMakes a row.",
  );
  assert.match(
    String(await inspect("mod|el.train")),
    /let model: Model[^]*Value[^]*Model \{ weights/,
  );
  assert.match(String(await inspect("rows[0].be|ta")), /Value[^]*\{ deep: 2 \}/);
  assert.match(String(await inspect("placeholder")), /function placeholder/);
  assert.match(String(await inspect("display.html")), /Shows HTML/);
  assert.equal(await inspect("nothingOfTheKind"), null);
  assert.equal(await inspect(""), null);
});

test("a function of Deno's is shown with its documentation", async () => {
  assert.match(
    String(await inspect("Deno.lst|at")),
    /lstat\(path: [^)]*\): Promise<[^]*FileInfo>[^]*What is there, be it a link\./,
  );
});

test("a value is shown without its private fields", async () => {
  await kernel.execute("class Safe { #code = 1234; door = 'shut' }\nconst safe = new Safe()");
  const shown = String(await inspect("safe"));
  assert.match(shown, /door: "shut"/);
  assert.doesNotMatch(shown, /1234/);
});

test("detail level 1 adds the source", async () => {
  assert.match(String(await inspect("Model", 1)), /Cell \[1\][^]*weights = \[1, 2\]/);
  assert.match(String(await inspect("plot.line", 1)), /Source[^]*function line/);
});

test("inside a call its signature is shown, with the parameter in turn", async () => {
  const shown = String(await inspect("makeRow(1, |)"));
  assert.match(shown, /makeRow\(id: number, title\?: string\): Row/);
  assert.match(shown, /\*\*Parameter\*\* `title\?: string`/);
});

test("a cell that asks gets its answer in the pager, and one about nothing is told so", async () => {
  const { content } = await kernel.execute("makeRow??");
  const [page] = content["payload"] as { source: string; start: number; data: object }[];
  assert.deepEqual([page?.source, page?.start], ["page", 0]);
  assert.match(JSON.stringify(page?.data), /Makes a row.*Cell \[1\]/);
  const texts: unknown[] = [];
  const unknown = await kernel.execute("?nothingOfTheKind", ({ message }) =>
    texts.push(message.content["text"]),
  );
  assert.deepEqual([unknown.content["status"], unknown.content["payload"]], ["ok", []]);
  assert.ok(texts.includes("Nothing is known about nothingOfTheKind.\n"));
});

/** Resolves when the kernel has begun to run the cell. */
function begun(code: string): { running: Promise<unknown>; started: Promise<void> } {
  let start: () => void = () => {};
  const started = new Promise<void>((resolve) => (start = resolve));
  const watch = ({ message }: Received): void => {
    if (message.header.msg_type === "stream") start();
  };
  return { running: kernel.execute(`console.log('go');\n${code}`, watch), started };
}

for (const [what, code, hasValues] of [
  ["a loop", "while (true) {}", true],
  ["a loop that calls", "while (true) Math.sin(reads)", true],
  ["Atomics.wait", "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)", true],
  ["an await that stays pending", "await new Promise(() => {})", true],
  [
    "a synchronous child process",
    "require('child_process').execFileSync(process.execPath, ['-e', 'setTimeout(() => {}, 1500)'])",
    false,
  ],
] as const) {
  test(`completion and inspection answer during ${what}`, async () => {
    const { running, started } = begun(code);
    await started;
    assert.deepEqual((await complete("model.")).matches, ["train", "weights"]);
    assert.deepEqual((await complete("makeR")).matches, ["makeRow"]);
    const members = (await complete("rows[0].")).matches;
    if (hasValues) assert.deepEqual(members, ["alpha", "beta"]);
    assert.match(String(await inspect("makeRow(1, |)")), /Parameter/);
    assert.match(String(await inspect("model")), /let model: Model/);
    if (hasValues) await kernel.interrupt();
    await running;
  });
}

test("a question during a cell leaves the kernel busy", async () => {
  const states: string[] = [];
  const { running, started } = begun("while (true) {}");
  await started;
  const published = new Promise<void>((resolve) => {
    kernel.onMessage = ({ message: { header, content, parent_header } }) => {
      if (header.msg_type !== "status") return;
      const parent = "msg_type" in parent_header ? parent_header.msg_type : "";
      states.push(`${parent} ${String(content["execution_state"])}`);
      if (states.length === 3) resolve();
    };
  });
  await complete("model.");
  await published;
  kernel.onMessage = () => {};
  assert.deepEqual(states, [
    "complete_request busy",
    "complete_request idle",
    "execute_request busy",
  ]);
  await kernel.interrupt();
  await running;
});

test("an edited file and an installed package are seen", async () => {
  const helper = (names: string): void => writeFileSync(join(folder, "edited.ts"), names);
  const members = async (module: string): Promise<string[]> =>
    (await complete(`import * as m from '${module}'; m.`)).matches;
  helper("export const one = 1;");
  await seen(async () => (await members("./edited")).join() === "one");
  helper("export const one = 1;\nexport const two = 2;");
  await seen(async () => (await members("./edited")).join() === "one,two");
  assert.deepEqual(await members("packed"), []);
  mkdirSync(join(folder, "node_modules", "packed"), { recursive: true });
  writeFileSync(join(folder, "node_modules", "packed", "package.json"), '{ "types": "t.d.ts" }');
  writeFileSync(join(folder, "node_modules", "packed", "t.d.ts"), "export declare const p: 1;");
  await seen(async () => (await members("packed")).join() === "p");
});

/** Asks again until it is so: the folder is not looked at for every question. */
async function seen(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await isSo())) assert.ok(Date.now() < deadline, "seen within 20 s");
}

const noProc = existsSync("/proc/self/task") ? false : "needs /proc";

test("an engine that was killed is started again", { skip: noProc }, async () => {
  const first = engineOf(kernel);
  process.kill(first, "SIGKILL");
  await gone(first);
  assert.deepEqual((await complete("model.")).matches, ["train", "weights"]);
  assert.notEqual(engineOf(kernel), first);
});

test("an engine that is stopped keeps no answer back", { skip: noProc }, async () => {
  const engine = engineOf(kernel);
  process.kill(engine, "SIGSTOP");
  try {
    assert.deepEqual((await complete("rows[0].")).matches, ["alpha", "beta"]);
    assert.ok((await complete("mod")).matches.includes("model"));
    assert.match(String(await inspect("model")), /Value[^]*weights/);
  } finally {
    process.kill(engine, "SIGCONT");
  }
  assert.deepEqual((await complete("model.")).matches, ["train", "weights"]);
});

test("a SIGINT to the kernel's group does not reach the engine", { skip: noProc }, async () => {
  const client = await launchKernel();
  await complete("plot.", client);
  const engine = engineOf(client);
  assert.equal(fieldsOf(engine)[2], String(engine));
  await client.shutdown();
  await gone(engine);
});

test("no engine is left when the kernel is killed", { skip: noProc }, async () => {
  // It cannot take its files away either.
  const client = await launchKernel({ env: { ...process.env, TMPDIR: folder } });
  await complete("plot.", client);
  const engine = engineOf(client);
  client.process.kill("SIGKILL");
  await gone(engine);
  client.close();
});

async function gone(pid: number): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (isRunning(pid) && Date.now() < deadline) await new Promise((r) => setTimeout(r, 10));
  assert.equal(isRunning(pid), false, `process ${pid} has ended`);
}

/** A process that has ended may still wait to be looked at by its parent. */
function isRunning(pid: number): boolean {
  const [state = ""] = fieldsOf(pid);
  return state !== "" && state !== "Z";
}

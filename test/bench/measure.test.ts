/** The benchmark's judge: a wrong answer, a broken peer and an absent one are each told apart. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { differenceOf, measure } from "../../bench/library/measure.ts";
import { peerEnvironment, type Command } from "../../bench/library/process.ts";
import type { Task } from "../../bench/library/task.ts";
import { stepsPerSecond, type Workload } from "../../bench/library/workload.ts";

const training: Task = {
  kind: "training",
  dtype: "float64",
  layers: 1,
  learningRate: 0.1,
  checkedSteps: 2,
};
const product: Task = { kind: "product", dtype: "float64" };
const [exact, single] = [
  { dtype: "float64", points: 100 },
  { dtype: "float32", points: 100 },
] as const;

const cases = [
  ["equal losses agree", training, [70, 0.06], exact, true],
  ["rounding in the last digits agrees", training, [70 * (1 + 1e-13), 0.06], exact, true],
  [
    "a float64 loss off in the eighth digit is wrong",
    training,
    [70, 0.06 * (1 + 1e-8)],
    exact,
    false,
  ],
  ["the same is right in float32", training, [70, 0.06 * (1 + 1e-8)], single, true],
  [
    "a float32 loss off by more than its points allow is wrong",
    training,
    [70, 0.07],
    single,
    false,
  ],
  ["NaN is wrong", training, [70, Number.NaN], single, false],
  ["a value that is missing is wrong", training, [70], exact, false],
  ["an entry is held against the largest one", product, [70, 0.06 + 1e-12], exact, true],
  ["an entry that is off is wrong", product, [70, 0.06 + 1e-9], exact, false],
] as const;

for (const [name, task, values, about, agrees] of cases) {
  test(name, () => {
    assert.equal(differenceOf(task, values, [70, 0.06], about) === undefined, agrees);
  });
}

/** A peer that is a script: it answers "open" and "check" as told, "round" with one step a second. */
function scripted(
  name: string,
  answers: { open: unknown; check?: unknown; round?: unknown },
): Command {
  const script = `
    const answers = ${JSON.stringify({ round: { seconds: 1 }, ...answers })};
    require("node:readline").createInterface(process.stdin).on("line", (line) => {
      console.log(JSON.stringify(answers[JSON.parse(line).ask] ?? process.exit(1)));
    });`;
  return { name, peer: name, program: process.execPath, args: ["--eval", script] };
}

const opened = (name: string): unknown => ({ variants: [{ name, note: "", dtype: "float64" }] });

const workload: Workload = {
  name: "test",
  claim: "a test",
  task: training,
  arrays: () => ({ points: { shape: [1], data: new Float64Array(1) } }),
  figure: stepsPerSecond,
  goals: [],
};

test("right peers are measured; wrong, absent and broken ones are named with the reason", async () => {
  const right = { values: [70, 0.06], seconds: 0 };
  const peers = [
    scripted("right", { open: opened("right"), check: right }),
    scripted("wrong", { open: opened("wrong"), check: { values: [70, 0.061], seconds: 0 } }),
    scripted("absent", { open: { absent: "not installed" } }),
    scripted("failing", { open: opened("failing"), check: { error: "no memory" } }),
    scripted("dying", { open: opened("dying") }),
    { name: "no program", peer: "none", program: "gradbook-no-such-program", args: [] },
  ];
  const reference = scripted("reference", { open: opened("reference"), check: right });
  const pace = { rounds: 2, milliseconds: 1, slowSeconds: 4 };
  const { measurements, wrong, absent } = await measure(workload, peers, reference, pace);
  assert.deepEqual(
    measurements.map(({ name, median }) => [name, median]),
    [["right", 1]],
  );
  assert.deepEqual(wrong, [{ name: "wrong", why: "gave 0.061 instead of 0.06 (value 1)" }]);
  assert.deepEqual(
    absent.map(({ name }) => name),
    ["absent", "failing", "dying", "no program"],
  );
  assert.deepEqual(
    absent.slice(0, 2).map(({ why }) => why),
    ["not installed", "no memory"],
  );
});

test("a slow step is measured once, and one whose check was only long is measured in every round", async () => {
  const values = [70, 0.06];
  const peer = (name: string, step: number): Command =>
    scripted(name, {
      open: opened(name),
      check: { values, seconds: 100 },
      round: { seconds: step },
    });
  const peers = [peer("slow", 10), peer("compiled", 0.5)];
  const pace = { rounds: 3, milliseconds: 1, slowSeconds: 4 };
  const { measurements } = await measure(workload, peers, undefined, pace);
  assert.deepEqual(
    measurements.map(({ name, median, note }) => [name, median, note]),
    [
      ["slow", 0.1, ", seen once"],
      ["compiled", 2, ""],
    ],
  );
});

test("a peer does not see settings of the shell that slow it down", () => {
  const inherited = { PATH: "/bin", OPENBLAS_CORETYPE: "Prescott", OMP_NUM_THREADS: "1" };
  const { PATH, OPENBLAS_CORETYPE, OMP_NUM_THREADS } = peerEnvironment(inherited);
  assert.deepEqual([PATH, OPENBLAS_CORETYPE, OMP_NUM_THREADS], ["/bin", undefined, "2"]);
});

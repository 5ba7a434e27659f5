/** What a workload is: its task and numbers, how its figure is read, and what is to be reached. */
import type { Arrays, Task } from "./task.ts";

/** How seconds per step become the figure that is printed. */
export interface Figure {
  readonly unit: string;
  readonly better: "more" | "less";
  readonly of: (seconds: number) => number;
}

/** What a row of ours is to reach: so many times the best of the rows it is held against, or a number. */
export interface Goal {
  /** The row that is judged; the first one, if it is not named. */
  readonly row?: string;
  /** Names of rows; the best of them counts. Without: a number in the workload's unit. */
  readonly against?: readonly string[];
  readonly reach: number;
}

export interface Workload {
  readonly name: string;
  readonly claim: string;
  readonly task: Task;
  readonly arrays: () => Arrays;
  readonly figure: Figure;
  readonly goals: readonly Goal[];
  /** Peers that are not asked, by name, each with the reason that is printed. */
  readonly without?: Readonly<Record<string, string>>;
  /** Multiplications and additions of a step, where they are what takes the time. */
  readonly flops?: number;
  /** Bytes a step has to read and write at least, where they are. */
  readonly bytes?: number;
}

export const TUTORIAL = "NumPy, the tutorial's way";
export const REFERENCE = "NumPy, written out";
export const JAVASCRIPT_PEERS = ["tfjs cpu", "tfjs wasm", "jax-js", "numpy-ts"];
export const ALL_PEERS = [...JAVASCRIPT_PEERS, "ONNX Runtime", "PyTorch", "PyTorch, compiled"];

export const stepsPerSecond: Figure = {
  unit: "steps/s",
  better: "more",
  of: (seconds) => 1 / seconds,
};
export const milliseconds: Figure = {
  unit: "ms",
  better: "less",
  of: (seconds) => seconds * 1000,
};

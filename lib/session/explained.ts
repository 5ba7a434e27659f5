/** What an explanation of a plan tells. */

/** One step of a plan. */
export interface ExplainedStep {
  /** What computes it: WebAssembly, on one thread or on several, or JavaScript. */
  readonly backend: "wasm" | "threads" | "javascript" | "reference";
  readonly kind: "map" | "reduce" | "gemm" | "call";
  /** What it does, in a line. */
  readonly text: string;
  /** The nodes that are computed in this one step; more than one were fused. */
  readonly nodes: readonly string[];
  /** The bytes that it writes to the plan's memory, not those that a thread keeps for itself. */
  readonly bytes: number;
  /** Into how many parts it is cut, for threads to share. */
  readonly parts: number;
  /** Whether a thread that has done its part of the step before goes on with this one, and waits for no other thread. */
  readonly follows: boolean;
}

/** A value in the plan's memory: where it lies, and from which step to which. */
export interface ExplainedValue {
  readonly name: string;
  readonly offset: number;
  readonly bytes: number;
  readonly from: number;
  readonly to: number;
}

/** What is known of a plan. */
export interface ExplainedPlan {
  readonly steps: readonly ExplainedStep[];
  readonly values: readonly ExplainedValue[];
  /** Nodes before anything was shared, folded or fused. */
  readonly nodes: number;
  /** The bytes of all values together, and of the memory that they share. */
  readonly needed: number;
  readonly bytes: number;
}

/** Training: optimizers, schedules, clipping, the loop, and what it measures. */
export {
  AdaGradOptimizer,
  RMSPropOptimizer,
  type AdaGradOptions,
  type RMSPropOptions,
} from "./adaptive.ts";
export { AdamOptimizer, AdamWOptimizer, type AdamOptions } from "./adam.ts";
export { clipByGlobalNorm, clipByNorm, clipByValue, type Clipping } from "./clip.ts";
export {
  GradientDescentOptimizer,
  MomentumOptimizer,
  type MomentumOptions,
} from "./gradient_descent.ts";
export { type LearningRate } from "./move.ts";
export { Optimizer, type OptimizerOptions } from "./optimizer.ts";
export * as schedule from "./schedule.ts";
export { type EarlyStopping } from "./early_stopping.ts";
export {
  evaluate,
  fit,
  type EpochReport,
  type EvaluateOptions,
  type FitOptions,
  type Evaluated,
  type History,
  type StepReport,
  type ValidatedHistory,
} from "./fit.ts";
export * as metrics from "./metrics.ts";
export { type Progress } from "./progress.ts";
export { type Metric, type Metrics } from "./tally.ts";

/** The public API: graphs, ops, gradients, sessions, training. */
import "./ops/methods.ts";

export { type Dtype } from "./core/dtype.ts";
export { DISPLAY, type Displayable, type MimeBundle } from "./core/mime.ts";
export { random, type Random } from "./core/random.ts";
export { ShapeError, type PartialShape, type Shape } from "./core/shape.ts";
export {
  Tensor,
  tensor,
  type TensorOf,
  type Nested,
  type NestedArray,
  type TensorLike,
} from "./core/tensor.ts";
export { type BackendName } from "./backend/select.ts";
export { Constant, type NodeLike } from "./graph/build.ts";
export { defaultGraph, Graph, nameScope, type GraphOptions } from "./graph/graph.ts";
export { GraphError, Node } from "./graph/node.ts";
export { type Op } from "./graph/op.ts";
export { type NodeOf } from "./graph/shaped.ts";
export { Operation, RegisterGradient, type Value } from "./graph/operation.ts";
export * from "./ops/index.ts";
export { computeGradients } from "./grad/gradients.ts";
export { hessianVectorProduct, jacobian } from "./grad/derivatives.ts";
export { GradientCheck, type CheckOptions } from "./grad/check.ts";
export { type CheckRow } from "./grad/report.ts";
export { checkGradients } from "./session/check.ts";
export { explain, Explanation, type Explainer } from "./session/explain.ts";
export {
  type ExplainedPlan,
  type ExplainedStep,
  type ExplainedValue,
} from "./session/explained.ts";
export {
  Session,
  type RunOptions,
  type SessionBackend,
  type SessionOptions,
} from "./session/session.ts";
export { type Feeds } from "./session/feeds.ts";
export { type Fetch, type Fetched } from "./session/fetch.ts";
export * from "./train/index.ts";
export * as nn from "./nn/index.ts";

/** Layers, and what their weights start from: plain functions over ops. */
export * as init from "./init.ts";
export { type Initialiser } from "./init.ts";
export { type Layer, type Module } from "./layer.ts";
export {
  conv2d,
  dense,
  flatten,
  sequential,
  type Conv2dOptions,
  type WeightOptions,
} from "./layers.ts";

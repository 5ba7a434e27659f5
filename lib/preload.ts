/** The names that a notebook starts with. */
export * from "./index.ts";
export { plot } from "./display/plot.ts";
export * as data from "./data/index.ts";
export * as io from "./io/index.ts";
export { circles, clouds, spirals, xor } from "./data/toy.ts";

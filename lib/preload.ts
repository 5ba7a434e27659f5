/** The names that a notebook starts with. */
export * from "./index.ts";
export { plot } from "./display/plot.ts";
export { circles, clouds, spirals, xor } from "./data/toy.ts";

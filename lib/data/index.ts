/** Data sets. */
export { circles, clouds, spirals, xor, type PointSet } from "./toy.ts";

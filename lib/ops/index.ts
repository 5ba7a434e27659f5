/** Every op and composition: this namespace is the registry. */
export * from "./state.ts";
export * from "./structure.ts";
export * from "./elementwise.ts";
export * from "./comparison.ts";
export * from "./arithmetic.ts";
export * from "./transcendental.ts";
export * from "./activation.ts";
export * from "./reduce.ts";
export * from "./linalg.ts";
export * from "./nn.ts";
export * from "./debug.ts";

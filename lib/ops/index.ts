/** Every op: this namespace is the registry. */
export * from "./state.ts";
export * from "./structure.ts";
export * from "./elementwise.ts";
export * from "./reduce.ts";
export * from "./linalg.ts";
export * from "./nn.ts";
export * from "./debug.ts";

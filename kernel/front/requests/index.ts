/** The namespace that is the registry of requests. */
export * from "./comm.ts";
export * from "./execute.ts";
export * from "./history.ts";
export * from "./host.ts";
export * from "./input.ts";
export * from "./introspect.ts";
export * from "./lifecycle.ts";
export * from "./subshell.ts";

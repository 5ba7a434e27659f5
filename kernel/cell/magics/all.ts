/** Every magic; a new one is a file, and a line here. */
export { env } from "./env.ts";
export { help, lsmagic } from "./help.ts";
export { load } from "./load.ts";
export { npm } from "./npm.ts";
export { reset } from "./reset.ts";
export { bash, sh } from "./shell.ts";
export { time } from "./time.ts";
export { timeit } from "./timeit.ts";
export { types } from "./types.ts";
export { who } from "./who.ts";

/**
 * What it costs that cells are checked, beside tslab, which checks them too, and Deno's kernel, which does not: a new typed
 * function, a trivial cell, a completion, in a notebook of 0, 300 and 1000 cells; and the first cell of all.
 */
import { keep, report, type Result } from "./harness.ts";
import { measureTyped } from "./kernel/typed.ts";
import { measureFirstChecked } from "./kernel/start.ts";
import { kernels } from "./peers.ts";

const wanted = new Set(["gradbook", "gradbook, types on", "tslab", "deno"]);
const peers = kernels().filter(({ name }) => wanted.has(name));
const results: Result[] = [...(await measureTyped(peers)), await measureFirstChecked(peers)];
for (const result of results) report(result);
keep("types", results);
process.exit();

/** Where the kernel's two threads start. */
import { statSync } from "node:fs";

export interface Threads {
  readonly main: URL;
  readonly front: URL;
}

/** The bundle of what was built into a folder; where `tsc` has written something since, what `tsc` wrote. */
export function threadsIn(dist: URL): Threads {
  const at = (path: string): URL => new URL(path, dist);
  const bundle = { main: at("bundle/kernel/main.js"), front: at("bundle/kernel/front.js") };
  const written = (file: URL): number => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const bundled = written(bundle.front);
  // Only a checkout has it: an installed package is as it was built.
  const compiled = written(at(".tsbuildinfo"));
  if (bundled > 0 && bundled >= compiled) return bundle;
  return { main: at("kernel/main.js"), front: at("kernel/front/front.js") };
}

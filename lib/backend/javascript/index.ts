/** The plain JavaScript backend: typed arrays, flat loops, no dependencies. */
import { allocBuffer, type Backend } from "../backend.ts";
import { bindGemm } from "./gemm.ts";
import { bindMap, type LoopCache } from "./map.ts";
import { bindPermute, bindReduce } from "./reduce.ts";

/** A backend with its own cache of compiled loops. */
export function createJavascript(): Backend {
  const loops: LoopCache = new Map();
  return {
    name: "javascript",
    alloc: allocBuffer,
    map: (expression, inputs, out) => bindMap(loops, expression, inputs, out),
    reduce: bindReduce,
    gemm: bindGemm,
    permute: bindPermute,
  };
}

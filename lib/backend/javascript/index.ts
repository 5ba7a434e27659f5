/** The plain JavaScript backend: typed arrays, flat loops, no dependencies. */
import { allocBuffer, type Backend } from "../backend.ts";
import { bindGemm } from "./gemm.ts";
import { bindMap, LoopCache } from "./map.ts";
import { bindCopy, bindGather, bindScan, bindScatter } from "./move.ts";
import type { SmallProduct } from "./small_gemm.ts";
import { bindPermute, bindReduce } from "./reduce.ts";

/** A backend with its own cache of compiled loops. */
export function createJavascript(): Backend {
  const loops = new LoopCache();
  const products = new Map<string, SmallProduct>();
  return {
    name: "javascript",
    alloc: allocBuffer,
    map: (expression, inputs, out) => bindMap(loops, expression, inputs, out),
    reduce: bindReduce,
    gemm: (a, b, out, layout) => bindGemm(products, [a, b, out], layout),
    permute: bindPermute,
    copy: bindCopy,
    gather: bindGather,
    scatter: bindScatter,
    scan: bindScan,
  };
}

/** How each library is started: in a process of its own, Node or Python. Ours first, the baseline last. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { inRepository } from "../harness.ts";
import { installPeers, pythonIn } from "../install.ts";
import type { Command } from "./process.ts";
import { REFERENCE, TUTORIAL } from "./workload.ts";

const HOST = join(dirname(fileURLToPath(import.meta.url)), "host.js");
/** A million nodes with the line that made each take more than Node's own limit. */
const HEAP = "--max-old-space-size=12000";

const inNode = (name: string, peer: string): Command => ({
  name,
  peer,
  program: process.execPath,
  args: [HEAP, HOST],
});

/** Installs the peers; the last but one is the reference that all are checked against. */
export function libraries(): {
  readonly commands: readonly Command[];
  readonly reference: Command;
} {
  const python = pythonIn(installPeers("library"));
  const inPython = (name: string, peer: string): Command => ({
    name,
    peer,
    program: python,
    args: [inRepository("bench", "library", "peers", "host.py")],
  });
  const reference = inPython(REFERENCE, "numpy_plain");
  return {
    reference,
    commands: [
      inNode("gradbook", "gradbook"),
      inNode("tfjs cpu", "tfjsCpu"),
      inNode("tfjs wasm", "tfjsWasm"),
      inNode("jax-js", "jaxjs"),
      inNode("numpy-ts", "numpyts"),
      inNode("ONNX Runtime", "onnx"),
      inPython("PyTorch", "pytorch"),
      reference,
      inPython(TUTORIAL, "numpy_graph"),
    ],
  };
}

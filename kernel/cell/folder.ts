/** The notebook that a kernel runs: where its relative paths start, and for which kernel it was written. */
import { existsSync, readFileSync } from "node:fs";
import { dirname } from "node:path";

/** The folder of the notebook that the server names, else where the kernel was started. */
export function notebookFolder(): string {
  const session = process.env["JPY_SESSION_NAME"];
  const folder = session === undefined ? "" : dirname(session);
  return folder !== "" && existsSync(folder) ? folder : process.cwd();
}

/** The name of the kernelspec that the notebook's file was saved with; null where there is no such file. */
export function savedKernelspec(): string | null {
  const path = process.env["JPY_SESSION_NAME"] ?? "";
  if (!path.endsWith(".ipynb")) return null;
  try {
    const { metadata } = JSON.parse(readFileSync(path, "utf8")) as {
      readonly metadata?: { readonly kernelspec?: { readonly name?: unknown } };
    };
    const name = metadata?.kernelspec?.name;
    return typeof name === "string" ? name : null;
  } catch {
    return null;
  }
}

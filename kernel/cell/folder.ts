/** Where a notebook's relative paths start. */
import { existsSync } from "node:fs";
import { dirname } from "node:path";

/** The folder of the notebook that the server names, else where the kernel was started. */
export function notebookFolder(): string {
  const session = process.env["JPY_SESSION_NAME"];
  const folder = session === undefined ? "" : dirname(session);
  return folder !== "" && existsSync(folder) ? folder : process.cwd();
}

/** How Deno says in what way a file is to be opened. */
import { constants } from "node:fs";

export interface OpenOptions {
  readonly read?: boolean;
  readonly write?: boolean;
  /** Every write goes to the end. */
  readonly append?: boolean;
  readonly truncate?: boolean;
  /** Makes the file if there is none. */
  readonly create?: boolean;
  /** Makes the file, and fails if there is one. */
  readonly createNew?: boolean;
  readonly mode?: number;
}

export function openFlags(options: OpenOptions): number {
  const { read = false, write = false, append = false, create, createNew, truncate } = options;
  const writes = write || append;
  if (!read && !writes) throw new TypeError("Deno.open: wanted one of read, write, append");
  if ((create === true || createNew === true || truncate === true) && !writes)
    throw new TypeError("Deno.open: create, createNew and truncate want write or append as well");
  const access = writes ? (read ? constants.O_RDWR : constants.O_WRONLY) : constants.O_RDONLY;
  return (
    access |
    (append ? constants.O_APPEND : 0) |
    (truncate === true ? constants.O_TRUNC : 0) |
    (create === true || createNew === true ? constants.O_CREAT : 0) |
    (createNew === true ? constants.O_EXCL : 0)
  );
}

/** Where a user's history is kept. */
import { join, resolve } from "node:path";
import { userDataFolder } from "../../transport/folders.ts";
import { History } from "../history.ts";
import type { HistoryStore } from "./store.ts";

/** `GRADBOOK_HISTORY` names a file, or is `off`: then history ends with the kernel. */
function historyPath(): string | null {
  const wanted = process.env["GRADBOOK_HISTORY"] ?? "";
  if (wanted === "off") return null;
  if (wanted !== "") return resolve(wanted);
  return join(userDataFolder(), "gradbook", "history.sqlite");
}

/** The user's history; the store itself is loaded after the first cell. */
export function openHistory(log: (sentence: string) => void): History {
  const path = historyPath();
  if (path === null) return new History();
  const open = async (): Promise<HistoryStore> => {
    const { openSqliteStore } = await import("./sqlite.ts");
    return openSqliteStore(path, new Date());
  };
  return new History({ open, log: (sentence) => log(`${sentence} (${path})`) });
}

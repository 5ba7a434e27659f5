/** Files and folders as ways to go on in a string. */
import { type Dirent, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Nobody looks through more. */
const MAX_PATHS = 200;

/** The entries of the folder that a text names so far, each with the text's own beginning; folders end with a slash. */
export function pathsFor(text: string, folder: string): string[] {
  const slash = text.lastIndexOf("/") + 1;
  const parent = text.slice(0, slash);
  const begun = text.slice(slash);
  // In the middle of a sentence nobody means a file.
  if (/[\s*?<>|]/.test(text) || (parent === "" && begun === "")) return [];
  const entries = entriesOf(
    join(parent.startsWith("/") ? "/" : rootOf(parent, folder), tail(parent)),
  );
  return entries
    .filter(
      ({ name }) => name.startsWith(begun) && (begun.startsWith(".") || !name.startsWith(".")),
    )
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .slice(0, MAX_PATHS)
    .map((entry) => parent + entry.name + (entry.isDirectory() ? "/" : ""));
}

function rootOf(parent: string, folder: string): string {
  return parent.startsWith("~/") ? homedir() : folder;
}

function tail(parent: string): string {
  return parent.startsWith("~/") ? parent.slice(2) : parent;
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

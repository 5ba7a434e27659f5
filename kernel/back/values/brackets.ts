/** Where brackets of JavaScript are closed. */

/** What closes each bracket. */
export const CLOSING: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** Where the bracket at `start` is closed; null where it is not. */
export function closing(head: string, start: number): number | null {
  const open = [CLOSING[head[start] ?? ""]];
  let at = start + 1;
  while (at < head.length) {
    const char = head[at] ?? "";
    if (char === open.at(-1)) {
      open.pop();
      if (open.length === 0) return at;
      at++;
    } else if (CLOSING[char] !== undefined) {
      open.push(CLOSING[char]);
      at++;
    } else at = skipped(head, at);
  }
  return null;
}

/** Strings, templates without holes, comments, regular expressions: what may hold a bracket that is none. */
const WHOLE =
  /'(?:\\[^]|[^'\\])*'|"(?:\\[^]|[^"\\])*"|`(?:\\[^]|[^`\\])*`|\/\*[^]*?\*\/|\/\/.*|(?<=[=(,:?[!&|]\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\[\n])+\/\w*/y;

/** The place behind the character at `at`, or behind the string or comment that starts there. */
export function skipped(head: string, at: number): number {
  WHOLE.lastIndex = at;
  const found = WHOLE.exec(head);
  return found === null ? at + 1 : at + found[0].length;
}

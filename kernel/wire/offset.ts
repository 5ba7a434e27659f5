/** A protocol cursor counts code points; a JavaScript string counts UTF-16 units. */

const HIGH_START = 0xd800;
const LOW_START = 0xdc00;
const LOW_END = 0xdfff;

/** Whether a pair of surrogates, one code point, begins at this unit. */
function startsPair(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  if (unit < HIGH_START || unit >= LOW_START) return false;
  const next = text.charCodeAt(at + 1);
  return next >= LOW_START && next <= LOW_END;
}

/** The UTF-16 offset of a code point; a cursor outside the text is moved to its nearer end. */
export function toUtf16(text: string, codePoints: number): number {
  let at = 0;
  for (let left = codePoints; left > 0 && at < text.length; left--) {
    at += startsPair(text, at) ? 2 : 1;
  }
  return at;
}

/** How many code points lie before a UTF-16 offset; an offset inside a pair counts as before it. */
export function toCodePoints(text: string, offset: number): number {
  const end = Math.min(offset, text.length);
  let count = 0;
  for (let at = 0; at < end; count++) {
    at += startsPair(text, at) ? 2 : 1;
    if (at > end) break;
  }
  return count;
}

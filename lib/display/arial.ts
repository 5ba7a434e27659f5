/** How wide text is in Arial: our own pictures are made of strings, and no page is there to ask. */

/** Widths in units of the font size, each with the characters that have it; the tables `hmtx` of Arimo, its metric twin. */
type Widths = readonly (readonly [width: number, characters: string])[];

const REGULAR: Widths = [
  [0.191, "'"],
  [0.222, "ijl"],
  [0.26, "|"],
  [0.278, " !,./:;I[\\]ft"],
  [0.333, "()-`r{}"],
  [0.355, '"'],
  [0.389, "*"],
  [0.469, "^"],
  [0.494, "∂"],
  [0.5, "Jcksvxyzλ"],
  [0.556, "#$0123456789?L_abdeghnopquη"],
  [0.584, "+<=>~−"],
  [0.611, "FTZσ"],
  [0.667, "&ABEKPSVXY"],
  [0.722, "CDHNRUw"],
  [0.778, "GOQ"],
  [0.833, "Mm"],
  [0.889, "%"],
  [0.944, "W"],
  [1, "…"],
  [1.015, "@"],
];

const BOLD: Widths = [
  [0.238, "'"],
  [0.278, " ,./I\\ijl|"],
  [0.333, "!()-:;[]`ft"],
  [0.389, "*r{}"],
  [0.474, '"'],
  [0.494, "∂"],
  [0.5, "z"],
  [0.556, "#$0123456789J_aceksvxyλ"],
  [0.584, "+<=>^~−"],
  [0.611, "?FLTZbdghnopquη"],
  [0.667, "EPSVXYσ"],
  [0.722, "&ABCDHKNRU"],
  [0.778, "GOQw"],
  [0.833, "M"],
  [0.889, "%m"],
  [0.944, "W"],
  [0.975, "@"],
  [1, "…"],
];

function byCharacter(widths: Widths): ReadonlyMap<string, number> {
  return new Map(widths.flatMap(([width, text]) => Array.from(text, (each) => [each, width])));
}

const REGULAR_WIDTHS = byCharacter(REGULAR);
const BOLD_WIDTHS = byCharacter(BOLD);
// Rather too wide than too narrow for characters of other scripts.
const UNKNOWN = 0.7;

/** The width of a line of text in pixels. */
export function arialWidth(text: string, size: number, weight: "regular" | "bold"): number {
  const widths = weight === "bold" ? BOLD_WIDTHS : REGULAR_WIDTHS;
  let units = 0;
  for (const character of text) units += widths.get(character) ?? UNKNOWN;
  return units * size;
}

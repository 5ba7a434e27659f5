/** A plan as a picture: its steps from top to bottom, beside them who lies where in memory, and for how long. */
import type { ExplainedPlan, ExplainedStep } from "./explained.ts";

const ROW = 20;
const TOP = 44;
const LEFT = 470;
const WIDTH = 330;
const MOST_ROWS = 150;
const LONGEST = 62;

const COLORS: Readonly<Record<ExplainedStep["backend"], string>> = {
  wasm: "#4c72b0",
  threads: "#c44e52",
  javascript: "#dd8452",
  reference: "#8c8c8c",
};

function escaped(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

/** The picture as an SVG document. */
export function drawExplanation(plan: ExplainedPlan & { toString(): string }): string {
  const rows = Math.min(plan.steps.length, MOST_ROWS);
  const height = TOP + rows * ROW + 14;
  const [heading] = plan.toString().split("\n");
  const parts = [
    text(12, 18, heading, 'font-weight="bold"'),
    text(LEFT, 36, "memory, from the first byte to the last", 'fill="#666"'),
    ...plan.steps.slice(0, rows).map(drawStep),
    ...drawMemory(plan, rows),
    ...(rows < plan.steps.length
      ? [text(12, height - 2, `and ${plan.steps.length - rows} more steps`)]
      : []),
  ];
  const size = `width="${LEFT + WIDTH + 16}" height="${height}"`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="sans-serif" font-size="12">` +
    `<rect width="100%" height="100%" fill="white"/>${parts.join("")}</svg>`
  );
}

function text(x: number, y: number, content: string, style = ""): string {
  return `<text x="${x}" y="${y}" ${style}>${escaped(content)}</text>`;
}

function drawStep(step: ExplainedStep, i: number): string {
  const y = TOP + i * ROW;
  const line = step.text.length > LONGEST ? `${step.text.slice(0, LONGEST)}…` : step.text;
  const chip = `<rect x="12" y="${y + 3}" width="66" height="14" rx="3" fill="${COLORS[step.backend]}"/>`;
  const name = text(45, y + 14, step.backend, 'fill="white" font-size="10" text-anchor="middle"');
  const tip = `<title>${escaped(step.nodes.join(", "))}</title>`;
  return `<g>${tip}${chip}${name}${text(86, y + 14, line)}</g>`;
}

/** A box for each value: as wide as its bytes, as high as the steps that it lives through. */
function drawMemory({ values, bytes }: ExplainedPlan, rows: number): string[] {
  const scale = bytes === 0 ? 0 : WIDTH / bytes;
  return values
    .filter(({ from }) => from < rows)
    .map(({ name, offset, bytes: size, from, to }, i) => {
      const last = Math.min(to, rows - 1);
      const width = Math.max(1, size * scale);
      const box = `x="${round(LEFT + offset * scale)}" y="${TOP + from * ROW + 1}" width="${round(width)}" height="${(last - from + 1) * ROW - 2}"`;
      const fill = `hsl(${(i * 47) % 360} 45% 72%)`;
      const tip = `<title>${escaped(name)}, ${size} bytes, steps ${from} to ${to}</title>`;
      return `<rect ${box} fill="${fill}" stroke="white" stroke-width="0.5">${tip}</rect>`;
    });
}

function round(x: number): number {
  return Math.round(x * 10) / 10;
}

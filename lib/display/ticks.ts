/** Where an axis has its ticks: at 1, 2 or 5 times a power of ten. */
import type { Range } from "./look.ts";

export interface Tick {
  readonly value: number;
  readonly label: string;
}

/** A number as a tick's label: Plotly's style, with a true minus sign. */
function label(value: number, step: number): string {
  const size = Math.abs(value);
  if (value === 0) return "0";
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  if (size >= 1e4 && size < 1e6) return `${trimmed((value / 1e3).toFixed(3))}k`;
  if (size >= 1e6 && size < 1e9) return `${trimmed((value / 1e6).toFixed(3))}M`;
  const text =
    size >= 1e9 || decimals > 6 ? value.toExponential(1) : String(Number(value.toFixed(decimals)));
  return text.replaceAll("-", "−");
}

function trimmed(text: string): string {
  return text.replace(/\.?0+$/, "").replace("-", "−");
}

/** About `count` evenly spaced round values inside the range. */
export function linearTicks([low, high]: Range, count: number): Tick[] {
  if (!(high > low)) return [];
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough * (1 - 1e-9)) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const value = (first + i) * step;
    return { value, label: label(value, step) };
  });
}

/** The powers of ten inside a range of exponents; every second or third of many. */
export function decadeTicks([low, high]: Range, count: number): Tick[] {
  const [first, last] = [Math.ceil(low - 1e-9), Math.floor(high + 1e-9)];
  const every = Math.max(1, Math.ceil((last - first + 1) / count));
  const ticks: Tick[] = [];
  for (let exponent = first; exponent <= last; exponent += every) {
    const value = 10 ** exponent;
    const text = Math.abs(exponent) <= 3 ? String(value) : `1e${exponent}`.replace("-", "−");
    ticks.push({ value: exponent, label: text });
  }
  return ticks;
}

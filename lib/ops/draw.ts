/** Random numbers into typed arrays, one independent piece of the stream for each position. */
import type { Data } from "../core/dtype.ts";
import { gaussian, shuffle, unit } from "../core/philox.ts";
import { keyOf } from "../core/random.ts";
import type { Stream } from "../graph/node.ts";

/** The numbers of one run: `pair(i)` gives two in [0, 1), the same ones whenever and wherever it is asked. */
export class Draw {
  readonly #words = new Uint32Array(4);
  readonly #key: readonly [number, number];
  readonly #id: number;
  readonly #run: number;
  /** The two numbers of the pair asked for last. */
  first = 0;
  second = 0;

  /** Counts as one run of the stream. */
  constructor(stream: Stream) {
    stream.draws += 1;
    this.#key = keyOf(stream.seed);
    this.#id = stream.id;
    this.#run = stream.draws;
  }

  /** Makes `first` and `second` those of position i; another `attempt` gives others. */
  pair(i: number, attempt = 0): void {
    const words = this.#words;
    // `random(seed)` leaves the last two words 0, so that it and a graph of the same seed differ.
    words[0] = i;
    words[1] = attempt;
    words[2] = this.#id;
    words[3] = this.#run;
    shuffle(words, this.#key[0], this.#key[1]);
    this.first = unit(words[0], words[1]);
    this.second = unit(words[2], words[3]);
  }
}

/** Evenly distributed numbers in [0, 1). */
export function drawUniform(draw: Draw, out: Data): void {
  for (let i = 0; i < out.length; i += 2) {
    draw.pair(i >> 1);
    out[i] = draw.first;
    if (i + 1 < out.length) out[i + 1] = draw.second;
  }
}

/** Normally distributed numbers of mean 0 and deviation 1. */
export function drawNormal(draw: Draw, out: Data): void {
  for (let i = 0; i < out.length; i += 2) {
    draw.pair(i >> 1);
    out[i] = gaussian(draw.first, draw.second);
    if (i + 1 < out.length) out[i + 1] = gaussian(draw.first, draw.second, Math.sin);
  }
}

/** The same, drawn again for as long as they are 2 or more away from 0. */
export function drawTruncated(draw: Draw, out: Data): void {
  for (let i = 0; i < out.length; i++) {
    let z = Infinity;
    for (let attempt = 0; Math.abs(z) >= 2; attempt++) {
      draw.pair(i, attempt);
      z = gaussian(draw.first, draw.second);
    }
    out[i] = z;
  }
}

/** 0 to n − 1 in random order, by Fisher and Yates' shuffle. */
export function drawPermutation(draw: Draw, out: Data): void {
  for (let i = 0; i < out.length; i++) out[i] = i;
  for (let i = out.length - 1; i > 0; i--) {
    draw.pair(i);
    const j = Math.floor(draw.first * (i + 1));
    const swapped = out[i];
    out[i] = out[j];
    out[j] = swapped;
  }
}

/** For each row of logits a position, with the probability that its softmax gives it: the distribution function, inverted. */
export function drawCategories(draw: Draw, logits: Data, out: Data): void {
  const width = logits.length / out.length;
  for (let row = 0; row < out.length; row++) {
    const from = row * width;
    let most = -Infinity;
    for (let j = 0; j < width; j++) most = Math.max(most, logits[from + j]);
    let total = 0;
    for (let j = 0; j < width; j++) total += Math.exp(logits[from + j] - most);
    draw.pair(row);
    let left = draw.first * total;
    let chosen = 0;
    for (let j = 0; j < width; j++) {
      const weight = Math.exp(logits[from + j] - most);
      if (weight > 0) chosen = j;
      left -= weight;
      if (left < 0) break;
    }
    out[row] = chosen;
  }
}

/** Layered drawing of a graph without circles: layers by longest path, few crossings, straight chains. */

/** What is known of a vertex before it has a place; its size runs along and across the direction of the edges. */
export interface Vertex {
  readonly along: number;
  readonly across: number;
}

/** An edge between vertices, into one of the target's inputs. */
export interface Edge {
  readonly from: number;
  readonly to: number;
  /** Which input of the target this is, and of how many. */
  readonly port: number;
  readonly ports: number;
}

/** A place: along the direction of the edges, and across it. */
export interface Place {
  readonly along: number;
  readonly across: number;
}

export interface Drawing {
  /** The centre of each vertex. */
  readonly centres: readonly Place[];
  /** For each edge, the places it goes through between its two vertices. */
  readonly bends: readonly (readonly Place[])[];
  /** How far from its vertex's centre, across, each edge arrives. */
  readonly arrivals: readonly number[];
  readonly along: number;
  readonly across: number;
}

const VERTEX_GAP = 22;
const BEND_GAP = 14;
const PORT_GAP = 14;
const SWEEPS = 12;

interface Link {
  readonly to: number;
  /** Added to the place of the neighbour: where on its side the edge arrives. */
  readonly offset: number;
}

/** The graph with every edge cut into pieces of one layer; the new vertices are the bends. */
interface Proper {
  readonly layers: number[][];
  readonly across: number[];
  readonly before: Link[][];
  readonly after: Link[][];
  readonly bends: number[][];
}

/** One more than the deepest input; a vertex without inputs sits right before its first consumer. */
export function layersOf(count: number, edges: readonly Edge[]): number[] {
  const layer = Array<number>(count).fill(0);
  const first = Array<number>(count).fill(Infinity);
  const inputs = new Set(edges.map(({ to }) => to));
  const byTarget = edges.toSorted((a, b) => a.to - b.to);
  for (const { from, to } of byTarget) layer[to] = Math.max(layer[to], layer[from] + 1);
  for (const { from, to } of edges) first[from] = Math.min(first[from], layer[to]);
  return layer.map((at, v) => (inputs.has(v) || first[v] === Infinity ? at : first[v] - 1));
}

/** How far from the centre the given input is. */
export function portOffset({ port, ports }: Edge, across: number): number {
  const gap = Math.min(PORT_GAP, (0.7 * across) / Math.max(ports, 1));
  return (port - (ports - 1) / 2) * gap;
}

function proper(vertices: readonly Vertex[], edges: readonly Edge[]): Proper {
  const layer = layersOf(vertices.length, edges);
  const layers: number[][] = Array.from(
    { length: layer.reduce((a, b) => Math.max(a, b), -1) + 1 },
    () => [],
  );
  layer.forEach((at, v) => layers[at].push(v));
  const across = vertices.map((vertex) => vertex.across);
  const [before, after]: [Link[][], Link[][]] = [vertices.map(() => []), vertices.map(() => [])];
  const bends = edges.map((edge) => {
    const chain: number[] = [];
    let last = edge.from;
    for (let at = layer[edge.from] + 1; at < layer[edge.to]; at++) {
      const bend = across.push(0) - 1;
      layers[at].push(bend);
      before.push([{ to: last, offset: 0 }]);
      after.push([]);
      after[last].push({ to: bend, offset: 0 });
      chain.push(bend);
      last = bend;
    }
    const offset = portOffset(edge, vertices[edge.to].across);
    after[last].push({ to: edge.to, offset });
    before[edge.to].push({ to: last, offset: -offset });
    return chain;
  });
  return { layers, across, before, after, bends };
}

function mean(links: readonly Link[], at: readonly number[]): number | undefined {
  if (links.length === 0) return undefined;
  return links.reduce((sum, { to, offset }) => sum + at[to] + offset, 0) / links.length;
}

/** Sorts each layer by the mean position of its neighbours, forth and back. */
function sortLayers({ layers, across, before, after }: Proper): void {
  const at = across.map(() => 0);
  const spread = (layer: readonly number[]): void => layer.forEach((v, i) => (at[v] = i * 100));
  layers.forEach(spread);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const forth = sweep % 2 === 0;
    for (const layer of forth ? layers : layers.toReversed()) {
      const wish = new Map(layer.map((v) => [v, mean(forth ? before[v] : after[v], at) ?? at[v]]));
      layer.sort((a, b) => wish.get(a)! - wish.get(b)!);
      spread(layer);
    }
  }
}

/**
 * The places nearest to the wished ones, in least squares, that keep the order and the gaps: isotonic regression by
 * pooling adjacent violators.
 */
export function separated(wishes: readonly number[], gaps: readonly number[]): number[] {
  let offset = 0;
  const offsets = wishes.map((_, i) => (offset += i === 0 ? 0 : gaps[i - 1]));
  const pools: { sum: number; count: number }[] = [];
  wishes.forEach((wish, i) => {
    pools.push({ sum: wish - offsets[i], count: 1 });
    for (let k = pools.length - 1; k > 0; k--) {
      const [low, high] = [pools[k - 1], pools[k]];
      if (low.sum / low.count <= high.sum / high.count) break;
      pools.splice(k - 1, 2, { sum: low.sum + high.sum, count: low.count + high.count });
    }
  });
  const values = pools.flatMap(({ sum, count }) => Array<number>(count).fill(sum / count));
  return values.map((value, i) => value + offsets[i]);
}

/** Places across the layers: each vertex near the mean of its neighbours. */
function placeAcross(graph: Proper, count: number): number[] {
  const { layers, across, before, after } = graph;
  const at = across.map(() => 0);
  const gapsOf = (layer: readonly number[]): number[] =>
    layer.slice(1).map((v, i) => {
      const other = layer[i];
      const gap = v < count && other < count ? VERTEX_GAP : BEND_GAP;
      return (across[v] + across[other]) / 2 + gap;
    });
  for (let sweep = 0; sweep <= SWEEPS; sweep++) {
    const forth = sweep % 2 === 0;
    for (const layer of forth ? layers : layers.toReversed()) {
      const wishes = layer.map((v) => mean(forth ? before[v] : after[v], at) ?? at[v]);
      separated(wishes, gapsOf(layer)).forEach((place, i) => (at[layer[i]] = place));
    }
  }
  const edge = at
    .map((place, v) => place - across[v] / 2)
    .reduce((a, b) => Math.min(a, b), Infinity);
  return at.map((place) => place - edge);
}

/** Places along the edges: each layer as deep as its deepest vertex. */
function placeAlong(
  layers: readonly number[][],
  vertices: readonly Vertex[],
  gap: number,
): { centres: number[]; depths: number[]; end: number } {
  let start = 0;
  const depths: number[] = [];
  const centres = layers.map((layer) => {
    const depth = layer.reduce((most, v) => Math.max(most, vertices[v]?.along ?? 0), 0);
    const centre = start + depth / 2;
    depths.push(depth);
    start += depth + gap;
    return centre;
  });
  return { centres, depths, end: Math.max(0, start - gap) };
}

/** Lays out vertices given inputs before consumers, with a gap between layers. */
export function layered(vertices: readonly Vertex[], edges: readonly Edge[], gap: number): Drawing {
  const graph = proper(vertices, edges);
  sortLayers(graph);
  const across = placeAcross(graph, vertices.length);
  const { centres, depths, end } = placeAlong(graph.layers, vertices, gap);
  const places: Place[] = Array.from({ length: across.length });
  const passages: Place[][] = Array.from({ length: across.length });
  graph.layers.forEach((layer, k) => {
    for (const v of layer) {
      const at = (along: number): Place => ({ along, across: across[v] });
      places[v] = at(centres[k]);
      passages[v] = [at(centres[k] - depths[k] / 2), at(centres[k] + depths[k] / 2)];
    }
  });
  const width = across.map((place, v) => place + graph.across[v] / 2);
  return {
    centres: places.slice(0, vertices.length),
    // Straight past the boxes of a layer: a curve would cut their corners.
    bends: graph.bends.map((chain) => chain.flatMap((bend) => passages[bend])),
    arrivals: edges.map((edge) => portOffset(edge, vertices[edge.to].across)),
    along: end,
    across: width.reduce((a, b) => Math.max(a, b), 0),
  };
}

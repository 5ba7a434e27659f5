/** Derivatives beyond the gradient of a scalar: the Jacobian, and the Hessian times a vector. */
import { isKnown, ShapeError, show, type Shape } from "../core/shape.ts";
import { Tensor } from "../core/tensor.ts";
import { allocate } from "../core/dtype.ts";
import { atCall, checkNode, labelWithShape, toNodes, type NodeLike } from "../graph/build.ts";
import { GraphError, type Node } from "../graph/node.ts";
import { zerosLike } from "../ops/create.ts";
import { add, multiply } from "../ops/elementwise.ts";
import { stack } from "../ops/join.ts";
import { reduceSum } from "../ops/structure.ts";
import { computeGradients, gradientsReaching } from "./gradients.ts";

/**
 * ∂y/∂x as a node of shape [...y, ...x]: at the index of a number of y, that number's gradient. The shape of y has to be
 * known when the graph is built, for every number of it is differentiated by itself.
 */
export function jacobian(y: Node, x: Node): Node {
  return atCall(() => jacobianOf(checkNode("jacobian: y", y), checkNode("jacobian: x", x)));
}

function jacobianOf(y: Node, x: Node): Node {
  const { shape, dtype, graph } = y;
  if (!isKnown(shape)) {
    throw new ShapeError(
      `jacobian: y ${labelWithShape(y)} (made at ${y.origin.place}) has a shape that is known only in the run; give its placeholders a shape`,
    );
  }
  if (shape.includes(0)) {
    throw new ShapeError(
      `jacobian: y ${labelWithShape(y)} (made at ${y.origin.place}) is empty; it has no derivatives`,
    );
  }
  return graph.inheriting(graph.here(), () => {
    const size = shape.reduce((product, length) => product * length, 1);
    const rows = Array.from({ length: size }, (_, i) => {
      const data = allocate(dtype, size);
      data[i] = 1;
      return computeGradients(y, [x], { gradYs: new Tensor(data, shape) }).get(x)!;
    });
    return inShape(rows, shape);
  });
}

/** Nodes in a list, stacked to the axes of `shape`. */
function inShape(nodes: readonly Node[], shape: Shape): Node {
  return shape.reduceRight<readonly Node[]>(
    (level, length) =>
      Array.from({ length: level.length / length }, (_, i) =>
        stack(level.slice(i * length, (i + 1) * length)),
      ),
    nodes,
  )[0];
}

/**
 * The Hessian of a scalar y times vectors, by two sweeps and without the Hessian: for each of `xs`, Σ ∂²y/∂x∂x′·v′ over all
 * pairs of `xs` and `vs`, each v in the shape of its x. Zeros where y depends on x in a straight line.
 */
export function hessianVectorProduct(
  y: Node,
  xs: readonly Node[],
  vs: readonly NodeLike[],
): Map<Node, Node> {
  return atCall(() => secondAlong(y, xs, vs));
}

function secondAlong(y: Node, xs: readonly Node[], vs: readonly NodeLike[]): Map<Node, Node> {
  if (!Array.isArray(xs) || !Array.isArray(vs) || xs.length !== vs.length || xs.length === 0) {
    throw new GraphError(
      "hessianVectorProduct: wanted one vector for each node: hessianVectorProduct(y, [x], [v])",
    );
  }
  const gradients = computeGradients(y, xs);
  const { graph } = y;
  return graph.inheriting(graph.here(), () => {
    const slopes = xs.map((x: Node, i) => {
      const [, v] = toNodes("hessianVectorProduct", ["x", "v"], [x, vs[i]]);
      checkVector(x, v);
      return reduceSum(multiply(gradients.get(x)!, v));
    });
    const along = slopes.reduce((sum, slope) => add(sum, slope));
    const second = gradientsReaching(along, xs as readonly Node[]);
    return new Map(xs.map((x: Node) => [x, second.get(x) ?? zerosLike(x)]));
  });
}

function checkVector(x: Node, v: Node): void {
  const differs = (size: number | null, axis: number): boolean =>
    size !== null && v.shape![axis] !== null && v.shape![axis] !== size;
  if (x.shape === null || v.shape === null) return;
  if (x.shape.length === v.shape.length && !x.shape.some(differs)) return;
  throw new ShapeError(
    `hessianVectorProduct: v ${show(v.shape)} for x ${labelWithShape(x)} (made at ${x.origin.place}): shapes must be equal`,
  );
}

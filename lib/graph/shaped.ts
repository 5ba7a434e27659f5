/** Shapes in types: what a literal shape tells the compiler about the nodes that follow from it. */
import type { PartialShape } from "../core/shape.ts";
import type { NodeLike } from "./build.ts";
import type { Node } from "./node.ts";

/** A node whose shape the compiler knows, open sizes `null`. */
export interface NodeOf<S extends PartialShape> extends Node {
  readonly shape: S;
}

type Size = number | null;
type Sizes = readonly Size[];

/** The shape of what an op takes, as far as its type tells; of a number, that of a scalar. */
export type ShapeOf<X> = X extends { readonly shape: infer S extends PartialShape }
  ? S
  : X extends number | boolean
    ? readonly []
    : PartialShape;

/** Whether the rank of a shape is known, and with it something to compute with. */
type IsKnown<S extends PartialShape> = null extends S
  ? false
  : S extends Sizes
    ? number extends S["length"]
      ? false
      : true
    : false;

/** A node of that shape; if it is not known, any node. */
export type Made<S> = S extends PartialShape ? (IsKnown<S> extends true ? NodeOf<S> : Node) : Node;

/** A size as it is told in types: a number that is no literal is open. */
type Literal<A> = A extends null ? null : number extends A ? null : A;

/** What two sizes broadcast to; never, if they do not. */
type JoinSize<A, B> = A extends null
  ? B extends 1
    ? null
    : B
  : B extends null
    ? A extends 1
      ? null
      : A
    : A extends 1
      ? B
      : B extends 1
        ? A
        : A extends B
          ? A
          : never;

/** What two known shapes broadcast to, a size that is `never` where they do not. */
type Joined<
  A extends Sizes,
  B extends Sizes,
  Out extends Sizes = readonly [],
> = A extends readonly [...infer FirstA extends Sizes, infer LastA]
  ? B extends readonly [...infer FirstB extends Sizes, infer LastB extends Size]
    ? Joined<
        FirstA,
        FirstB,
        readonly [Extract<JoinSize<Literal<LastA>, Literal<LastB>>, Size>, ...Out]
      >
    : readonly [...A, ...Out]
  : readonly [...B, ...Out];

/** What two shapes broadcast to. */
export type Broadcast<A extends PartialShape, B extends PartialShape> = [
  IsKnown<A>,
  IsKnown<B>,
] extends [true, true]
  ? Joined<Extract<A, Sizes>, Extract<B, Sizes>>
  : PartialShape;

/** `unknown` where two shapes broadcast, else the message that the compiler shows. */
export type Broadcasting<A extends PartialShape, B extends PartialShape> = [
  IsKnown<A>,
  IsKnown<B>,
] extends [true, true]
  ? HasNever<Joined<Extract<A, Sizes>, Extract<B, Sizes>>> extends true
    ? `shapes ${Shown<A>} and ${Shown<B>} do not broadcast`
    : unknown
  : unknown;

type HasNever<S> = S extends readonly [infer First, ...infer Rest]
  ? [First] extends [never]
    ? true
    : HasNever<Rest>
  : false;

/** A shape as messages write it. */
type Shown<S> = S extends readonly [] ? "scalar" : `[${Listed<S>}]`;

type Listed<S> = S extends readonly [infer Only]
  ? Sized<Only>
  : S extends readonly [infer First, ...infer Rest]
    ? `${Sized<First>}, ${Listed<Rest>}`
    : "";

type Sized<A> = A extends number ? `${A}` : "?";

/** The shape of a product of matrices or vectors; stacks are left to the run. */
export type Product<A extends PartialShape, B extends PartialShape> = A extends readonly [
  infer M extends Size,
  Size,
]
  ? B extends readonly [Size, infer N extends Size]
    ? readonly [M, N]
    : B extends readonly [Size]
      ? readonly [M]
      : PartialShape
  : A extends readonly [Size]
    ? B extends readonly [Size, infer N extends Size]
      ? readonly [N]
      : B extends readonly [Size]
        ? readonly []
        : PartialShape
    : PartialShape;

/** The sizes over which a product sums: the last of a, the last but one of b or its only one. */
type InnerA<A> = A extends readonly [...Sizes, infer K] ? Literal<K> : null;
type InnerB<B> = B extends readonly [infer K]
  ? Literal<K>
  : B extends readonly [...Sizes, infer K, Size]
    ? Literal<K>
    : null;

/** `unknown` where inner sizes agree as far as they are known, else the message that the compiler shows. */
export type Multiplying<A extends PartialShape, B extends PartialShape> =
  null extends InnerA<A>
    ? unknown
    : null extends InnerB<B>
      ? unknown
      : InnerA<A> extends InnerB<B>
        ? unknown
        : `matmul: ${Shown<A>} · ${Shown<B>}: inner sizes ${Sized<InnerA<A>>} and ${Sized<InnerB<B>>} differ`;

/** The axes of an option object, as texts. */
type AxisNames<O> = O extends { readonly axis: infer Axis }
  ? Axis extends number
    ? `${Axis}`
    : Axis extends readonly number[]
      ? `${Axis[number]}`
      : never
  : never;

/** Both names of every axis of a shape: counted from the start and from the end. */
type AllAxes<
  S extends Sizes,
  Before extends readonly unknown[] = readonly [],
> = S extends readonly [Size, ...infer Rest extends Sizes]
  ? `${Before["length"]}` | `-${S["length"]}` | AllAxes<Rest, readonly [...Before, unknown]>
  : never;

type Kept<O> = O extends { readonly keepDims: true } ? readonly [1] : readonly [];

/** A known shape without the axes that are named, or with 1 in their place. */
type Without<
  S extends Sizes,
  Names,
  Keep extends Sizes,
  Before extends readonly unknown[] = readonly [],
> = S extends readonly [infer First extends Size, ...infer Rest extends Sizes]
  ? readonly [
      ...([Names & (`${Before["length"]}` | `-${S["length"]}`)] extends [never]
        ? readonly [First]
        : Keep),
      ...Without<Rest, Names, Keep, readonly [...Before, unknown]>,
    ]
  : readonly [];

/** The shape that a reduction with these options leaves. */
export type Reduced<S extends PartialShape, O> =
  IsKnown<S> extends true
    ? O extends { readonly axis: infer Axis }
      ? Axis extends undefined
        ? PartialShape
        : number extends Axis
          ? PartialShape
          : Axis extends readonly number[]
            ? number extends Axis[number]
              ? PartialShape
              : Without<Extract<S, Sizes>, AxisNames<O>, Kept<O>>
            : Without<Extract<S, Sizes>, AxisNames<O>, Kept<O>>
      : Without<Extract<S, Sizes>, AllAxes<Extract<S, Sizes>>, Kept<O>>
    : PartialShape;

/** `unknown` where every axis exists and every option does, else the message that the compiler shows. */
export type Reducing<S extends PartialShape, O, Known = "axis" | "keepDims" | "name"> = [
  Exclude<keyof O, Known>,
] extends [never]
  ? IsKnown<S> extends true
    ? `${number}` extends AxisNames<O>
      ? unknown
      : [Exclude<AxisNames<O>, AllAxes<Extract<S, Sizes>>>] extends [never]
        ? unknown
        : `axis ${Exclude<AxisNames<O>, AllAxes<Extract<S, Sizes>>>} does not exist in ${Shown<S>}`
    : unknown
  : `there is no option ${Exclude<keyof O, Known> & string}`;

/** The node's name. */
export interface Named {
  readonly name?: string;
}

/** Which rule of shapes a way of calling follows, by name. Only types have it: methods find theirs by it. */
export interface Follows<Rule extends string> {
  readonly rule?: Rule;
}

/** How an op of one input is called that leaves its shape alone. */
export type SameShape<A extends object = Named> = (<const X extends NodeLike>(
  x: X,
  options?: A & Named,
) => Made<ShapeOf<X>>) &
  Follows<"same shape">;

/** How an op of two inputs is called that broadcast. */
export type Broadcasts = (<const X extends NodeLike, const Y extends NodeLike>(
  x: X,
  y: Y & Broadcasting<ShapeOf<X>, ShapeOf<Y>>,
  options?: Named,
) => Made<Broadcast<ShapeOf<X>, ShapeOf<Y>>>) &
  Follows<"broadcasts">;

/** How a matrix product is called. */
export type Multiplies = (<const A extends NodeLike, const B extends NodeLike>(
  a: A,
  b: B & Multiplying<ShapeOf<A>, ShapeOf<B>>,
  options?: Named,
) => Made<Product<ShapeOf<A>, ShapeOf<B>>>) &
  Follows<"multiplies">;

/** How a reduction is called. */
export type Reduces<A extends object> = (<
  const X extends NodeLike,
  const O extends A & Named = A & Named,
>(
  x: X,
  options?: O & Reducing<ShapeOf<X>, O, keyof A | "name">,
) => Made<Reduced<ShapeOf<X>, O>>) &
  Follows<"reduces">;

/** `SameShape` as a method. */
export type SameShapeMethod<A extends object = Named> = <const X extends Node>(
  this: X,
  options?: A & Named,
) => Made<ShapeOf<X>>;

/** `Broadcasts` as a method. */
export type BroadcastsMethod = <const X extends Node, const Y extends NodeLike>(
  this: X,
  y: Y & Broadcasting<ShapeOf<X>, ShapeOf<Y>>,
  options?: Named,
) => Made<Broadcast<ShapeOf<X>, ShapeOf<Y>>>;

/** `Multiplies` as a method. */
export type MultipliesMethod = <const A extends Node, const B extends NodeLike>(
  this: A,
  b: B & Multiplying<ShapeOf<A>, ShapeOf<B>>,
  options?: Named,
) => Made<Product<ShapeOf<A>, ShapeOf<B>>>;

/** `Reduces` as a method. */
export type ReducesMethod<A extends object> = <
  const X extends Node,
  const O extends A & Named = A & Named,
>(
  this: X,
  options?: O & Reducing<ShapeOf<X>, O, keyof A | "name">,
) => Made<Reduced<ShapeOf<X>, O>>;

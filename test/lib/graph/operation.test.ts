import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  add,
  checkGradients,
  computeGradients,
  Graph,
  GradientDescentOptimizer,
  multiply,
  Operation,
  placeholder,
  reduceSum,
  RegisterGradient,
  Session,
  Tensor,
  Variable,
  type Node,
  type Value,
} from "../../../lib/index.ts";

class Square extends Operation {
  compute(x: Value): Value {
    return typeof x === "number" ? x * x : x.map((v) => v * v);
  }
}

class Product extends Operation {
  compute(x: Value, y: Value): Value {
    return typeof x === "number" ? x * +y : x.zip(y, (a, b) => a * b);
  }
}

function squareGradient(op: Node, grad: Node): Node {
  return multiply(grad, multiply(2, op.inputs[0]));
}

describe("an op written in a notebook", () => {
  test("gets a number for a scalar, else a Tensor, and gives either", () => {
    new Graph().asDefault();
    const session = new Session();
    assert.equal(+session.run(new Square(new Variable(3))), 9);
    assert.deepEqual(session.run(add(new Square([[1, 2]]), 1)).toArray(), [[2, 5]]);
    assert.deepEqual(session.run(new Product([1, 2], [3, 4])).toArray(), [3, 8]);
  });

  test("may hand its inputs on in one array", () => {
    class Sum extends Operation {
      constructor(x: Node, y: Node) {
        super([x, y]);
      }
      compute(x: number, y: number): number {
        return x + y;
      }
    }
    new Graph().asDefault();
    assert.equal(+new Session().run(new Sum(new Variable(1), new Variable(2))), 3);
  });

  test("may return another shape in every run", () => {
    class Head extends Operation {
      compute(x: Tensor, n: number): number[] {
        return (x.toArray() as number[]).slice(0, n);
      }
    }
    new Graph().asDefault();
    const n = placeholder();
    const y = reduceSum(multiply(new Head([1, 2, 3, 4], n), 2));
    const session = new Session();
    const sums = [1, 3, 3, 2, 4, 1].map((k) => +session.run(y, [[n, k]]));
    assert.deepEqual(sums, [2, 12, 12, 6, 20, 2]);
  });

  test("is computed once per run, however many nodes read it", () => {
    let calls = 0;
    class Counted extends Operation {
      compute(x: number): number {
        calls += 1;
        return x;
      }
    }
    new Graph().asDefault();
    const y = new Counted(new Variable(2));
    const session = new Session();
    for (let run = 1; run <= 3; run++) {
      assert.equal(+session.run(add(y, multiply(y, y))), 6);
      assert.equal(calls, run);
    }
  });

  test("that throws is named, and its own error is the cause", () => {
    class Broken extends Operation {
      compute(): number {
        throw new RangeError("no such number");
      }
    }
    new Graph().asDefault();
    const y = new Broken(1);
    assert.throws(
      () => new Session().run(y),
      (error: Error) => {
        assert.match(
          error.message,
          /^Broken: compute threw: no such number \(made at .*operation\.test/,
        );
        assert.match(
          error.stack!,
          /^GraphError: Broken.*\n +at Broken\.compute \(.*operation\.test/,
        );
        return error.cause instanceof RangeError;
      },
    );
  });

  test("that runs itself fails with one sentence", () => {
    class Endless extends Operation {
      compute(): number {
        return +new Session().run(this);
      }
    }
    new Graph().asDefault();
    assert.throws(
      () => new Session().run(new Endless(1)),
      (error: Error) => error.message.match(/made at/g)?.length === 1,
    );
  });

  test("without a compute, or the base class itself, is told what to write", () => {
    class Empty extends Square {}
    Object.defineProperty(Empty.prototype, "compute", { value: undefined });
    new Graph().asDefault();
    const y = new Empty(1);
    assert.throws(
      () => new Session().run(y),
      /^GraphError: Empty: class Empty has no method compute; write class Empty .* compute\(x\) .* \(made at/,
    );
    assert.throws(
      () => Reflect.construct(Operation, []),
      /^GraphError: Operation: is the base class of ops; write class Square/,
    );
  });

  test("that returns no numbers is named", () => {
    class Wordy extends Operation {
      compute(): never {
        return "42" as never;
      }
    }
    new Graph().asDefault();
    assert.throws(
      () => new Session().run(new Wordy(1)),
      /Wordy: the result of compute: got the text "42"/,
    );
  });

  test("knows the line that made it, not that of its constructor", () => {
    class Written extends Operation {
      constructor(x: number) {
        super(2 * x);
      }
      compute(x: number): number {
        return x;
      }
    }
    new Graph().asDefault();
    const line = (node: Node): number => Number(/:(\d+):\d+$/.exec(node.origin.place)![1]);
    const first = new Written(1);
    const second = new Written(1);
    assert.equal(line(second), line(first) + 1);
    assert.equal(line(first), line(first.inputs[0]));
  });
});

describe("RegisterGradient", () => {
  test("takes a function of nodes, after which the op trains and is differentiated twice", () => {
    RegisterGradient("Square")(squareGradient);
    new Graph().asDefault();
    const x = new Variable([1, 2, 3]);
    const J = reduceSum(new Square(x));
    assert.ok(checkGradients(J, [], { order: 2 }).ok);
    const train = new GradientDescentOptimizer({ learningRate: 0.1 }).minimize(J);
    new Session().run(train);
    assert.deepEqual(x.value.map((v) => Number(v.toFixed(12))).toArray(), [0.8, 1.6, 2.4]);
  });

  test("called again replaces what was registered", () => {
    RegisterGradient("Square")((_, grad) => grad);
    new Graph().asDefault();
    const x = new Variable(3);
    assert.equal(+new Session().run(computeGradients(new Square(x), [x]).get(x)!), 1);
    RegisterGradient("Square")(squareGradient);
    assert.equal(+new Session().run(computeGradients(new Square(x), [x]).get(x)!), 6);
  });

  test("numeric functions get tensors, are called once per run, and give every input's part", () => {
    let calls = 0;
    RegisterGradient("Product", { numeric: true })((grad, [x, y]) => {
      calls += 1;
      return [grad.zip(y, (g, v) => g * v), grad.zip(x, (g, v) => g * v)];
    });
    new Graph().asDefault();
    const [x, y] = [new Variable([1, 2]), new Variable([3, 4])];
    const gradients = computeGradients(reduceSum(new Product(x, y)), [x, y]);
    const session = new Session();
    const fetch = [gradients.get(x)!, gradients.get(y)!] as const;
    for (let run = 1; run <= 2; run++) {
      const [dx, dy] = session.run(fetch);
      assert.deepEqual(
        [dx.toArray(), dy.toArray()],
        [
          [3, 4],
          [1, 2],
        ],
      );
      assert.equal(calls, run);
    }
  });

  test("a numeric gradient cannot be differentiated again, and says so", () => {
    RegisterGradient("Product", { numeric: true })((grad, [x, y]) => [y, x]);
    new Graph().asDefault();
    const [x, y] = [new Variable(2), new Variable(3)];
    const dx = computeGradients(new Product(x, y), [x]).get(x)!;
    assert.throws(
      () => computeGradients(dx, [y]),
      /Product: its gradient is numeric and cannot be differentiated again/,
    );
  });

  test("decorates a static method, or a class with a static gradient", () => {
    class Double extends Operation {
      compute(x: number): number {
        return 2 * x;
      }
      @RegisterGradient("Double")
      static backwards(_: Operation, grad: Node): Node {
        return multiply(2, grad);
      }
    }
    @RegisterGradient("Triple")
    class Triple extends Operation {
      compute(x: number): number {
        return 3 * x;
      }
      static gradient(_: Operation, grad: Node): Node {
        return multiply(3, grad);
      }
    }
    new Graph().asDefault();
    const x = new Variable(1);
    const gradient = computeGradients(new Triple(new Double(x)), [x]).get(x)!;
    assert.equal(+new Session().run(gradient), 6);
  });

  test("decorates numeric gradients in the same two places", () => {
    class Halve extends Operation {
      compute(x: number): number {
        return x / 2;
      }
      @RegisterGradient("Halve", { numeric: true })
      static backwards(grad: Tensor): Tensor {
        return grad.map((g) => g / 2);
      }
    }
    @RegisterGradient("Quarter", { numeric: true })
    class Quarter extends Operation {
      compute(x: number): number {
        return x / 4;
      }
      static gradient(grad: Tensor): number {
        return +grad / 4;
      }
    }
    new Graph().asDefault();
    const x = new Variable(1);
    const gradient = computeGradients(new Quarter(new Halve(x)), [x]).get(x)!;
    assert.equal(+new Session().run(gradient), 1 / 8);
  });

  test("a cell run twice: the class defined again takes over, and older nodes go on as they were", () => {
    const cell = (factor: number): ((x: Node) => Node) => {
      class Scaled extends Operation {
        compute(x: number): number {
          return factor * x;
        }
        @RegisterGradient("Scaled")
        static gradient(_: Operation, grad: Node): Node {
          return multiply(factor, grad);
        }
      }
      return (x) => new Scaled(x);
    };
    new Graph().asDefault();
    const x = new Variable(1);
    const first = cell(2)(x);
    const second = cell(5)(x);
    const session = new Session();
    assert.deepEqual(session.run([first, second]).map(Number), [2, 5]);
    const slope = (y: Node): number => +session.run(computeGradients(y, [x]).get(x)!);
    assert.deepEqual([slope(second), slope(first)], [5, 5]);
  });

  test("a gradient may leave an input out, and take one it does not pass on", () => {
    RegisterGradient("Product")((op, grad) => [multiply(grad, op.inputs[1]), null]);
    new Graph().asDefault();
    const [x, y] = [new Variable([1, 2]), new Variable([3, 4])];
    const J = reduceSum(new Product(x, y));
    assert.deepEqual(new Session().run(computeGradients(J, [x]).get(x)!).toArray(), [3, 4]);
    assert.throws(
      () => computeGradients(J, [y]),
      /the op Product \(made at .*\) passes none back; .*; path reduceSum ← Product ← variable_1/,
    );
  });

  test("refuses built-in ops, other things than functions, and gradients that do not fit", () => {
    assert.throws(() => RegisterGradient("matmul"), /matmul is built in and has its gradient/);
    assert.throws(() => RegisterGradient(""), /wants the name of an op class/);
    // @ts-expect-error a number is no gradient
    assert.throws(() => RegisterGradient("Square")(2), /wants a function \(op, grad\) =>/);
    new Graph().asDefault();
    const x = new Variable([1, 2]);
    RegisterGradient("Square")((_, grad) => [grad, grad]);
    assert.throws(
      () => computeGradients(reduceSum(new Square(x)), [x]),
      /returned 2 nodes; wanted one node or null per input, 1/,
    );
    RegisterGradient("Square")((_, grad) => reduceSum(grad));
    assert.throws(
      () => computeGradients(reduceSum(new Square(x)), [x]),
      /Square.*: its gradient has shape scalar; wanted that of the input, \[2\]/,
    );
    const fed = placeholder();
    const late = computeGradients(reduceSum(new Square(fed)), [fed]).get(fed)!;
    assert.throws(
      () => new Session().run(late, [[fed, [1, 2]]]),
      /Square.*: its gradient has shape scalar; wanted that of the input, \[2\]/,
    );
    RegisterGradient("Square", { numeric: true })(() => [1, 2, 3]);
    const numeric = computeGradients(reduceSum(new Square(x)), [x]).get(x)!;
    assert.throws(
      () => new Session().run(numeric),
      /Square.*: its numeric gradient for input 0 has shape \[3\]; wanted .* \[2\]/,
    );
    RegisterGradient("Square")(squareGradient);
  });
});

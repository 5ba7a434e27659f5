/** Shape law: for every op and sample, the shape rule is the shape that the kernel fills. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Shared } from "../../lib/backend/backend.ts";
import { createJavascript } from "../../lib/backend/javascript/index.ts";
import { fits, sizeOf, type PartialShape } from "../../lib/core/shape.ts";
import { Session } from "../../lib/index.ts";
import {
  allCases,
  allComposed,
  allCompositions,
  allOps,
  build,
  dtypesOf,
  has,
  inputsOf,
  ruledShape,
} from "./samples.ts";

describe("shape law: rule = what the kernel wrote", () => {
  for (const law of allCases) {
    test(law.title, () => {
      const { op, attrs, shapes } = law;
      const dtypes = dtypesOf(law);
      const shape = ruledShape(op, shapes, attrs);
      if (op.view?.(shapes, attrs) === true) {
        assert.equal(sizeOf(shape), sizeOf(shapes[0]));
        return;
      }
      const backend = createJavascript();
      const out = backend.alloc(shape, op.dtype(dtypes, attrs));
      const inputs = inputsOf(law, dtypes);
      // Written twice over two different fills: every element is written, and nothing beyond.
      const step = op.kernel!(backend, inputs, out, attrs, new Shared());
      const results = [33, 44].map((fill) => {
        out.data.fill(fill);
        step();
        return Array.from<number>(out.data);
      });
      assert.deepEqual(results[0], results[1]);
      assert.equal(out.data.length, sizeOf(shape));
    });

    test(`${law.title}, shapes known in part`, () => {
      const { op, attrs, shapes } = law;
      const whole = ruledShape(op, shapes, attrs);
      const vague: PartialShape[][] = [
        shapes.map(() => null),
        shapes.map((s) => s.map(() => null)),
      ];
      for (const partial of vague) assert.ok(fits(whole, op.shape(partial, attrs)));
    });
  }

  for (const law of allComposed) {
    test(`${law.title}, as far as shapes are known`, () => {
      const open = has(law, "known shapes") ? [] : [build(law, { known: false })];
      const [known, ...vague] = [build(law, { known: true }), ...open];
      const { shape } = new Session().run(known.y, known.feeds);
      assert.deepEqual(known.y.shape, shape);
      for (const { y, feeds } of vague) {
        assert.ok(fits(shape, y.shape));
        assert.deepEqual(new Session().run(y, feeds).shape, shape);
      }
    });
  }

  test("every op has samples, a sentence about it, and its own name", () => {
    assert.ok(allOps.length > 25);
    const all = [...allOps, ...allCompositions];
    for (const op of all) assert.ok(op.samples.length > 0 && op.doc.endsWith("."), op.name);
    assert.equal(new Set(all.map((op) => op.name)).size, all.length);
  });
});

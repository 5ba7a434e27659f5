import assert from "node:assert/strict";
import { test } from "node:test";
import { backendNames, selectBackend, type BackendName } from "../../../lib/backend/select.ts";

test("a backend has the name it is selected by", () => {
  for (const name of backendNames) assert.equal(selectBackend(name).name, name);
});

test("an unknown backend is an error that lists those there are", () => {
  // @ts-expect-error there is no such backend
  const name: BackendName = "cuda";
  assert.throws(
    () => selectBackend(name),
    /backend cuda is unknown; use one of javascript, reference/,
  );
});

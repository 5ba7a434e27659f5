/** The documents against the repository: links, decision pages, dependencies, and how long a recipe is. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { linksOf, read, root } from "./markdown.ts";

const pages = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".md"))
  .map((name) => join("docs", name));
const documents = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", ...pages];
const decisions = readdirSync(join(root, "docs", "decisions")).toSorted();

for (const file of documents) {
  test(`every relative link of ${file} leads somewhere`, () => {
    const dead = linksOf(file).filter((target) => !existsSync(join(root, dirname(file), target)));
    assert.deepEqual(dead, []);
  });
}

test("the two stories name the files they go through", () => {
  const files = linksOf("docs/architecture.md").filter((target) => target.endsWith(".ts"));
  assert.ok(files.length > 40, `only ${files.length} files are named`);
});

test("the README shows a picture of less than 200 kB", () => {
  const images = linksOf("README.md").filter((target) => target.endsWith(".png"));
  assert.ok(images.length > 0, "no picture");
  for (const image of images) assert.ok(statSync(join(root, image)).size < 200_000, image);
});

test("decision pages are numbered without gaps, and each is titled with its number", () => {
  assert.deepEqual(
    decisions.map((name) => Number(name.slice(0, 4))),
    decisions.map((_, index) => index + 1),
  );
  for (const name of decisions) {
    assert.match(
      read(join("docs", "decisions", name)),
      new RegExp(`^# ${name.slice(0, 4)} `),
      name,
    );
  }
});

test("every decision says its question, its choice, what was rejected and what would change our mind", () => {
  for (const name of decisions) {
    const text = read(join("docs", "decisions", name));
    for (const part of ["Question", "Choice", "Rejected", "What would change our mind"]) {
      assert.ok(text.includes(`**${part}`), `${name} has no ${part}`);
    }
  }
});

test("every runtime dependency has its row in the decision on dependencies, with its version", () => {
  const { dependencies } = JSON.parse(read("package.json")) as {
    dependencies: Record<string, string>;
  };
  const page = read("docs/decisions/0003-dependencies.md");
  const missing = Object.entries(dependencies)
    .map(([name, version]) => `${name} ${version}`)
    .filter((entry) => !page.includes(`| ${entry} `));
  assert.deepEqual(missing, []);
});

test("no recipe is longer than ten lines", () => {
  const recipes = read("CONTRIBUTING.md")
    .split(/^## /m)
    .filter((part) => part.startsWith("Add "));
  assert.equal(recipes.length, 7);
  for (const recipe of recipes) {
    const lines = recipe
      .split("\n")
      .slice(1)
      .filter((line) => line.trim() !== "");
    assert.ok(lines.length <= 10, `${recipe.split("\n")[0]}: ${lines.length} lines`);
  }
});

test("the commands that the documents name are those of package.json", () => {
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
  const named = documents.flatMap((file) =>
    [...read(file).matchAll(/npm run ([a-z]+)/g)].map(([, name = ""]) => `${name} in ${file}`),
  );
  assert.deepEqual(
    named.filter((entry) => !((entry.split(" ")[0] ?? "") in scripts)),
    [],
  );
});

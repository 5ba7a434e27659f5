/** A small strict XML parser: it accepts what a browser's does of the SVG we write, and throws at anything else. */
import { strict as assert } from "node:assert";
import type { SvgElement } from "../../../lib/display/measure.ts";

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
};

function decoded(text: string): string {
  // oxlint-disable-next-line no-control-regex
  assert.doesNotMatch(text, /[<\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/u);
  return text.replace(/&(\w*;?)/g, (_, entity: string) => {
    const found = ENTITIES[entity.slice(0, -1)];
    assert.ok(entity.endsWith(";") && found !== undefined, `&${entity} is no entity`);
    return found;
  });
}

/** A piece of text in an element. */
class Text {
  readonly nodeType = 3;
  readonly textContent: string;
  constructor(text: string) {
    this.textContent = text;
  }
}

export class Element implements SvgElement {
  readonly nodeType = 1;
  readonly tagName: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly parentElement: Element | null;
  readonly childNodes: (Element | Text)[] = [];

  constructor(tagName: string, attributes: ReadonlyMap<string, string>, parent: Element | null) {
    this.tagName = tagName;
    this.attributes = attributes;
    this.parentElement = parent;
  }

  get children(): Element[] {
    return this.childNodes.filter((node) => node instanceof Element);
  }

  get textContent(): string {
    return this.childNodes.map((node) => node.textContent).join("");
  }

  get style(): { fontSize?: string } {
    const fontSize = /font-size: ([^;]+)/.exec(this.attributes.get("style") ?? "")?.[1];
    return fontSize === undefined ? {} : { fontSize };
  }

  getAttribute(name: string): string | null {
    return this.attributes.get(name) ?? null;
  }

  /** This element and all inside it, in the order of the document, that have the name and the attribute. */
  all(tagName: string, attribute?: string): Element[] {
    const own =
      this.tagName === tagName && (attribute === undefined || this.attributes.has(attribute));
    return [
      ...(own ? [this as Element] : []),
      ...this.children.flatMap((child) => child.all(tagName, attribute)),
    ];
  }
}

function attributesOf(text: string): Map<string, string> {
  const found = new Map<string, string>();
  const rest = text.replace(/\s+([\w:-]+)="([^"]*)"/g, (_, name: string, value: string) => {
    assert.ok(!found.has(name), `the attribute ${name} is given twice`);
    found.set(name, decoded(value));
    return "";
  });
  assert.equal(rest.trim(), "", "only attributes in a tag");
  return found;
}

/** The root element of a document. */
export function parse(xml: string): Element {
  let root: Element | undefined;
  let open = null as Element | null;
  for (const [token] of xml.matchAll(/<\/[^>]*>|<[^>]*>|[^<]+|</g)) {
    if (token.startsWith("</")) {
      const last: Element | null = open;
      assert.equal(`</${last?.tagName ?? ""}>`, token);
      open = last?.parentElement ?? null;
    } else if (token.startsWith("<")) {
      const [, name = "", attributes = "", closed = ""] =
        /^<([\w:]+)((?:\s[^]*?)?)(\/?)>$/.exec(token) ?? [];
      assert.notEqual(name, "", `${token} is no tag`);
      const element: Element = new Element(name, attributesOf(attributes), open);
      assert.ok(open !== null || root === undefined, "one root");
      open?.childNodes.push(element);
      root ??= element;
      if (closed === "") open = element;
    } else {
      assert.ok(open, "text outside of the root");
      open.childNodes.push(new Text(decoded(token)));
    }
  }
  assert.ok(root !== undefined && open === null, "the document ends before it is closed");
  return root;
}

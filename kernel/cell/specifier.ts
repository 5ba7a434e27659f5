/** Module specifiers of other kernels and of the web: what they mean in Node, where packages lie in node_modules. */

export interface Package {
  /** As Node finds it: the package, and the path in it. */
  readonly bare: string;
  /** What installs it. */
  readonly command: string;
}

const DENO = /^(npm|jsr):\/?((?:@[^/@]+\/)?[^/@]+)(@[^/]+)?(\/.*)?$/;
/** Sites that serve packages of npm by their name. */
const SITES =
  /^https:\/\/(?:esm\.sh|cdn\.skypack\.dev|unpkg\.com|esm\.run|cdn\.jsdelivr\.net\/npm)\/((?:@[^/@]+\/)?[^/@?]+)(@[^/?]+)?/;

/** The package that Deno's `npm:name@version/path` or `jsr:@scope/name` names; null for another specifier. */
export function denoPackage(specifier: string): Package | null {
  const [, kind, name, version = "", path = ""] = DENO.exec(specifier) ?? [];
  if (kind === undefined || name === undefined) return null;
  const command = kind === "npm" ? `%npm install ${name}${version}` : `!npx jsr add ${name}`;
  return { bare: name + path, command };
}

/** What is to be said of a specifier that Node cannot follow and another runtime can; null for one that Node may. */
export function wayOut(specifier: string): string | null {
  const deno = denoPackage(specifier);
  if (deno !== null) return `${deno.command} puts it into node_modules`;
  if (!/^https?:/.test(specifier)) return null;
  const [, name, version = ""] = SITES.exec(specifier) ?? [];
  if (name === undefined) return "Node imports no URLs; packages come with %npm install name";
  return `Node imports no URLs: %npm install ${name}${version}, then import "${name}"`;
}

const IN_IMPORT = /(\bfrom\s*|\bimport\s*\(?\s*)(["'])((?:npm|jsr):[^"'\n]+)\2/g;

/** Writes Deno's specifiers as Node's, each text in its place. */
export function withBareSpecifiers(source: string): string {
  return source.replaceAll(IN_IMPORT, (text, before: string, quote: string, specifier: string) => {
    const bare = denoPackage(specifier)?.bare ?? specifier;
    return `${before}${quote}${bare}${quote}`.padEnd(text.length);
  });
}

/** What this package's manifest says of it. */
import { readFileSync } from "node:fs";

// As many folders above a bundle's file as above this one.
const manifest = JSON.parse(
  readFileSync(new URL("../../../package.json", import.meta.url), "utf8"),
) as { readonly version: string; readonly dependencies: { readonly typescript: string } };

export const VERSION: string = manifest.version;
export const TYPESCRIPT_VERSION: string = manifest.dependencies.typescript;

export const BANNER = `gradbook ${VERSION}: TypeScript ${TYPESCRIPT_VERSION} on Node ${process.versions.node}`;

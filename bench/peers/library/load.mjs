/** Imports a package as this folder resolves it; `npm run bench` copies this file to where it installs the peers. */
export const load = (name) => import(name);

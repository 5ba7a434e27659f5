/** All that answers questions, in one module that is loaded by the first of them. */
import { tsconfigFault } from "../cell/tsconfig.ts";
import { LocalFiles } from "./local_files.ts";
import { findCompiler, LspEngine } from "./lsp.ts";
import { Notebook } from "./notebook.ts";
import type { Language } from "./questions.ts";
import { Workspace } from "./workspace.ts";

export { completionsOf } from "./completion.ts";
export { inspectionOf } from "./hover.ts";
export { isOfStrictness } from "./mistakes.ts";
export { typeReport } from "./report.ts";
export { completeMagic, magicHelp, withoutMagics } from "../cell/magics/complete.ts";
export { pathsFor } from "./paths.ts";
export { chainAt, placeAt } from "./place.ts";
export { checkCell, condense, exportsOf, hoverAt, importableIn, proposalsAt } from "./questions.ts";

/** An engine and the notebook it knows; throws where there is no TypeScript, or no place for its files. */
export function startLanguage(folder: string, isAlive: (pid: number) => boolean): Language {
  const compiler = findCompiler();
  const workspace = new Workspace(folder, isAlive);
  const engine = new LspEngine({ compiler, folder: workspace.cells });
  const files = new LocalFiles(folder, () => performance.now());
  let installations = 0;
  return {
    engine,
    notebook: new Notebook(workspace),
    configFault: tsconfigFault(folder),
    get installations() {
      return installations;
    },
    refresh(isUrgent) {
      const { files: changed, packages } = files.changes(isUrgent);
      if (changed.some(({ path }) => path.endsWith("tsconfig.json"))) {
        engine.changed(workspace.configure().map((path) => ({ path, kind: "changed" })));
      }
      if (packages) {
        installations++;
        engine.restart();
      } else engine.changed(changed);
    },
    close() {
      engine.close();
      workspace.close();
    },
  };
}

/** Makes the pages of the results anew: node dist/bench/page.js */
import { writePages } from "./library/page.ts";

await writePages();
process.exit();

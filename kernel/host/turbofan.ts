/** V8's thorough compiler, which takes memory that malloc keeps, and cores that cells and clients wait for. */
import { setFlagsFromString } from "node:v8";

const [major] = process.versions.v8.split(".").map(Number);
/** Maglev, the quick one, does most of the work where it is there. */
const hasMaglev = major !== undefined && major >= 13;

/** Holds for all threads: nobody's code is to wait for it. */
export function allowTurbofan(isAllowed: boolean): void {
  if (hasMaglev) setFlagsFromString(isAllowed ? "--turbofan" : "--no-turbofan");
}

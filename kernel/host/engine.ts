/** Switches of V8's; they hold for all threads. */
import { setFlagsFromString } from "node:v8";

const [major] = process.versions.v8.split(".").map(Number);
/** The quick one of two optimizing compilers, which does most of the work where it is there. */
const hasMaglev = major !== undefined && major >= 13;

/** The thorough compiler takes memory that malloc keeps, and cores that cells and clients wait for. */
export function allowTurbofan(isAllowed: boolean): void {
  if (hasMaglev) setFlagsFromString(isAllowed ? "--turbofan" : "--no-turbofan");
}

/** What is collected meanwhile is no code, however long nobody has run it. */
export async function keepingCode(collect: () => Promise<void>): Promise<void> {
  setFlagsFromString("--no-flush-bytecode");
  try {
    await collect();
  } finally {
    setFlagsFromString("--flush-bytecode");
  }
}

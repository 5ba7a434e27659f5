/** What the benchmarks of the kernel say, in JavaScript that is TypeScript too, and in Python. */

/** A cell, and a piece of what it must show. */
export interface Question {
  readonly code: string;
  readonly answer: string;
}

export interface Dialect {
  /** Prints `line <i>` for every i below n. */
  printLines(n: number): string;
  /** A cell as people write them, over names of the one before. */
  cell(i: number): Question;
  /** Keeps a value for the time behind an interrupt, and asks for it. */
  readonly keep: string;
  readonly kept: Question;
  /** Cells that must be stopped; each says `started` before it hangs. */
  readonly hanging: Readonly<Record<string, string>>;
}

/** A module whose one function is `loop br 0 end`. */
const WASM_LOOP =
  "0,97,115,109,1,0,0,0,1,4,1,96,0,0,3,2,1,0,7,5,1,1,102,0,0,10,9,1,7,0,3,64,12,0,11,11";

const everywhere: Omit<Dialect, "cell"> = {
  printLines: (n) => `for (let i = 0; i < ${n}; i++) console.log("line " + i)`,
  keep: "const kept = 6 * 7; kept",
  kept: { code: "kept", answer: "42" },
  hanging: {
    "while loop": 'console.log("started"); while (true) {}',
    "loop with arithmetic":
      'console.log("started"); let n = 0; while (true) n = (n * 31 + 7) | 0; n',
    "regular expression": 'console.log("started"); /^(a+)+$/.test("a".repeat(60) + "b")',
    "Atomics.wait":
      'console.log("started"); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)',
    "WebAssembly loop": `\
const looping = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([${WASM_LOOP}])));
console.log("started"); looping.exports.f()`,
    "synchronous child":
      'console.log("started"); require("node:child_process").execFileSync("sleep", ["60"])',
    "pending await": 'console.log("started"); await new Promise(() => {})',
    "await in a loop": 'console.log("started"); while (true) await null',
    "loop in a timer": 'setTimeout(() => { console.log("started"); while (true) {} }, 0); 1',
  },
};

function cellWith(values: string): Dialect["cell"] {
  return (i) => ({
    code: `\
const scale${i} = ${i + 1};
function weigh${i}(${values}, base = 0) {
  let sum = base;
  for (const value of values) sum += value * scale${i};
  return { sum, mean: sum / values.length };
}
const weighed${i} = weigh${i}([1, 2, ${i === 0 ? 3 : `scale${i - 1} / ${i} + 2`}]);
weighed${i}.sum`,
    answer: String(6 * (i + 1)),
  });
}

export const javascript: Dialect = { ...everywhere, cell: cellWith("values") };

export const typescript: Dialect = {
  ...everywhere,
  cell: cellWith("values: readonly number[]"),
};

export const python: Dialect = {
  printLines: (n) => `for i in range(${n}): print("line", i)`,
  cell: (i) => ({
    code: `\
scale${i} = ${i + 1}
def weigh${i}(values, base=0):
    sum = base
    for value in values: sum += value * scale${i}
    return {"sum": sum, "mean": sum / len(values)}
weighed${i} = weigh${i}([1, 2, ${i === 0 ? 3 : `scale${i - 1} / ${i} + 2`}])
weighed${i}["sum"]`,
    answer: String(6 * (i + 1)),
  }),
  keep: "kept = 6 * 7; kept",
  kept: { code: "kept", answer: "42" },
  hanging: {
    "while loop": 'print("started")\nwhile True: pass',
    "loop with arithmetic": 'print("started"); n = 0\nwhile True: n = (n * 31 + 7) & 0xFFFFFFFF',
    "regular expression": 'import re; print("started"); re.match("^(a+)+$", "a" * 60 + "b")',
    "Atomics.wait": 'import threading; print("started"); threading.Event().wait()',
    "synchronous child": 'import subprocess; print("started"); subprocess.run(["sleep", "60"])',
    "pending await": 'import asyncio; print("started"); await asyncio.Future()',
    "await in a loop": 'import asyncio; print("started")\nwhile True: await asyncio.sleep(0)',
    "loop in a timer": `\
import asyncio
def loop():
    print("started", flush=True)
    while True: pass
asyncio.get_running_loop().call_soon(loop); 1`,
  },
};

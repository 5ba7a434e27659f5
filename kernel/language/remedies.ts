/** The way out of the commonest mistakes, by TypeScript's numbers: what the message itself does not say. */
import { nearest } from "../cell/near.ts";
import { OF_FUNCTIONS } from "./completion.ts";
import type { Mistake } from "./mistakes.ts";
import { forMissingModule, forNameElsewhere, forUnknownName } from "./unknown.ts";
import { mark, quoted, type Remedy, type Situation } from "./remedy.ts";

/** The compiler takes the cell for a page's: there is none, nor jQuery; and it knows no other language. */
const SAID_WRONGLY = new Set([2584, 2581, 2592, 2552]);

export function remedyFor(mistake: Mistake, situation: Situation): string | null {
  // The compiler has said it.
  const isSaid = /Did you (?:mean|forget)|Do you need to/.test(mistake.message);
  if (isSaid && !SAID_WRONGLY.has(mistake.code)) {
    return null;
  }
  const related = mistake.related.find((text) => text.startsWith("Did you"));
  return related ?? REMEDIES.get(mistake.code)?.(mistake, situation) ?? null;
}

const forPossiblyNothing: Remedy = ({ message }, { text }) => {
  const kinds = /null' or 'undefined|null or undefined/.test(message)
    ? "null and undefined"
    : /null/.test(message)
      ? "null"
      : "undefined";
  const name = /^[\p{ID_Continue}$.]+$/u.test(text) ? text : "it";
  if (name === "it") return `rule out ${kinds} first: \`?.\`, \`??\` or an \`if\``;
  return `rule out ${kinds} first: ${mark(`if (${name} == null) …`)}, ${mark(`${name}?.…`)}, or ${mark(`${name}!`)} if you know better`;
};

const forAssignment: Remedy = (mistake, situation) => {
  const { message, wanted, start } = mistake;
  // A name that other languages have for it may mean something here.
  if (/\bprint\($/.test(situation.source.slice(0, start)))
    return "a text is printed by `console.log(…)`";
  const told = forNothingWanted(mistake, situation) ?? fromPair(message) ?? forPlainValue(mistake);
  return told ?? (wanted === null ? null : mark(wanted));
};

/** What was made empty inside of an object stays empty for the compiler: `{ loss: [], best: null }`. */
function forNothingWanted({ message, start }: Mistake, { source }: Situation): string | null {
  const wanted = /is not assignable to (?:parameter of )?type '(never|null|undefined)'\.$/.exec(
    message,
  )?.[1];
  if (wanted === undefined) return null;
  if (wanted !== "never") {
    return `say where it is made what it will be: \`${wanted} as number | ${wanted}\``;
  }
  const isIntoArray = /(?:\.(?:push|unshift|concat|fill)\s*\(|=\s*\[)[^;]*$/.test(
    source.slice(0, start),
  );
  return isIntoArray
    ? "say where the array is made what it will hold: `[] as number[]`"
    : "this is what the cases before have left: is one missing?";
}

function fromPair(message: string): string | null {
  const [, given = "", wanted = ""] =
    /'([^']+)' is not assignable to (?:parameter of )?type '([^']+)'/.exec(message) ?? [];
  if (given.startsWith("Promise<") && !wanted.startsWith("Promise<"))
    return "is an `await` missing?";
  if (given === "string" && wanted === "number") return "make a number of it: `Number(…)`";
  if (given === "number" && wanted === "string") return "make a text of it: `String(…)`";
  // Nothing else is ever there: it is written there, as a start.
  if (given === "null" || given === "undefined")
    return `allow it in the type: ${mark(`${wanted} | ${given}`)}`;
  if (given.endsWith("| undefined")) return "rule out undefined first: `?? …` or an `if`";
  if (given.endsWith("| null")) return "rule out null first: `?? …` or an `if`";
  if (given === "unknown") return "find out what it is first: `typeof`, `instanceof`";
  if (given.startsWith("readonly ")) return "copy it: `[...…]`";
  if (given.endsWith("=> boolean") && wanted.endsWith("=> number")) {
    return "return a number, as `a - b` or `a < b ? -1 : 1`";
  }
  return null;
}

/** What members of the same use are called here. */
const MEMBERS_ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
  add: ["push", "set"],
  append: ["push", "add", "set"],
  size: ["length"],
  length: ["size"],
  len: ["length", "size"],
  contains: ["includes", "has"],
  has: ["includes"],
  includes: ["has"],
  extend: ["push", "concat"],
  remove: ["delete", "splice"],
  upper: ["toUpperCase"],
  lower: ["toLowerCase"],
  strip: ["trim"],
  toFixed: ["item"],
  tolist: ["toArray"],
  numpy: ["toArray"],
};

const forMissingProperty: Remedy = ({ message, members, end }, { source }) => {
  const [, property = "", type = ""] =
    /'([^']+)' does not exist on type '([^]+?)'\./.exec(message) ?? [];
  if (type.startsWith("Promise<")) return "is an `await` missing?";
  if (
    /^(?:readonly |Readonly)/.test(type) &&
    ["push", "pop", "sort", "splice", "set", "add"].includes(property)
  ) {
    return "it is read-only: make a changed copy, like `[...xs, x]`";
  }
  if (type === "{}" && /^\s*[-+*/]?=(?!=)/.test(source.slice(end))) {
    return "say where the object is made what it will hold: `{} as Record<string, number>`";
  }
  const [, global = ""] = /\binterface\s+(\w+)/.exec(source) ?? [];
  if (global === (type.endsWith("[]") ? "Array" : type) && Object.hasOwn(globalThis, global)) {
    const head = /\binterface\s+(\w+(?:<[^>{]*>)?)/.exec(source)?.[1];
    return `a cell is a module; this adds to the global one: ${mark(`declare global { interface ${head} { … } }`)}`;
  }
  if (type === "unknown" || type === "{}" || type === "object") {
    return 'give the value a type, or look before: `"name" in value`';
  }
  if (type === "never") return "nothing is left of this type here: look at the tests before";
  const known = MEMBERS_ELSEWHERE[property]?.find((name) => members.includes(name));
  if (known !== undefined) return `did you mean ${mark(known)}?`;
  const near = nearest(property, members);
  if (near.length > 0) return `did you mean ${near.map(mark).join(" or ")}?`;
  const own = members.filter((name) => !OF_FUNCTIONS.has(name));
  if (own.length === 0 || own.length > MAX_LISTED) return null;
  return `it has ${own.map(mark).join(", ")}`;
};

/** A longer list is no help. */
const MAX_LISTED = 8;

const DOLLAR = 'for commands: a line `!command`, or %npm install zx and `import { $ } from "zx"`';

/** Options are an object, whatever it is that goes into them. */
const forNothingInCommon: Remedy = ({ message, members }) => {
  const names = membersIn(message)?.map(({ name }) => name) ?? members;
  if (names.length === 0 || names.length > MAX_LISTED) return null;
  return `an object is wanted, with ${names.map(mark).join(" or ")}`;
};

/** `n.reshape([3, 1])`, where `n.reshape({ shape: [3, 1] })` is meant. */
function forPlainValue({ message, members }: Mistake): string | null {
  const given = /^Argument of type '([^]+?)' is not assignable to /.exec(message)?.[1] ?? "";
  if (!PLAIN.test(given)) return null;
  const needed = membersIn(message)?.filter(({ isNeeded }) => isNeeded);
  const names = needed?.map(({ name }) => name) ?? members;
  // A text and an array have a length too.
  if (names.length === 0 || names.length > MAX_LISTED || names.includes("length")) return null;
  return `an object is wanted: ${mark(`{ ${names.map((name) => `${name}: …`).join(", ")} }`)}`;
}

/** An array, or what is no object at all. */
const PLAIN = /\[\]$|^(?:string|number|boolean|bigint|true|false|"[^]*"|-?\d.*)$/;

/** What an object of the wanted type has, where the compiler spells it out; null where it has a name. */
function membersIn(
  message: string,
): { readonly name: string; readonly isNeeded: boolean }[] | null {
  const wanted = / (?:in common with|to parameter of) type '\{ (?<members>.+) \}'/.exec(message);
  const members = wanted?.groups?.["members"]?.matchAll(/(?<=^|; )(?:readonly )?(\w+)(\??):/g);
  if (members === undefined) return null;
  return [...members].map(([, name = "", optional]) => ({ name, isNeeded: optional === "" }));
}

const forUnknownMember: Remedy = ({ message }) =>
  /in type '[^']*\[\]'\.$/.test(message)
    ? "an array is wanted: `[…]`"
    : "is it misspelt, or missing in the type?";

const forIndex: Remedy = ({ message }) =>
  /of type '\d+' can't be used to index type '[A-Z]/.test(message)
    ? "only arrays have elements in brackets; is there a method, as `.at(0)`?"
    : "use a `Map`, or give the object an index type: `Record<string, number>`";

/** By number; the message has the rest. */
const REMEDIES: ReadonlyMap<number, Remedy> = new Map<number, Remedy>([
  [2304, forUnknownName],
  [2552, forNameElsewhere],
  [18004, forUnknownName],
  [2307, forMissingModule],
  [2792, forMissingModule],
  [2882, forMissingModule],
  [2322, forAssignment],
  [2345, forAssignment],
  [2769, forOverloads],
  [2339, forMissingProperty],
  [2559, forNothingInCommon],
  [2531, forPossiblyNothing],
  [2532, forPossiblyNothing],
  [2533, forPossiblyNothing],
  [18047, forPossiblyNothing],
  [18048, forPossiblyNothing],
  [18049, forPossiblyNothing],
  [18046, () => "find out what it is first: `typeof`, `instanceof`, or a type of your own"],
  [2571, () => "find out what it is first: `typeof`, `instanceof`, or a type of your own"],
  [2362, forArithmetic],
  [2363, forArithmetic],
  [2365, forArithmetic],
  [7006, (mistake) => `give it a type: ${mark(`${quoted(mistake)[0] ?? "x"}: number`)}`],
  [7019, (mistake) => `give it a type: ${mark(`...${quoted(mistake)[0] ?? "rest"}: number[]`)}`],
  [7031, () => "give the whole pattern a type: `{ a }: { a: number }`"],
  [7053, forIndex],
  [
    7057,
    () =>
      "write behind its parameters what it yields, returns and is sent: `Generator<number, void, string>`",
  ],
  [7023, () => "write the type it returns behind its parameters"],
  [7022, () => "write its type behind its name"],
  [2588, (mistake) => `declare it with ${mark(`let ${quoted(mistake)[0] ?? ""}`)}`],
  [2632, forAssignedConstant],
  [2630, () => "declare it anew, as a function or with `let`"],
  [2540, () => "make a changed copy: `{ ...object, name: value }`"],
  [2451, () => "one of the two needs another name; a later cell may declare it again"],
  [2300, () => "one of the two needs another name; a later cell may declare it again"],
  [2393, () => "one of the two needs another name; a later cell may declare it again"],
  [2448, () => "move its declaration up"],
  [2454, () => "give it a value first"],
  [2349, (_mistake, { text }) => (text === "" ? null : `${mark(text)} is no function`)],
  [2351, (_mistake, { text }) => (text === "" ? null : `${mark(text)} is no class`)],
  [2348, () => "put `new` before it"],
  [2693, () => "types are gone when the cell runs; a class or a constant would be there"],
  [
    2749,
    (mistake) => `write ${mark(`typeof ${quoted(mistake)[0] ?? ""}`)} for the type of that value`,
  ],
  [2355, () => "return something, or write `void`"],
  [2366, () => "return something at the end, or add `| undefined`"],
  [2367, () => "the two can never be equal: is one of them misspelt, or of the wrong type?"],
  [2801, () => "put `await` before it"],
  [1308, () => "make the function around it `async`"],
  [2584, () => "a notebook runs in Node, which has no page; show things with `display(…)`"],
  [2581, () => DOLLAR],
  [2592, () => DOLLAR],
  [2683, () => "declare it: `function f(this: T)`, or use an arrow function"],
  [2353, forUnknownMember],
  [2741, () => "add it, or make it optional in the type with `?`"],
  [2739, () => "add them, or make them optional in the type with `?`"],
  [2740, () => "add them, or make them optional in the type with `?`"],
  [
    2564,
    () => "give it a value, or set it in the constructor; `size!: number` if something else does",
  ],
  [2420, () => "write what is missing in the class"],
  [2511, () => "make a class that extends it, and an instance of that"],
  [2678, () => "the two can never be equal: is one of them misspelt, or of the wrong type?"],
  [7017, () => "declare it: `declare global { var name: number }`, or use a `let` of the notebook"],
  [2786, () => "a component is a function that returns JSX"],
  [2554, ({ wanted }) => (wanted === null ? null : `it is called like this: ${mark(wanted)}`)],
  [1206, () => "put `// @experimentalDecorators` on a line of the cell"],
  [2461, () => "only arrays and other iterables can be taken apart or spread"],
  [
    2488,
    () => "only iterables can be looped over or spread; of an object take `Object.entries(…)`",
  ],
  [
    2802,
    () => "only iterables can be looped over or spread; of an object take `Object.entries(…)`",
  ],
]);

/** The first pair of `new Map([[X, tensor], [c, list]])` decides what the others must be. */
function forOverloads({ start }: Mistake, { source }: Situation): string | null {
  if (!/\bnew\s+Map\s*\(\s*\[[^;]*$/.test(source.slice(0, start))) return null;
  return "the values of the map have several types; name them: `new Map<string, number | string>(…)`, of feeds `new Map<Placeholder, TensorLike>(…)`";
}

function forArithmetic({ message, given }: Mistake): string {
  if (message.includes("'Promise<")) return "is an `await` missing?";
  if (/'(?:number|bigint|\d+n?)' and '(?:number|bigint|\d+n?)'/.test(message)) {
    return "make both sides a number or both a bigint: `Number(…)`, `BigInt(…)`";
  }
  const types = `${message} ${given ?? ""}`;
  if (/\b(?:Node|Variable|Placeholder\w*|Op)\b/.test(types)) {
    return "graphs are written with methods: `a.add(b)`, `a.multiply(b)`";
  }
  if (/\bTensor\b/.test(types)) {
    return "one number is `a.item()`; more are `a.map((x) => …)`, `a.zip(b, (x, y) => …)`, or nodes: `add(a, b)`";
  }
  return "make a number of it first: `Number(…)`";
}

function forAssignedConstant(mistake: Mistake, { declaredIn }: Situation): string {
  const [name = ""] = quoted(mistake);
  const label = declaredIn(name);
  const where = label === null ? "it comes with the kernel" : `it is a constant of ${label}`;
  return `${where}: declare it anew, ${mark(`let ${name} = …`)}`;
}

import { type ActionMagic, MagicError } from "./magic.ts";

/** Nobody wants these in a notebook that is handed on. */
const SECRET = /key|token|secret|passw/i;

export const env: ActionMagic = {
  name: "env",
  usage: ["%env", "%env NAME", "%env NAME=value"],
  doc: "Lists the environment's variables (those that look like secrets without their values), shows one, or sets one.",
  forms: ["line"],
  takes: "text",
  run({ text }, host) {
    if (text === "") return void host.show(listed());
    const [, name = "", operator, value = ""] = /^([^\s=]+)(\s*=\s*|\s+)?(.*)$/s.exec(text) ?? [];
    if (operator !== undefined) {
      process.env[name] = value;
      return host.print(`${name}=${value}\n`);
    }
    const found = process.env[name];
    if (found === undefined) {
      throw new MagicError(`%env: there is no variable ${name}; %env ${name}=value sets one`);
    }
    host.print(`${found}\n`);
  },
};

function listed(): Record<string, string> {
  const names = Object.keys(process.env).toSorted();
  const valueOf = (name: string): string =>
    SECRET.test(name) ? "<hidden>" : (process.env[name] ?? "");
  return Object.fromEntries(names.map((name) => [name, valueOf(name)]));
}

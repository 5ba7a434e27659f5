/** The few parts of jsdom that drawing a figure needs; the package ships no types. */
declare module "jsdom" {
  export class VirtualConsole {
    on(event: string, listener: () => void): this;
  }
  export class JSDOM {
    constructor(
      markup: string,
      options: { runScripts: "outside-only"; virtualConsole: VirtualConsole },
    );
    readonly window: {
      eval(source: string): unknown;
      matchMedia: unknown;
      readonly URL: { createObjectURL?: unknown };
      readonly Element: { prototype: object };
      readonly SVGElement: { prototype: object };
      readonly HTMLCanvasElement: { prototype: object };
    };
  }
}

/** The few words of the DOM that the tests say inside the page; the program's own types know no browser. */

export interface PageElement {
  readonly textContent: string | null;
  readonly src: string;
  readonly naturalWidth: number;
  readonly naturalHeight: number;
  getAttribute(name: string): string | null;
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
  decode(): Promise<void>;
}

export interface PageDocument {
  readonly body: PageElement;
  querySelectorAll(selector: string): Iterable<PageElement>;
}

interface Painter {
  drawImage(image: PageElement, x: number, y: number): void;
  getImageData(
    x: number,
    y: number,
    width: number,
    height: number,
  ): { readonly data: Uint8ClampedArray };
}

/** OffscreenCanvas, as far as a picture's pixels are read from it. */
export type PageCanvas = new (width: number, height: number) => { getContext(kind: "2d"): Painter };

/** MutationObserver, as far as it tells that something changed. */
export type PageObserver = new (changed: () => void) => {
  observe(
    target: PageElement,
    what: { childList: boolean; subtree: boolean; attributes: boolean },
  ): void;
};

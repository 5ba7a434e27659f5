/** A timer that throws, or a promise that nobody awaits, ends a program; a notebook is told, and the kernel lives. */
import type { OwnListeners } from "../host/own_listeners.ts";
import { isInterrupted } from "./interruption.ts";

type Capture = (error: Error) => void;

/**
 * Reports what no cell has caught, unless cells have listeners of their own for it, as programs do. The callback
 * comes before all listeners, and none of them can fail beside it.
 */
export function surviveLateErrors(report: (error: unknown) => void, listeners: OwnListeners): void {
  let capture: Capture | null = null;
  const take = (error: Error): void => {
    if (isInterrupted(error)) return;
    try {
      if (capture !== null) return capture(error);
      if (!listeners.tell("uncaughtException", error, "uncaughtException")) report(error);
    } catch (second) {
      report(error);
      report(second);
    }
  };
  process.setUncaughtExceptionCaptureCallback(take);
  // A cell, or `node:domain`, may have one of its own.
  process.hasUncaughtExceptionCaptureCallback = () => capture !== null;
  process.setUncaughtExceptionCaptureCallback = (callback) => {
    if (callback !== null && capture !== null) {
      throw new Error("there is a capture callback already: set it to null first");
    }
    capture = callback;
  };
  process.on("unhandledRejection", (reason) => {
    // More than this one: the cells' own are told.
    if (process.listenerCount("unhandledRejection") === 1) take(reason as Error);
  });
}

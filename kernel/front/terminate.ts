/** Stops the main thread's JavaScript from outside. The inspector is used for nothing else here: a cell that is
 * evaluated through it cannot be interrupted. */
import inspector from "node:inspector";
import type { Terminate } from "./back_session.ts";

export const terminate: Terminate = () => {
  const session = new inspector.Session();
  session.connectToMainThread();
  // Answers when the termination has happened; a new cell that came before would be hit by it.
  return new Promise((resolve) => {
    session.post("Runtime.terminateExecution", () => {
      // A process that ends with a session open waits for a debugger that never comes.
      session.disconnect();
      resolve();
    });
  });
};

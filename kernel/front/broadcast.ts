/** What a cell says, as messages that belong to its request. */
import * as iopub from "./iopub.ts";
import type { Context } from "./request.ts";
import type { Listener } from "./session.ts";

const NO_STDIN =
  "nobody can be asked: this client takes no questions (allow_stdin is false); " +
  "give the value in the cell, or run the notebook where there is somebody to type";

/** The message type of each action, and whether it names its target. */
const COMM_TYPES = {
  open: ["comm_open", true],
  message: ["comm_msg", false],
  close: ["comm_close", false],
} as const;

/** Output goes to the cell's own request, also when it comes after the reply. */
export function listenerOf(
  { publish, message, questions }: Context,
  allowStdin: boolean,
): Listener {
  return {
    stream: (name, text) => publish("stream", iopub.stream(name, text), message),
    display: (bundle, displayId, isUpdate) =>
      publish(
        isUpdate ? "update_display_data" : "display_data",
        iopub.displayData(bundle, displayId),
        message,
      ),
    clear: (wait) => publish("clear_output", iopub.clearOutput(wait), message),
    comm: ({ action, id, target, data, metadata, buffers }) => {
      const [type, names] = COMM_TYPES[action];
      const content = { comm_id: id, ...(names ? { target_name: target } : {}), data };
      publish(type, content, message, { metadata, buffers });
    },
    ask: async (prompt, password) =>
      allowStdin ? questions.ask(message, prompt, password) : { refusal: NO_STDIN },
  };
}

/** Who the kernel is, and how it stops. */
import { BANNER, TYPESCRIPT_VERSION, VERSION } from "../../host/manifest.ts";
import { boolean, object, optional } from "../../wire/check.ts";
import { PROTOCOL_VERSION } from "../../wire/message.ts";
import { request } from "../request.ts";

export const kernelInfo = request({
  type: "kernel_info_request",
  channels: ["shell", "control"],
  content: object({}),
  handle: () => ({
    status: "ok",
    protocol_version: PROTOCOL_VERSION,
    implementation: "gradbook",
    implementation_version: VERSION,
    language_info: {
      name: "typescript",
      version: TYPESCRIPT_VERSION,
      mimetype: "application/typescript",
      file_extension: ".ts",
      pygments_lexer: "typescript",
      codemirror_mode: "typescript",
      nbconvert_exporter: "script",
    },
    banner: BANNER,
    help_links: [
      { text: "TypeScript", url: "https://www.typescriptlang.org/docs/" },
      { text: "Node.js", url: "https://nodejs.org/docs/latest/api/" },
      { text: "Plotly", url: "https://plotly.com/javascript/" },
    ],
    supported_features: ["kernel subshells"],
  }),
});

export const interrupt = request({
  type: "interrupt_request",
  channels: ["control", "shell"],
  content: object({}),
  handle: async (_content, { session, abortQueue }) => {
    abortQueue();
    const failure = await session.interrupt();
    return failure === null ? { status: "ok" } : { status: "error", ...failure };
  },
});

const shutdownContent = object({ restart: optional(boolean, false) });

export const shutdown = request({
  type: "shutdown_request",
  channels: ["control", "shell"],
  content: shutdownContent,
  handle: ({ restart }, { publish, exit }) => {
    const content = { status: "ok", restart };
    // Every client is told, not only the one that asked.
    publish("shutdown_reply", content);
    exit();
    return content;
  },
});

/** One message of each type with every field it may have: what the schemas and the fuzzing start from. */
import type { JsonObject } from "./shape.ts";

const bundle = { "text/plain": "1", "application/json": { a: [1] }, "image/svg+xml": "<svg/>" };
const display = { data: bundle, metadata: { "image/png": { width: 1 } } };
const report = { ename: "E", evalue: "v", traceback: ["one", "two"] };

export const errorSample: JsonObject = { status: "error", ...report };

export const publishedSamples: Record<string, JsonObject> = {
  stream: { name: "stdout", text: "x\n" },
  display_data: { ...display, transient: { display_id: "d" } },
  update_display_data: { ...display, transient: { display_id: "d" } },
  execute_input: { code: "1", execution_count: 1 },
  execute_result: { ...display, execution_count: 1, transient: {} },
  error: report,
  status: { execution_state: "busy" },
  clear_output: { wait: true },
  debug_event: { seq: 1, type: "event", event: "stopped", body: {} },
  comm_open: { comm_id: "c", target_name: "t", data: {}, target_module: "m" },
  comm_msg: { comm_id: "c", data: { x: 1 } },
  comm_close: { comm_id: "c", data: {} },
  iopub_welcome: { subscription: "" },
  shutdown_reply: { status: "ok", restart: true },
};

export const replySamples: Record<string, JsonObject> = {
  execute_reply: {
    status: "ok",
    execution_count: 1,
    user_expressions: { a: { status: "ok", ...display }, b: errorSample },
    payload: [{ source: "page", data: bundle, start: 0 }],
  },
  inspect_reply: { status: "ok", found: true, ...display },
  complete_reply: {
    status: "ok",
    matches: ["a"],
    cursor_start: 0,
    cursor_end: 1,
    metadata: { _jupyter_types_experimental: [{ text: "a", type: "const" }] },
  },
  history_reply: {
    status: "ok",
    history: [
      [1, 1, "a"],
      [1, 2, ["b", "B"]],
      [1, 3, ["c", null]],
    ],
  },
  is_complete_reply: { status: "incomplete", indent: "  " },
  connect_reply: {
    status: "ok",
    shell_port: 1,
    iopub_port: 2,
    stdin_port: 3,
    control_port: 4,
    hb_port: 5,
  },
  comm_info_reply: { status: "ok", comms: { c: { target_name: "t" } } },
  kernel_info_reply: {
    status: "ok",
    protocol_version: "5.5",
    implementation: "k",
    implementation_version: "1.2.3",
    language_info: {
      name: "l",
      version: "1.2.3",
      mimetype: "application/l",
      file_extension: ".l",
      pygments_lexer: "l",
      codemirror_mode: "l",
      nbconvert_exporter: "script",
    },
    banner: "b",
    help_links: [{ text: "t", url: "https://example.org/" }],
    supported_features: ["kernel subshells"],
  },
  shutdown_reply: { status: "ok", restart: false },
  interrupt_reply: { status: "ok" },
  debug_reply: {
    seq: 1,
    type: "response",
    request_seq: 1,
    success: true,
    command: "attach",
    message: "m",
    body: {},
  },
  create_subshell_reply: { status: "ok", subshell_id: "s" },
  delete_subshell_reply: { status: "ok" },
  list_subshell_reply: { status: "ok", subshell_id: ["s"] },
  usage_reply: {
    status: "ok",
    hostname: "h",
    pid: 1,
    kernel_cpu: 0.5,
    kernel_memory: 1e8,
    cpu_count: 2,
    host_cpu_percent: 1.5,
    host_virtual_memory: { total: 1e9, available: 5e8, percent: 50, used: 5e8, free: 1e8 },
  },
};

export const requestSamples: Record<string, JsonObject> = {
  execute_request: {
    code: "1 + 1",
    silent: false,
    store_history: true,
    user_expressions: { a: "1" },
    allow_stdin: false,
    stop_on_error: true,
  },
  inspect_request: { code: "Math.max", cursor_pos: 8, detail_level: 0 },
  complete_request: { code: "Math.m", cursor_pos: 6 },
  history_request: {
    output: true,
    raw: true,
    hist_access_type: "search",
    session: 0,
    start: 0,
    stop: 10,
    n: 10,
    pattern: "*",
    unique: true,
  },
  is_complete_request: { code: "if (true) {" },
  connect_request: {},
  comm_info_request: { target_name: "t" },
  kernel_info_request: {},
  shutdown_request: { restart: false },
  interrupt_request: {},
  debug_request: { seq: 1, type: "request", command: "debugInfo", arguments: {} },
  create_subshell_request: {},
  delete_subshell_request: { subshell_id: "s" },
  list_subshell_request: {},
  usage_request: {},
  input_reply: { value: "v", status: "ok" },
  comm_open: { comm_id: "c", target_name: "t", data: {}, target_module: "m" },
  comm_msg: { comm_id: "c", data: { x: 1 } },
  comm_close: { comm_id: "c", data: {} },
};

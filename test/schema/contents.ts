/**
 * The content of every message of protocol 5.5, from
 * https://jupyter-client.readthedocs.io/en/stable/messaging.html; the part behind the # stands at each group.
 */
import { boolean, integer, oneOf, record, string } from "../../kernel/wire/check.ts";
import {
  array,
  count,
  either,
  exact,
  json,
  jsonObject,
  literal,
  matching,
  mimeBundle,
  resultBundle,
} from "./shape.ts";

const ok = literal("ok");
const nothing = exact({});
const id = matching(/^.+$/su);

// #request-reply
export const errorReport = { ename: string, evalue: string, traceback: array(string) };
export const errorReply = exact({ status: literal("error"), ...errorReport });
/** The text has "abort", every kernel sends "aborted": jupyter_client#1063. */
export const abortedReply = exact({ status: literal("aborted") });

// #id6, #update-display-data, #id7
const transient = exact({}, { display_id: id });
const display = { data: mimeBundle, metadata: jsonObject };

// #execute: "Any error in evaluating any expression will result in only that key containing a standard error message"
const userExpressions = record(either(exact({ status: ok, ...display }), errorReply));
const payload = array((value, path) => {
  const item = jsonObject(value, path);
  string(item["source"], `${path}.source`);
  return item;
});

/** What a kernel publishes. */
export const published = {
  // #streams-stdout-stderr-etc
  stream: exact({ name: oneOf("stdout", "stderr"), text: string }),
  // #display-data; `transient` is optional there, and always sent here: nbclient wants it
  display_data: exact({ ...display, transient }),
  update_display_data: exact({ ...display, transient: exact({ display_id: id }) }),
  // #code-inputs
  execute_input: exact({ code: string, execution_count: count }),
  // #id7
  execute_result: exact({
    execution_count: count,
    data: resultBundle,
    metadata: jsonObject,
    transient,
  }),
  // #execution-errors
  error: exact(errorReport),
  // #kernel-status
  status: exact({ execution_state: oneOf("busy", "idle", "starting") }),
  // #clear-output
  clear_output: exact({ wait: boolean }),
  // #debug-event
  debug_event: exact({ seq: integer, type: literal("event"), event: string }, { body: json }),
  // #opening-a-comm, #comm-messages, #tearing-down-comms
  comm_open: exact(
    { comm_id: string, target_name: string, data: jsonObject },
    { target_module: string },
  ),
  comm_msg: exact({ comm_id: string, data: jsonObject }),
  comm_close: exact({ comm_id: string, data: jsonObject }),
  // #welcome-message (5.4, JEP 65)
  iopub_welcome: exact({ subscription: string }),
  // #kernel-shutdown: told to every client
  shutdown_reply: exact({ status: ok, restart: boolean }),
};

/** The content of a reply that is neither an error nor aborted. */
export const replies = {
  // #execution-results
  execute_reply: exact({
    status: ok,
    execution_count: count,
    user_expressions: userExpressions,
    payload,
  }),
  // #introspection
  inspect_reply: exact({ status: ok, found: boolean, data: mimeBundle, metadata: jsonObject }),
  // #completion
  complete_reply: exact({
    status: ok,
    matches: array(string),
    cursor_start: count,
    cursor_end: count,
    metadata: jsonObject,
  }),
  // #history: rows are checked below
  history_reply: exact({ status: ok, history: array(historyRow) }),
  // #code-completeness: "For other statuses, this field does not exist."
  is_complete_reply: either(
    exact({ status: literal("incomplete"), indent: string }),
    exact({ status: oneOf("complete", "invalid", "unknown") }),
  ),
  // #connect; `status` as #request-reply wants it of all replies
  connect_reply: exact({
    status: ok,
    shell_port: count,
    iopub_port: count,
    stdin_port: count,
    hb_port: count,
    control_port: count,
  }),
  // #comm-info
  comm_info_reply: exact({ status: ok, comms: record(exact({ target_name: string })) }),
  // #kernel-info
  kernel_info_reply: exact({
    status: ok,
    protocol_version: matching(/^5\.\d+$/),
    implementation: string,
    implementation_version: matching(/^\d+\.\d+\.\d+/),
    language_info: exact({
      name: string,
      version: matching(/^\d+\.\d+\.\d+/),
      mimetype: matching(/^\w+\/[\w.+-]+$/),
      file_extension: matching(/^\.\w+$/),
      pygments_lexer: string,
      codemirror_mode: string,
      nbconvert_exporter: string,
    }),
    banner: string,
    help_links: array(exact({ text: string, url: matching(/^https?:/) })),
    supported_features: array(oneOf("debugger", "kernel subshells")),
  }),
  // #kernel-shutdown
  shutdown_reply: exact({ status: ok, restart: boolean }),
  // #kernel-interrupt
  interrupt_reply: exact({ status: ok }),
  // #debug-request: DAP's response, without a status
  debug_reply: exact(
    {
      seq: integer,
      type: literal("response"),
      request_seq: integer,
      success: boolean,
      command: string,
    },
    { message: string, body: json },
  ),
  // #create-subshell, #delete-subshell, #list-subshells (5.5, JEP 91)
  create_subshell_reply: exact({ status: ok, subshell_id: id }),
  delete_subshell_reply: exact({ status: ok }),
  list_subshell_reply: exact({ status: ok, subshell_id: array(id) }),
  // not in the text: as ipykernel 7 answers, with the status that #request-reply wants of all replies
  usage_reply: exact(
    {
      status: ok,
      hostname: string,
      pid: count,
      kernel_cpu: amount,
      kernel_memory: count,
      cpu_count: count,
      host_virtual_memory: record(amount),
    },
    { host_cpu_percent: amount },
  ),
};

/** An execute reply counts also when it failed. #execution-results */
export const executeError = exact(
  { status: literal("error"), ...errorReport, execution_count: count },
  { user_expressions: nothing, payload },
);

/** What a kernel asks on stdin. #messages-on-the-stdin-router-dealer-channel */
export const asked = {
  input_request: exact({ prompt: string, password: boolean }),
};

/** What a client sends. */
export const requests = {
  execute_request: exact(
    { code: string },
    {
      silent: boolean,
      store_history: boolean,
      user_expressions: jsonObject,
      allow_stdin: boolean,
      stop_on_error: boolean,
    },
  ),
  inspect_request: exact({ code: string, cursor_pos: count, detail_level: level }),
  complete_request: exact({ code: string, cursor_pos: count }),
  history_request: exact(
    { output: boolean, raw: boolean, hist_access_type: oneOf("range", "tail", "search") },
    {
      session: integer,
      start: integer,
      stop: integer,
      n: integer,
      pattern: string,
      unique: boolean,
    },
  ),
  is_complete_request: exact({ code: string }),
  connect_request: nothing,
  comm_info_request: exact({}, { target_name: string }),
  kernel_info_request: nothing,
  shutdown_request: exact({ restart: boolean }),
  interrupt_request: nothing,
  debug_request: exact(
    { seq: integer, type: literal("request"), command: string },
    { arguments: json },
  ),
  create_subshell_request: nothing,
  delete_subshell_request: exact({ subshell_id: id }),
  list_subshell_request: nothing,
  usage_request: nothing,
  input_reply: exact({ value: string }, { status: ok }),
  comm_open: published.comm_open,
  comm_msg: published.comm_msg,
  comm_close: published.comm_close,
};

function historyRow(
  value: unknown,
  path: string,
): [number, number, string | [string, string | null]] {
  if (!Array.isArray(value) || value.length !== 3) throw new TypeError(`${path}: no row of three`);
  const [session, line, cell] = value as unknown[];
  count(session, `${path}[0]`);
  count(line, `${path}[1]`);
  if (!Array.isArray(cell)) return [session as number, line as number, string(cell, `${path}[2]`)];
  const [source, output] = cell as unknown[];
  if (cell.length !== 2) throw new TypeError(`${path}[2]: no pair of input and output`);
  const pair: [string, string | null] = [
    string(source, `${path}[2][0]`),
    output === null ? null : string(output, `${path}[2][1]`),
  ];
  return [session as number, line as number, pair];
}

function amount(value: unknown, path: string): number {
  if (typeof value === "number" && Number.isFinite(value) && value >= 0) return value;
  throw new TypeError(`${path}: ${JSON.stringify(value)} is no amount`);
}

function level(value: unknown, path: string): 0 | 1 {
  if (value === 0 || value === 1) return value;
  throw new TypeError(`${path}: ${JSON.stringify(value)} is neither 0 nor 1`);
}

/** The contents of published messages. */
import type { KernelMessage } from "@jupyterlab/services";
import type { Bundle, ErrorReport } from "../channel.ts";

type Content<M extends KernelMessage.IIOPubMessage> = M["content"];
type Display = Content<KernelMessage.IDisplayDataMsg>;

export const stream = (
  name: "stdout" | "stderr",
  text: string,
): Content<KernelMessage.IStreamMsg> => ({ name, text });

/** `transient` is always there: some clients break without it. */
export const displayData = ({ data, metadata }: Bundle, displayId: string | null): Display => ({
  data: data as Display["data"],
  metadata: metadata as Display["metadata"],
  transient: displayId === null ? {} : { display_id: displayId },
});

export const executeResult = (
  { data, metadata }: Bundle,
  executionCount: number,
): Content<KernelMessage.IExecuteResultMsg> => ({
  execution_count: executionCount,
  data: data as Display["data"],
  metadata: metadata as Display["metadata"],
  transient: {},
});

export const executeInput = (
  code: string,
  executionCount: number,
): Content<KernelMessage.IExecuteInputMsg> => ({ code, execution_count: executionCount });

export const error = ({
  ename,
  evalue,
  traceback,
}: ErrorReport): Content<KernelMessage.IErrorMsg> => ({ ename, evalue, traceback: [...traceback] });

export const clearOutput = (wait: boolean): Content<KernelMessage.IClearOutputMsg> => ({ wait });

export const status = (
  execution_state: "starting" | "busy" | "idle",
): Content<KernelMessage.IStatusMsg> => ({ execution_state });

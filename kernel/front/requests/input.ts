/** What the reader typed when a cell asked. */
import { object, string } from "../../wire/check.ts";
import { request } from "../request.ts";

export const inputReply = request({
  type: "input_reply",
  channels: ["stdin"],
  isAnswer: true,
  content: object({ value: string }),
  handle: ({ value }, { questions }) => {
    questions.answer({ text: value });
    return null;
  },
});

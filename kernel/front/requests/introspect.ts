/** Questions about code that is not run. */
import { completenessOf } from "../../cell/complete.ts";
import { object, string } from "../../wire/check.ts";
import { request } from "../request.ts";

export const isComplete = request({
  type: "is_complete_request",
  channels: ["shell"],
  content: object({ code: string }),
  handle: ({ code }) => completenessOf(code),
});

/** Questions about code that is not run. */
import { object, string } from "../../wire/check.ts";
import { request } from "../request.ts";

const content = object({ code: string });

export const isComplete = request({
  type: "is_complete_request",
  channels: ["shell"],
  content,
  handle: async ({ code }) => {
    const { completenessOf } = await import("../../cell/complete.ts");
    return completenessOf(code);
  },
});

/** What all errors of this library have in common. */

/** The most frames between where a mistake is found and the line that made it: V8 keeps ten by itself. */
const DEEPEST = 50;

/** An error whose stack reaches the line of the caller, however deep in the library it is thrown. */
export class Mistake extends Error {
  constructor(message?: string, options?: ErrorOptions) {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = Math.max(limit, DEEPEST);
    super(message, options);
    Error.stackTraceLimit = limit;
  }
}

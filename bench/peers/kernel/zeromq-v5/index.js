/**
 * zeromq 5 is compiled when it is installed; this is zeromq 6, which comes compiled, under its old interface. There
 * `Socket` is a class, and jmp, which ijavascript speaks through, inherits from it as from a function.
 */
const { EventEmitter } = require("node:events");
const zmq = require("zeromq-6/v5-compat");

function Socket(type) {
  const inner = new zmq.Socket(type);
  const { _events, _eventsCount, ...fields } = inner;
  EventEmitter.call(Object.assign(this, fields));
  // A publisher needs no name, and zeromq 6 lets it have none.
  if (type === "pub") Object.defineProperty(this, "identity", { value: "", writable: true });
  this.on("_flushSend", () => inner.emit("_flushSend"));
  for (const event of ["message", "error"]) {
    inner.on(event, (...parts) => this.emit(event, ...parts));
  }
}
Socket.prototype = zmq.Socket.prototype;

module.exports = { ...zmq, Socket };

// The frame: waits for a program, runs it, and says so when it cannot.

import { loadCompiler } from "./compiler.js";
import { connect } from "./host.js";
import { described } from "./log.js";
import { Program } from "./program.js";
import { redo, watch } from "./redo.js";

const host = await connect();
try {
  const program = new Program(host, await loadCompiler(host.start.wasm));
  host.on("shown", ({ on }) => program.shown(on));
  host.on("back", () => { if (program.stack.pages.length > 1) program.stack.navigateBack(); });
  host.on("redo", ({ id, step }) => host.tell("redone", { id, done: Boolean(program.guarded("replay", () => redo(step, program))) }));
  watch((step) => host.tell("did", step), () => program.stack.top?.path);
  host.on("share", () => program.stack.top?.told("onShareAppMessage", null, { from: "menu" }));
  addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    program.log.error(event.reason, "promise");
    program.events.fire("UnhandledRejection", { reason: event.reason, promise: event.promise });
  });
  program.start(host.start.path);
  host.tell("running", {});
} catch (error) {
  const told = described(error);
  host.tell("log", { level: "error", text: told, where: "" });
  host.tell("broken", { text: told });
  const box = document.body.appendChild(Object.assign(document.createElement("div"), { className: "broken" }));
  box.append(Object.assign(document.createElement("h1"), { textContent: host.start.device.words.broken }),
    Object.assign(document.createElement("code"), { textContent: told }));
}

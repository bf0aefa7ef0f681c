// The page: puts phone, timeline and menu together, and keeps time.

import { Phone, deadScreen } from "./phone.js";
import { Inspector } from "./program/inspector.js";
import { language, locale, switchLanguage, t } from "./texts.js";
import { Timeline } from "./timeline.js";
import { tryMenu } from "./try.js";
import { PhoneError, readWorld } from "./wire.js";

const TICK = 5000; // milliseconds

const byId = (id) => document.getElementById(id);
const NAMES = ["screen", "holder", "time", "status", "running", "sheets"];
const parts = Object.fromEntries(NAMES.map((name) => [name, byId(name)]));

/** The phone's time is WeChat's time: it jumps when the emulator's clock does. */
let clock = { now: Date.now() / 1000, frozen: false, read: Date.now() };
const setClock = (told) => {
  clock = { ...told, read: Date.now() };
};
const now = () => new Date(clock.now * 1000 + (clock.frozen ? 0 : Date.now() - clock.read));

function speak() {
  document.documentElement.lang = locale();
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = t(element.dataset.text);
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", t(element.dataset.label));
  const other = byId("lang");
  other.textContent = t("lang.other");
  other.lang = language() === "zh" ? "en" : "zh-CN";
  other.setAttribute("aria-label", t("lang.label"));
}

function start(world) {
  setClock(world.clock);
  const timeline = new Timeline(byId("story"), now);
  const choices = { platform: "ios", reach: "machine" };
  const phone = new Phone({ parts, world, timeline, now, choices });
  let busy = false;
  const experiment = async (title, work) => {
    if (busy) return;
    busy = true;
    try {
      await timeline.run(title, phone.person.nickname, work);
    } catch (error) {
      if (error instanceof PhoneError) phone.fail(error);
      else if (error.errno === undefined) throw error; // what wx.request fails with stands in the timeline
    } finally {
      busy = false;
      phone.tick();
    }
  };
  const holder = () => phone.owner && { ...phone.owner, timeline, setClock };
  // The experiments are the demo's own; a program of one's own is used by hand.
  const experiments = () => (world.server === null || world.program ? null : tryMenu(holder, experiment));
  const panes = { story: byId("story"), ...(world.program && { console: byId("console") }), wechat: byId("wechat") };
  const inspector = new Inspector({ panes, tabs: byId("tabs"), tools: byId("tools"), timeline, phone, choices, setClock, experiments });
  phone.inspector = inspector;
  timeline.onchange = () => inspector.drawTools();
  phone.onchange = () => {
    inspector.drawTools();
    inspector.wechat.render();
  };
  inspector.render();
  phone.render();
  setInterval(() => phone.tick(), TICK);
  return () => {
    timeline.render();
    inspector.render();
    phone.render();
  };
}

let draw = () => {};
byId("lang").addEventListener("click", () => {
  switchLanguage();
  speak();
  draw();
});
speak();
try {
  draw = start(await readWorld());
} catch (error) {
  draw = () => parts.screen.replaceChildren(deadScreen(error));
  draw();
}

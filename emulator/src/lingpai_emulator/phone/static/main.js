// The page: puts phone, timeline and menu together, and keeps time.

import { el } from "./dom.js";
import { Phone, deadScreen } from "./phone.js";
import { language, locale, switchLanguage, t } from "./texts.js";
import { Timeline } from "./timeline.js";
import { tryMenu } from "./try.js";
import { PhoneError, readWorld } from "./wire.js";

const TICK = 5000; // milliseconds

const byId = (id) => document.getElementById(id);
const parts = { screen: byId("screen"), holder: byId("holder"), time: byId("time"), status: byId("status") };

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

/** Draws the menu above the timeline; the focus stays where it is. */
function drawTools({ world, phone, timeline, experiment }) {
  const tools = byId("tools");
  const focused = tools.contains(document.activeElement) ? document.activeElement.dataset.testid : null;
  const holder = () => phone.owner && { ...phone.owner, timeline, setClock };
  const clear = { type: "button", class: "chip clear", testid: "clear", onclick: () => timeline.clear() };
  tools.replaceChildren(
    world.server === null ? "" : tryMenu(holder, experiment),
    timeline.groups.length === 0 ? "" : el("button", clear, t("story.clear")),
  );
  if (focused) tools.querySelector(`[data-testid="${focused}"]`)?.focus({ preventScroll: true });
}

function start(world) {
  setClock(world.clock);
  const timeline = new Timeline(byId("story"), now);
  const phone = new Phone({ parts, world, timeline, now });
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
  timeline.onchange = phone.onchange = () => drawTools({ world, phone, timeline, experiment });
  phone.render();
  setInterval(() => phone.tick(), TICK);
  return () => {
    timeline.render();
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

// What fingers do, as mini programs hear it: tap, longpress, touchstart … from the browser's pointer.

import { dispatch } from "./engine.js";

const LONG = 350; // milliseconds
const SLIP = 10; // pixels a finger may move and still press
const ANIMATIONS = ["transitionend", "animationstart", "animationiteration", "animationend"];

let tapped = false;

/** Whether this runs because of a tap: some APIs may be called from nowhere else. */
export const inTap = () => tapped;

/** Listen on the whole document. `onTap(element)` is told of every tap before the program is. */
export function listen(onTap) {
  let press = null;
  const point = (event) => {
    const view = event.target.closest?.(".page-view")?.getBoundingClientRect() ?? { left: 0, top: 0 };
    const [clientX, clientY] = [event.clientX - view.left, event.clientY - view.top];
    const scrolled = event.target.closest?.(".page-scroll")?.scrollTop ?? 0;
    return { identifier: 0, clientX, clientY, pageX: clientX, pageY: clientY + scrolled, x: clientX, y: clientY };
  };
  const touch = (type, event, pressed) => {
    const now = point(event);
    return dispatch(event.target, type, {}, { extra: { touches: pressed ? [now] : [], changedTouches: [now] } });
  };

  document.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    touch("touchstart", event, true);
    const { target, clientX, clientY } = event;
    press = { target, clientX, clientY, long: setTimeout(() => longPressed(target, point(event)), LONG) };
  });
  document.addEventListener("pointermove", (event) => {
    if (!press) return;
    if (Math.hypot(event.clientX - press.clientX, event.clientY - press.clientY) > SLIP) clearTimeout(press.long);
    touch("touchmove", { target: press.target, clientX: event.clientX, clientY: event.clientY }, true);
  });
  for (const [heard, said] of [["pointerup", "touchend"], ["pointercancel", "touchcancel"]]) {
    document.addEventListener(heard, (event) => {
      if (!press) return;
      clearTimeout(press.long);
      touch(said, { target: press.target, clientX: event.clientX, clientY: event.clientY }, false);
      press = null;
    });
  }
  // The browser's click knows scrolling from tapping, and comes from the keyboard too.
  document.addEventListener("click", (event) => {
    if (event.target.closest("[aria-disabled=true]")) return;
    onTap(event.target);
    tap(event.target, point(event));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    if (!event.target.matches("[tabindex]")) return;
    event.preventDefault();
    event.target.click();
  });
  for (const name of ANIMATIONS) {
    document.addEventListener(name, (event) => dispatch(event.target, name, {}, { extra: {} }));
  }
}

/** Tap an element as a finger would. */
export function tap(element, at = { x: 0, y: 0 }) {
  tapped = true;
  setTimeout(() => { tapped = false; });
  dispatch(element, "tap", { x: at.x, y: at.y }, { extra: { touches: [at], changedTouches: [at] } });
}

function longPressed(target, at) {
  for (const type of ["longpress", "longtap"]) {
    dispatch(target, type, { x: at.x, y: at.y }, { extra: { touches: [at], changedTouches: [at] } });
  }
}

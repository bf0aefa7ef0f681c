"use strict";
// Keeps the console fresh while somebody looks at it. Rows that did not change are never touched,
// so that focus, selection and the scroll position stay where they are.
(() => {
  const EVERY = 2000;
  const status = document.querySelector("[data-status]");
  const { liveText, lostText } = document.querySelector("[data-live-text]").dataset;
  const served = new WeakMap();

  const two = (number) => String(number).padStart(2, "0");
  const local = (at) =>
    `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ` +
    `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

  function localise(root) {
    for (const time of root.querySelectorAll("time[datetime]")) {
      time.title = time.dateTime;
      time.textContent = local(new Date(time.dateTime));
    }
    for (const mark of root.querySelectorAll("[data-zone]")) mark.textContent = zone;
  }

  function remember(root) {
    for (const row of root.querySelectorAll("tbody tr[id]")) served.set(row, row.outerHTML);
    served.set(root, root.innerHTML);
  }

  // A changed row gives its focus to its successor.
  function replace(old, fresh) {
    const focused = old.contains(document.activeElement) ? document.activeElement : null;
    old.replaceWith(fresh);
    const href = focused && focused.getAttribute("href");
    if (href) fresh.querySelector(`a[href="${CSS.escape(href)}"]`)?.focus({ preventScroll: true });
  }

  function adopt(row) {
    const copy = document.importNode(row, true);
    served.set(copy, row.outerHTML);
    localise(copy);
    return copy;
  }

  function swapRows(body, freshBody) {
    const old = new Map([...body.rows].map((row) => [row.id, row]));
    let next = body.firstElementChild;
    for (const row of freshBody.rows) {
      const known = old.get(row.id);
      old.delete(row.id);
      if (!known) {
        const added = adopt(row);
        added.classList.add("arrived");
        body.insertBefore(added, next);
        continue;
      }
      if (known === next) next = next.nextElementSibling;
      else body.insertBefore(known, next);
      if (served.get(known) !== row.outerHTML) replace(known, adopt(row));
    }
    for (const gone of old.values()) gone.remove();
  }

  function swap(page) {
    for (const part of document.querySelectorAll("[data-live]")) {
      const fresh = page.getElementById(part.id);
      if (!fresh || served.get(part) === fresh.innerHTML) continue;
      const raw = fresh.innerHTML;
      const bodies = [part.querySelector("tbody"), fresh.querySelector("tbody")];
      if (bodies[0] && bodies[1]) swapRows(...bodies);
      else {
        part.replaceChildren(...[...fresh.cloneNode(true).childNodes].map((node) => document.adoptNode(node)));
        remember(part);
        localise(part);
      }
      served.set(part, raw);
    }
  }

  function say(state) {
    const text = state === "live" ? liveText : lostText;
    if (status.textContent !== text) status.textContent = text;
    status.className = state;
  }

  async function look() {
    if (document.hidden) return;
    try {
      const answer = await fetch(location.href, { headers: { accept: "text/html" }, cache: "no-store" });
      if (!answer.ok) throw new Error(answer.status);
      swap(new DOMParser().parseFromString(await answer.text(), "text/html"));
      say("live");
    } catch {
      say("lost");
    }
  }

  let timer;
  async function keepLooking() {
    clearTimeout(timer);
    await look();
    clearTimeout(timer);
    timer = setTimeout(keepLooking, EVERY);
  }

  const parts = document.querySelectorAll("[data-live]");
  parts.forEach(remember);
  localise(document);
  if (parts.length) {
    document.addEventListener("visibilitychange", keepLooking);
    say("live");
    timer = setTimeout(keepLooking, EVERY);
  }
})();

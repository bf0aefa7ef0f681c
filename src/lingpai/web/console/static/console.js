"use strict";
// What the console does beside htmx: times in the reader's zone, copy buttons, and rows that stay where they are.
// htmx asks every few seconds; what comes is put in row by row, and rows that did not change are never touched,
// so that focus, selection and the scroll position stay where they are.
(() => {
  const { liveText, lostText, copiedText } = document.body.dataset;
  const status = document.querySelector("[data-status]");
  const served = new WeakMap();

  const two = (number) => String(number).padStart(2, "0");
  const local = (at) =>
    `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ` +
    `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

  function each(root, selector, act) {
    if (root.matches?.(selector)) act(root);
    for (const found of root.querySelectorAll(selector)) act(found);
  }

  function settle(root) {
    each(root, "time[datetime]", (time) => {
      const text = local(new Date(time.dateTime));
      time.title = time.dateTime;
      time.textContent = time.hasAttribute("data-minute") ? text.slice(11, 16) : text;
    });
    each(root, "[data-zone]", (mark) => { mark.textContent = zone; });
    if (navigator.clipboard) each(root, "button[data-copy]", (button) => { button.hidden = false; });
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("button[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(button.dataset.copy);
    const before = button.textContent;
    button.textContent = copiedText;
    setTimeout(() => { button.textContent = before; }, 1500);
  });

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
    settle(copy);
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
      if (part.dataset.live === "rows" && bodies[0] && bodies[1]) swapRows(...bodies);
      else if (part.contains(document.activeElement)) continue; // somebody reads or copies here: next time
      else {
        const open = [...part.querySelectorAll("details")].map((one) => one.open);
        part.replaceChildren(...[...fresh.cloneNode(true).childNodes].map((node) => document.adoptNode(node)));
        part.querySelectorAll("details").forEach((one, number) => { one.open = open[number] ?? false; });
        remember(part);
        settle(part);
      }
      served.set(part, raw);
    }
  }

  function say(state) {
    if (!status) return;
    const text = state === "live" ? liveText : lostText;
    if (status.textContent !== text) status.textContent = text;
    status.className = state;
  }

  document.body.addEventListener("htmx:beforeRequest", (event) => {
    if (document.hidden && event.target.matches("[data-watch]")) event.preventDefault();
  });
  document.body.addEventListener("htmx:afterRequest", (event) => {
    if (!event.target.matches("[data-watch]")) return;
    const { xhr, successful } = event.detail;
    if (xhr.status === 401) location.reload(); // the session ended: to the sign-in page
    if (successful) swap(new DOMParser().parseFromString(xhr.responseText, "text/html"));
    say(successful ? "live" : "lost");
  });
  document.body.addEventListener("htmx:load", (event) => settle(event.detail.elt));

  const parts = document.querySelectorAll("[data-live]");
  parts.forEach(remember);
  settle(document.documentElement);
  if (parts.length) say("live");
  document.querySelector(".menu [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
})();

// How elements are made: text always becomes text, never markup.

/** `el("button", {class, testid, onclick, …attributes}, ...children)`; null and false are left out. */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name === "testid" ? "data-testid" : name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== false));
  return element;
}

const PATHS = {
  phone: "M8 2.5h8a2 2 0 0 1 2 2v15a2 2 0 0 1-2 2H8a2 2 0 0 1-2-2v-15a2 2 0 0 1 2-2ZM11 18.5h2",
  server: "M4.5 4h15v6.5h-15ZM4.5 13.5h15V20h-15ZM8 7.25h.01M8 16.75h.01",
  wechat: "M7 18a4.2 4.2 0 0 1-.4-8.38 5.6 5.6 0 0 1 10.7 1.1A3.7 3.7 0 0 1 16.8 18Z",
  clock: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17ZM12 7.5V12l3 2",
  arrow: "M4 12h15M13.5 6.5 19 12l-5.5 5.5",
  check: "M5 12.5 10 17.5 19.5 7",
  swap: "M7 4 3.5 7.5 7 11M3.5 7.5h14M17 13l3.5 3.5L17 20M20.5 16.5h-14",
  cross: "M6 6 18 18M18 6 6 18",
  lock: "M6.5 11h11v8.5h-11ZM9 11V8a3 3 0 0 1 6 0v3",
};

/** A line drawing of 24 × 24, hidden from screen readers. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "icon");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** A person's picture; beside the name it adds nothing for a screen reader. */
export function avatar(person) {
  if (person.avatar.startsWith("data:")) return el("img", { class: "avatar", src: person.avatar, alt: "" });
  return el("span", { class: "avatar", "aria-hidden": "true" }, [...person.nickname].at(-1) ?? "?");
}

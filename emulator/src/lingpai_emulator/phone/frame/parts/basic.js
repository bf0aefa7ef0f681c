// Built-in components that hold and show: view, text, image, icon, progress, rich-text, scroll-view.

import { ownerOf } from "../engine.js";
import { attribute, fire, part, preset, props } from "./part.js";

const ICONS = { success: "✓", success_no_circle: "✓", info: "i", warn: "!", waiting: "…", cancel: "×", download: "↓", search: "⌕", clear: "×" };
const ALLOWED = new Set(["a", "abbr", "b", "blockquote", "br", "code", "col", "colgroup", "dd", "del", "div", "dl", "dt", "em",
  "fieldset", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "label", "legend", "li", "ol", "p", "pre", "q", "s",
  "small", "span", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul"]);

const hover = { hoverClass: preset(String, "none"), hoverStopPropagation: Boolean, hoverStartTime: Number, hoverStayTime: Number };

export const view = part({ properties: props(hover), made: hovering });

export const text = part({
  properties: props({ userSelect: Boolean, selectable: Boolean, space: String, decode: Boolean }),
  draw(element, { userSelect, selectable, space }) {
    attribute(element, "a-select", userSelect || selectable);
    attribute(element, "a-space", space);
  },
});

/** `load(src, from)` gives a URL the frame may show: the program's own pictures come from the page. */
export const image = (load) => part({
  slot: false,
  properties: props({ src: String, mode: preset(String, "scaleToFill"), lazyLoad: Boolean, webp: Boolean, showMenuByLongpress: Boolean }),
  made(element) {
    const picture = element.appendChild(document.createElement("img"));
    picture.alt = "";
    picture.draggable = false;
    picture.addEventListener("load", () => {
      fire(this, "load", { width: picture.naturalWidth, height: picture.naturalHeight });
    });
    picture.addEventListener("error", () => fire(this, "error", { errMsg: `image:fail ${this.data.src}` }));
  },
  draw(element, { src, mode }) {
    attribute(element, "a-mode", mode);
    const picture = element.querySelector("img");
    if (picture.dataset.src === src) return;
    picture.dataset.src = src;
    if (!src) return void picture.removeAttribute("src");
    load(src, ownerOf(this)).then((url) => { if (picture.dataset.src === src) picture.src = url; },
      () => fire(this, "error", { errMsg: `GET ${src} 404 (Not Found)` }));
  },
});

export const icon = part({
  slot: false,
  properties: props({ type: String, size: preset(null, 23), color: String }),
  draw(element, { type, size, color }) {
    element.textContent = ICONS[type] ?? "?";
    attribute(element, "a-type", type);
    Object.assign(element.style, { fontSize: unit(size), color: color || "" });
  },
});

export const progress = part({
  slot: false,
  properties: props({ percent: Number, showInfo: Boolean, strokeWidth: preset(null, 6), activeColor: preset(String, "#09bb07"), color: String, backgroundColor: preset(String, "#ebebeb"), active: Boolean }),
  made(element) {
    element.innerHTML = "<i><b></b></i><span></span>";
  },
  draw(element, { percent, showInfo, strokeWidth, activeColor, color, backgroundColor }) {
    const [line, done] = [element.querySelector("i"), element.querySelector("b")];
    Object.assign(line.style, { height: unit(strokeWidth), background: backgroundColor });
    Object.assign(done.style, { width: `${Math.min(100, Math.max(0, percent))}%`, background: color || activeColor });
    element.querySelector("span").textContent = showInfo ? `${percent}%` : "";
  },
});

export const richText = part({
  slot: false,
  properties: props({ nodes: preset(null, []), space: String, userSelect: Boolean }),
  draw(element, { nodes }) {
    const parsed = typeof nodes === "string" ? new DOMParser().parseFromString(nodes, "text/html").body.childNodes : nodes ?? [];
    element.replaceChildren(...[...parsed].map(typeof nodes === "string" ? fromDom : fromNode).filter(Boolean));
  },
});

export const scrollView = part({
  properties: props({ scrollX: Boolean, scrollY: Boolean, scrollTop: preset(null, null), scrollLeft: preset(null, null), scrollIntoView: String,
    upperThreshold: preset(null, 50), lowerThreshold: preset(null, 50), scrollWithAnimation: Boolean, refresherEnabled: Boolean,
    refresherTriggered: Boolean, enableFlex: Boolean, showScrollbar: Boolean, enhanced: Boolean, type: String }),
  made(element) {
    let [top, left] = [0, 0];
    element.addEventListener("scroll", () => {
      const { scrollTop, scrollLeft, scrollHeight, scrollWidth, clientHeight, clientWidth } = element;
      fire(this, "scroll", { scrollTop, scrollLeft, scrollHeight, scrollWidth, deltaX: left - scrollLeft, deltaY: top - scrollTop });
      const { upperThreshold, lowerThreshold, scrollY } = this.data;
      const [now, was, most] = scrollY ? [scrollTop, top, scrollHeight - clientHeight] : [scrollLeft, left, scrollWidth - clientWidth];
      const low = Number.parseFloat(lowerThreshold);
      if (now <= Number.parseFloat(upperThreshold) && now < was) fire(this, "scrolltoupper", { direction: scrollY ? "top" : "left" });
      if (now >= most - low && was < most - low) fire(this, "scrolltolower", { direction: scrollY ? "bottom" : "right" });
      [top, left] = [scrollTop, scrollLeft];
    });
  },
  draw(element, { scrollX, scrollY, scrollTop, scrollLeft, scrollIntoView, scrollWithAnimation }) {
    element.style.overflowX = scrollX ? "auto" : "hidden";
    element.style.overflowY = scrollY ? "auto" : "hidden";
    const behavior = scrollWithAnimation ? "smooth" : "auto";
    if (scrollTop !== null && scrollTop !== "" && scrollTop !== this.lastTop) element.scrollTo({ top: Number.parseFloat(scrollTop), behavior });
    if (scrollLeft !== null && scrollLeft !== "" && scrollLeft !== this.lastLeft) element.scrollTo({ left: Number.parseFloat(scrollLeft), behavior });
    [this.lastTop, this.lastLeft] = [scrollTop, scrollLeft];
    if (scrollIntoView) element.querySelector(`[id="${CSS.escape(scrollIntoView)}"]`)?.scrollIntoView({ behavior, block: "nearest" });
  },
});

function hovering(element) {
  const set = (on) => {
    const name = this.data.hoverClass;
    if (name && name !== "none") for (const one of name.split(/\s+/)) element.classList.toggle(one, on);
  };
  element.addEventListener("pointerdown", () => set(true));
  for (const end of ["pointerup", "pointerleave", "pointercancel"]) element.addEventListener(end, () => set(false));
}

export { hovering };
export const hoverProperties = hover;

function unit(size) {
  return typeof size === "number" || /^\d+$/.test(size) ? `${size}px` : size;
}

function fromDom(node) {
  if (node.nodeType === Node.TEXT_NODE) return document.createTextNode(node.data);
  if (node.nodeType !== Node.ELEMENT_NODE) return null;
  const attrs = Object.fromEntries([...node.attributes].map(({ name, value }) => [name, value]));
  return fromNode({ name: node.localName, attrs, children: [...node.childNodes].map((child) => ({ dom: child })) });
}

/** Only the tags WeChat lists, and no attribute that could run something. */
function fromNode(node) {
  if (node.dom) return fromDom(node.dom);
  if (node.type === "text") return document.createTextNode(node.text ?? "");
  if (!ALLOWED.has(node.name)) return null;
  const element = document.createElement(node.name);
  for (const [name, value] of Object.entries(node.attrs ?? {})) {
    if (["class", "style", "alt", "width", "height", "colspan", "rowspan", "start", "type"].includes(name)) element.setAttribute(name, value);
    if (name === "src" && /^(https?:|data:image\/)/.test(value)) element.setAttribute(name, value);
  }
  element.append(...(node.children ?? []).map(fromNode).filter(Boolean));
  return element;
}

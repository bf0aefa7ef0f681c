// Built-in components that do something when tapped, or move: button, navigator, swiper, and the grey box.

import { hoverProperties, hovering } from "./basic.js";
import { pressForm } from "./forms.js";
import { attribute, dom, fire, part, preset, props } from "./part.js";

/** `open[type](instance)` does what an open-type does; it fires the events itself. */
export const button = (open, unsupported) => part({
  properties: props({ size: preset(String, "default"), type: preset(String, "default"), plain: Boolean, disabled: Boolean, loading: Boolean,
    formType: String, openType: String, ...hoverProperties, hoverClass: preset(String, "button-hover"), lang: String, sessionFrom: String, appParameter: String,
    scope: String, sendMessageTitle: String, sendMessagePath: String, sendMessageImg: String, showMessageCard: Boolean, phoneNumberNoQuotaToast: preset(Boolean, true) }),
  made(element) {
    element.setAttribute("role", "button");
    hovering.call(this, element);
    this._$.addListener("tap", () => {
      if (this.data.disabled) return;
      const { formType, openType } = this.data;
      if (formType) pressForm(element, formType);
      for (const type of (openType || "").split("|").filter(Boolean)) (open[type] ?? unsupported)(this, type);
    });
  },
  draw(element, { size, type, plain, disabled, loading }) {
    attribute(element, "a-size", size);
    attribute(element, "a-type", type);
    attribute(element, "a-plain", plain);
    attribute(element, "a-loading", loading);
    attribute(element, "aria-disabled", disabled && "true");
    element.setAttribute("tabindex", disabled ? "-1" : "0");
  },
});

/** `go(openType, options)` is the router. */
export const navigator = (go) => part({
  properties: props({ url: String, openType: preset(String, "navigate"), delta: preset(Number, 1), target: String, appId: String, path: String, ...hoverProperties, hoverClass: preset(String, "navigator-hover") }),
  made(element) {
    element.setAttribute("role", "link");
    element.setAttribute("tabindex", "0");
    hovering.call(this, element);
    this._$.addListener("tap", () => go(this.data.openType, { url: this.data.url, delta: this.data.delta },
      (type, result) => fire(this, type, result)));
  },
});

export const swiper = part({
  properties: props({ indicatorDots: Boolean, indicatorColor: preset(String, "rgba(0, 0, 0, .3)"), indicatorActiveColor: preset(String, "#000000"), autoplay: Boolean,
    current: Number, interval: preset(Number, 5000), duration: preset(Number, 500), circular: Boolean, vertical: Boolean, previousMargin: String, nextMargin: String, displayMultipleItems: preset(Number, 1) }),
  made(element) {
    let from = null;
    element.addEventListener("pointerdown", (event) => { from = event; });
    element.addEventListener("pointerup", (event) => {
      if (!from) return;
      const way = this.data.vertical ? event.clientY - from.clientY : event.clientX - from.clientX;
      from = null;
      if (Math.abs(way) > 30) this.turn(this.data.current + (way < 0 ? 1 : -1), "touch");
    });
  },
  draw(element, { current, duration, vertical, autoplay, interval, indicatorDots, indicatorColor, indicatorActiveColor }) {
    attribute(element, "a-vertical", vertical);
    element.style.setProperty("--turn", `${duration}ms`);
    element.style.setProperty("--current", String(-current));
    clearInterval(this.timer);
    if (autoplay) this.timer = setInterval(() => this.turn(this.data.current + 1, "autoplay"), interval);
    queueMicrotask(() => dots(element, indicatorDots, current, indicatorColor, indicatorActiveColor));
  },
  gone() { clearInterval(this.timer); },
  methods: {
    turn(to, source) {
      const items = dom(this).querySelectorAll(":scope > wx-swiper-item");
      const count = items.length;
      const current = this.data.circular ? (to + count) % count : Math.min(Math.max(to, 0), count - 1);
      if (!count || current === this.data.current) return;
      this.setData({ current });
      const detail = { current, currentItemId: items[current].__wxElement?.data?.itemId ?? "", source };
      fire(this, "change", detail);
      setTimeout(() => fire(this, "animationfinish", detail), this.data.duration);
    },
  },
});

export const swiperItem = part({ properties: props({ itemId: String, skipHiddenItemLayout: Boolean }) });

function dots(element, shown, current, color, active) {
  const count = element.querySelectorAll(":scope > wx-swiper-item").length;
  let line = element.querySelector(":scope > .swiper-dots");
  if (!shown) return void line?.remove();
  if (!line) {
    line = element.appendChild(document.createElement("div"));
    line.className = "swiper-dots";
  }
  line.replaceChildren(...Array.from({ length: count }, (_, number) => {
    const dot = document.createElement("i");
    dot.style.background = number === current ? active : color;
    return dot;
  }));
}

/** What an official account or another's words would fill on a phone. */
export const openData = part({
  slot: false,
  properties: props({ type: String, openGid: String, lang: String, defaultText: String, defaultAvatar: String }),
  draw(element, { type, defaultText }) {
    // Since 2022 these show nobody any more.
    attribute(element, "a-type", type);
    element.textContent = type === "userNickName" ? "微信用户" : type === "userAvatarUrl" ? "" : defaultText;
  },
});

export const webView = part({
  slot: false,
  properties: props({ src: String }),
  draw(element, { src }) {
    element.setAttribute("a-grey", `web-view ${src}`);
  },
});

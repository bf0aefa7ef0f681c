// The sheet of a picker: one column, several, a date, a time or a region.

import { el } from "../dom.js";
import { t } from "./texts.js";

const REGIONS = [["广东省", "广州市", "海珠区"], ["北京市", "北京市", "海淀区"], ["上海市", "上海市", "黄浦区"]];
const DATES = { day: "date", month: "month", year: "number" };

/** `close(value)` gets what the mode's `change` event carries; null when the person turns back. */
export function pickerSheet({ mode, range = [], value, start, end, fields = "day" }, close) {
  const { boxes, read } = controls({ mode, range, value, start, end, fields });
  const button = (look, key, choice, work) =>
    el("button", { type: "button", class: `sheet-button ${look}`, testid: `choose-${choice}`, "data-choice": choice, onclick: work }, t(key));
  return [
    el("h2", {}, t("sheet.picker")),
    el("div", { class: "sheet-columns" }, boxes),
    el("div", { class: "sheet-pair" },
      button("sheet-no", "modal.cancel", "no", () => close(null, "no")),
      button("sheet-yes", "modal.ok", "yes", () => close(read(), "yes"))),
  ];
}

function controls({ mode, range, value, start, end, fields }) {
  if (mode === "date" || mode === "time") {
    const type = mode === "time" ? "time" : DATES[fields] ?? "date";
    const box = el("input", { class: "sheet-input", type, value, min: start || null, max: end || null, "aria-label": mode });
    return { boxes: [box], read: () => box.value };
  }
  if (mode === "region") {
    const box = column(REGIONS.map((names) => names.join(" ")), 0);
    return { boxes: [box], read: () => REGIONS[box.selectedIndex] };
  }
  if (mode === "multiSelector") {
    const boxes = range.map((names, index) => column(names, value?.[index] ?? 0));
    return { boxes, read: () => boxes.map(({ selectedIndex }) => selectedIndex) };
  }
  const box = column(range, Number(value) || 0);
  return { boxes: [box], read: () => box.selectedIndex };
}

function column(names, selected) {
  const box = el("select", { class: "sheet-input", size: Math.min(6, Math.max(2, names.length)), "aria-label": t("sheet.picker") },
    names.map((name, index) => el("option", { value: index, selected: index === selected }, String(name))));
  return box;
}

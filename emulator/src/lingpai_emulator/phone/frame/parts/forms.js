// Built-in components people type and choose with: form, input, textarea, checkbox, radio, switch, slider, picker, label.

import { instanceOf } from "../engine.js";
import { tap } from "../gesture.js";
import { attribute, dom, fire, part, preset, props } from "./part.js";

const CONTROLS = "wx-button, wx-checkbox, wx-radio, wx-switch, wx-input, wx-textarea";

/** The instance of the nearest component of a tag around an element. */
function around(element, tag) {
  const found = element.closest(`wx-${tag}`);
  return found ? instanceOf(found.__wxElement) : null;
}

/** `fields(form)` gives the custom components in a form that count as fields. */
export const form = (isField) => part({
  properties: props({ reportSubmit: Boolean, reportSubmitTimeout: Number }),
  methods: {
    submit() { fire(this, "submit", { value: valuesIn(dom(this), isField) }, true); },
    reset() {
      for (const element of dom(this).querySelectorAll("*")) {
        const instance = element.__wxElement && instanceOf(element.__wxElement);
        instance?.resetField?.();
      }
      fire(this, "reset", {}, true);
    },
  },
});

/** Submit or reset the form around a button. */
export function pressForm(element, type) {
  around(element, "form")?.[type]?.();
}

function valuesIn(formElement, isField) {
  const values = {};
  for (const element of formElement.querySelectorAll("*")) {
    const instance = element.__wxElement && instanceOf(element.__wxElement);
    if (!instance?.data?.name) continue;
    if (instance.fieldValue) values[instance.data.name] = instance.fieldValue();
    else if (isField(instance)) values[instance.data.name] = instance.data.value;
  }
  return values;
}

const TYPES = { number: "numeric", digit: "decimal", idcard: "text", "safe-password": "text" };

/** `ask.nickname(current)` resolves to a text chosen on a sheet, or null. */
export const input = (ask) => part({
  slot: false,
  properties: props({ name: String, value: preset(null, ""), type: preset(String, "text"), password: Boolean, placeholder: String,
    placeholderStyle: String, placeholderClass: String, disabled: Boolean, maxlength: preset(null, 140), focus: Boolean,
    autoFocus: Boolean, confirmType: preset(String, "done"), confirmHold: Boolean, cursorSpacing: Number, cursor: Number,
    adjustPosition: Boolean, holdKeyboard: Boolean, alwaysEmbed: Boolean, selectionStart: Number, selectionEnd: Number }),
  made(element) {
    element.append(document.createElement("input"));
    typing.call(this, element.firstChild);
    element.firstChild.addEventListener("focus", async () => {
      if (this.data.type !== "nickname" || this.asking) return;
      this.asking = true;
      const chosen = await ask.nickname(element.firstChild.value);
      this.asking = false;
      if (chosen === null) return;
      write.call(this, element.firstChild, chosen);
      fire(this, "nicknamereview", { pass: true, timeout: false });
    });
  },
  draw(element, data) {
    const box = element.firstChild;
    box.type = data.password ? "password" : "text";
    box.inputMode = TYPES[data.type] ?? "text";
    drawBox.call(this, box, data);
  },
  methods: { fieldValue() { return dom(this).firstChild.value; }, resetField() { write.call(this, dom(this).firstChild, ""); } },
});

export const textarea = part({
  slot: false,
  properties: props({ name: String, value: preset(null, ""), placeholder: String, placeholderStyle: String, placeholderClass: String,
    disabled: Boolean, maxlength: preset(null, 140), focus: Boolean, autoFocus: Boolean, autoHeight: Boolean, fixed: Boolean,
    cursorSpacing: Number, showConfirmBar: Boolean, disableDefaultPadding: Boolean, confirmType: String, adjustPosition: Boolean, holdKeyboard: Boolean }),
  made(element) {
    element.append(document.createElement("textarea"));
    typing.call(this, element.firstChild);
  },
  draw(element, data) {
    drawBox.call(this, element.firstChild, data);
    attribute(element, "a-grows", data.autoHeight);
  },
  methods: { fieldValue() { return dom(this).firstChild.value; }, resetField() { write.call(this, dom(this).firstChild, ""); } },
});

function typing(box) {
  box.addEventListener("input", () => {
    fire(this, "input", { value: box.value, cursor: box.selectionStart, keyCode: 0 });
    // Tells model:value. The handler may have set the value meanwhile; then that one stays.
    if (this.data.value !== box.value && !this.setting) this.setData({ value: box.value });
  });
  box.addEventListener("focus", () => fire(this, "focus", { value: box.value, height: 0 }));
  box.addEventListener("blur", () => {
    fire(this, "blur", { value: box.value, cursor: box.selectionStart });
    this.drawn = undefined;
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && box.localName === "input") fire(this, "confirm", { value: box.value });
  });
}

function drawBox(box, data) {
  const value = String(data.value ?? "");
  if (this.drawn !== value) box.value = this.drawn = value;
  else if (box.value !== value) this.drawn = value;
  box.placeholder = data.placeholder ?? "";
  box.disabled = Boolean(data.disabled);
  const most = Number(data.maxlength);
  attribute(box, "maxlength", most >= 0 && data.maxlength !== "" ? most : null);
  if ((data.focus || data.autoFocus) && !this.focused) queueMicrotask(() => box.focus({ preventScroll: true }));
  this.focused = data.focus || data.autoFocus;
}

function write(box, value) {
  box.value = value;
  box.dispatchEvent(new Event("input"));
}

export const label = part({
  properties: props({ for: String }),
  made(element) {
    element.addEventListener("click", (event) => {
      if (event.target.closest(CONTROLS)) return;
      const page = element.closest("wx-page") ?? document;
      const { for: named } = this.data;
      const control = named ? page.querySelector(`[id="${CSS.escape(named)}"]`) : element.querySelector(CONTROLS);
      if (!control) return;
      const box = control.querySelector("input, textarea");
      if (box) box.focus();
      else tap(control);
    });
  },
});

/** checkbox and radio, which differ in what their group does. */
const choice = (tag, change) => part({
  properties: props({ value: String, checked: Boolean, disabled: Boolean, color: String, name: String }),
  made(element) {
    element.setAttribute("role", tag);
    element.setAttribute("tabindex", "0");
    this._$.addListener("tap", () => { if (!this.data.disabled) change(this, around(element, `${tag}-group`)); });
  },
  draw(element, { checked, disabled, color }) {
    element.setAttribute("aria-checked", String(Boolean(checked)));
    attribute(element, "aria-disabled", disabled && "true");
    element.style.setProperty("--checked", color || "#09bb07");
  },
  methods: { resetField() { this.setData({ checked: false }); } },
});

const group = (tag, value) => part({
  properties: props({ name: String }),
  methods: {
    fieldValue() { return value(members(this, tag)); },
    changed() { fire(this, "change", { value: this.fieldValue() }, true); },
  },
});

function members(instance, tag) {
  return [...dom(instance).querySelectorAll(`wx-${tag}`)].map((element) => instanceOf(element.__wxElement));
}

export const checkbox = choice("checkbox", (mine, owner) => {
  mine.setData({ checked: !mine.data.checked });
  owner?.changed();
});
export const radio = choice("radio", (mine, owner) => {
  if (mine.data.checked) return;
  for (const other of owner ? members(owner, "radio") : []) other.setData({ checked: false });
  mine.setData({ checked: true });
  owner?.changed();
});
export const checkboxGroup = group("checkbox", (all) => all.filter(({ data }) => data.checked).map(({ data }) => data.value));
export const radioGroup = group("radio", (all) => all.find(({ data }) => data.checked)?.data.value ?? "");

export const switchPart = part({
  slot: false,
  properties: props({ checked: Boolean, disabled: Boolean, type: preset(String, "switch"), color: String, name: String }),
  made(element) {
    element.setAttribute("role", "switch");
    element.setAttribute("tabindex", "0");
    this._$.addListener("tap", () => {
      if (this.data.disabled) return;
      this.setData({ checked: !this.data.checked });
      fire(this, "change", { value: this.data.checked }, true);
    });
  },
  draw(element, { checked, disabled, color, type }) {
    element.setAttribute("aria-checked", String(Boolean(checked)));
    attribute(element, "aria-disabled", disabled && "true");
    attribute(element, "a-type", type);
    element.style.setProperty("--checked", color || "#09bb07");
  },
  methods: { fieldValue() { return this.data.checked; }, resetField() { this.setData({ checked: false }); } },
});

export const slider = part({
  slot: false,
  properties: props({ name: String, value: Number, min: Number, max: preset(Number, 100), step: preset(Number, 1), disabled: Boolean,
    showValue: Boolean, activeColor: preset(String, "#1aad19"), backgroundColor: String, color: String, selectedColor: String, blockSize: Number, blockColor: String }),
  made(element) {
    const range = element.appendChild(Object.assign(document.createElement("input"), { type: "range" }));
    element.append(document.createElement("span"));
    range.addEventListener("input", () => {
      this.setData({ value: Number(range.value) });
      fire(this, "changing", { value: Number(range.value) });
    });
    range.addEventListener("change", () => fire(this, "change", { value: Number(range.value) }));
  },
  draw(element, { value, min, max, step, disabled, showValue, activeColor }) {
    const range = element.querySelector("input");
    Object.assign(range, { min, max, step, disabled, value });
    range.style.accentColor = activeColor;
    element.querySelector("span").textContent = showValue ? String(value) : "";
  },
  methods: { fieldValue() { return this.data.value; }, resetField() { this.setData({ value: this.data.min }); } },
});

/** `choose({mode, range, value, …})` resolves to what was picked, or null. */
export const picker = (choose) => part({
  properties: props({ name: String, mode: preset(String, "selector"), range: preset(Array, []), rangeKey: String, value: preset(null, 0), disabled: Boolean,
    start: String, end: String, fields: String, headerText: String, level: String, customItem: String }),
  made() {
    this._$.addListener("tap", async () => {
      if (this.data.disabled) return;
      const { mode, range, rangeKey, value, start, end, fields } = this.data;
      const shown = (item) => (rangeKey ? item?.[rangeKey] : item);
      const columns = mode === "multiSelector" ? range.map((column) => column.map(shown)) : range.map(shown);
      const picked = await choose({ mode, range: columns, value, start, end, fields });
      if (picked === null) return void fire(this, "cancel");
      this.setData({ value: picked });
      fire(this, "change", { value: picked });
    });
  },
  methods: { fieldValue() { return this.data.value; } },
});


// How a built-in component is written: its properties, and how it draws itself in the DOM.

import { componentOf, domOf } from "../engine.js";

/** The DOM element of a component instance. */
export const dom = (instance) => domOf(componentOf(instance));

// Said to screen readers; every element may have them.
const ARIA = ["ariaRole", "ariaLabel", "ariaHidden", "ariaChecked", "ariaDisabled", "ariaDescribedby", "ariaLabelledby", "ariaExpanded", "ariaSelected",
  "ariaLive", "ariaModal", "ariaValuenow", "ariaValuemin", "ariaValuemax"];
const SAID = Object.fromEntries(ARIA.map((name) => [name, { type: null, value: null }]));

function say(element, data) {
  for (const name of ARIA) {
    if (data[name] === null) continue;
    const told = name === "ariaRole" ? "role" : `aria-${name.slice(4).toLowerCase()}`;
    if (data[name] === "") element.removeAttribute(told);
    else element.setAttribute(told, String(data[name]));
  }
}

/**
 * A component. `made(dom)` runs once, `draw(dom, data)` whenever a property changes; in all of
 * them `this` is the instance. Without `slot` it takes no children.
 */
export function part({ properties = {}, slot = true, made, draw, gone, methods = {}, relations }) {
  const drawn = (instance) => {
    const element = dom(instance);
    say(element, instance.data);
    draw?.call(instance, element, instance.data);
  };
  return {
    template: slot ? "<slot/>" : "",
    definition: {
      properties: { ...SAID, ...properties },
      methods,
      relations,
      observers: { "**"() { drawn(this); } },
      lifetimes: {
        created() { made?.call(this, dom(this)); },
        attached() { drawn(this); },
        detached() { gone?.call(this, dom(this)); },
      },
    },
  };
}

/** Properties by type: `{text: String}` is `{text: {type: String, value: ""}}`. */
export function props(types) {
  const blank = new Map([[String, ""], [Number, 0], [Boolean, false], [Array, []], [Object, null], [null, null]]);
  return Object.fromEntries(Object.entries(types).map(([name, told]) =>
    [name, typeof told === "function" || told === null ? { type: told, value: blank.get(told) } : told]));
}

/** A property with a value it has from the start. */
export const preset = (type, value) => ({ type, value });

/** Set or remove an attribute; true is an empty one. */
export function attribute(element, name, value) {
  if (value === false || value === null || value === undefined || value === "") element.removeAttribute(name);
  else element.setAttribute(name, value === true ? "" : String(value));
}

/** Fire an event of the component; it stays there, as most do, unless `bubbles`. */
export function fire(instance, name, detail = {}, bubbles = false) {
  instance.triggerEvent(name, detail, { bubbles, composed: bubbles });
}

// Just enough of `Component` to run the SDK's own ones without a renderer: their looks are tested on the phone.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const HERE = new URL("../../miniprogram_dist/components/", import.meta.url);

/** A component of this name on a phone, attached; `{instance, events, wxml, leave()}`. */
export function attach(name, wx, properties = {}) {
  const file = new URL(`${name}/index.js`, HERE);
  const definition = definitionOf(file, wx);
  const events = [];
  const defaults = Object.entries(definition.properties ?? {}).map(([field, { value }]) => [field, value]);
  const instance = {
    ...definition.methods,
    data: { ...structuredClone(definition.data), ...Object.fromEntries(defaults), ...properties },
    setData: (data) => Object.assign(instance.data, JSON.parse(JSON.stringify(data))),
    triggerEvent: (event, detail) => events.push({ event, detail: detail && JSON.parse(JSON.stringify(detail)) }),
  };
  definition.lifetimes.attached.call(instance);
  return {
    instance,
    events,
    wxml: readFileSync(new URL(`${name}/index.wxml`, HERE), "utf8"),
    show: () => definition.pageLifetimes?.show.call(instance),
    leave: () => definition.lifetimes.detached?.call(instance),
  };
}

// As a mini program loads it: `wx` and `Component` are there, and a module is run once.
const loaded = new Map();
function definitionOf(file, wx) {
  globalThis.wx = wx;
  if (!loaded.has(file.href)) {
    globalThis.Component = (definition) => loaded.set(file.href, definition);
    createRequire(import.meta.url)(file.pathname);
  }
  return loaded.get(file.href);
}

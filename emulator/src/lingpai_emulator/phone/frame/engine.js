// The one file that knows glass-easel, WeChat's component framework: pages, components and events in terms of the phone.
//
// Version 0.12.1 differs from what mini programs expect in a few places; each is named where it is bridged.

import { inlineStyle } from "./styles.js";
import { glassEasel as ge, miniprogram } from "./vendor/glass-easel.js";

// An element has these by itself; a property of that name would hide it.
const RESERVED = ["dataset", "id", "class", "style", "slot"];

export class Engine {
  #env = new miniprogram.MiniProgramEnv();
  #space = null;
  #backend;
  #builtIn = new Set();
  #unready = [];

  /** `onError(error, where)`, `onWarning(sentence, where)`; `onUnknown(tag)` hears of tags nobody defined. */
  constructor({ onError, onWarning, onUnknown }) {
    this.onUnknown = onUnknown;
    ge.addGlobalErrorListener((error, method, component) => {
      onError(error, [component?.is ?? component, method].filter(Boolean).join(" "));
      return false;
    });
    ge.addGlobalWarningListener((sentence, component, element) => {
      // What a built-in component does not know it leaves alone, as on a phone.
      // A relation may name a component that is not in use.
      if (!this.#builtIn.has(element?.is) && !/^(the target of|no) relation/.test(sentence)) onWarning(sentence, component?.is ?? "");
      return false;
    });
    const context = new ge.CurrentWindowBackendContext();
    // Else the DOM's own click, input and focus would arrive beside the phone's.
    context.setListenerStats = () => {};
    context.document = { ...factories(), createElement: (tag) => this.#element(tag) };
    this.#backend = this.#env.associateBackend(context);
    handPlainEventsToHandlers();
    showDatasets();
  }

  /** A component every template may use by its tag. `template` is compiled. */
  defineBuiltIn(tag, definition, template) {
    const space = this.#env.getGlobalCodeSpace();
    space.addCompiledTemplate(tag, template);
    space.addComponentStaticConfig(tag, { component: true });
    const type = space.component(tag).definition(definition).register();
    this.#builtIn.add(tag);
    this.builtIns = { ...this.builtIns, [tag]: type };
  }

  /** After the built-in ones: the program's own space. `behaviors` maps `wx://…` names to definitions. */
  open(behaviors) {
    this.#space = this.#env.createCodeSpace("", true);
    const inner = this.#space.getComponentSpace();
    const global = this.#env.getGlobalCodeSpace().getComponentSpace();
    for (const tag of this.#builtIn) inner.setGlobalUsingComponent(tag, global.getComponentByUrl(tag, ""));
    // Ids get to the DOM, and as they are, so that `#id` in WXSS finds them. uni-app puts its handlers on the instance.
    const prepare = this.#space.prepareComponentOptions.bind(this.#space);
    this.#space.prepareComponentOptions = (...told) => {
      const [options, isolation] = prepare(...told);
      return [{ ...options, writeIdToDOM: true, idPrefixGenerator: null, useMethodCallerListeners: true }, isolation];
    };
    const unready = this.#unready;
    // glass-easel leaves "ready" to its host.
    const watch = inner.defineBehavior({ is: "phone://ready", lifetimes: { attached() { unready.push(this); } } });
    this.#space.setOverallBehavior(watch);
    this.behaviors = Object.fromEntries(
      Object.entries(behaviors).map(([name, definition]) => [name, this.#space.behavior().definition(definition).register()]));
  }

  /** Say what a component consists of, before it is registered. */
  describe(path, { config, template, scope }) {
    this.#space.addComponentStaticConfig(path, config);
    if (template) this.#space.addCompiledTemplate(path, template);
    this.#space.addStyleSheet(path, undefined, scope);
  }

  /** Change what was described: a script may say more than the JSON. */
  reconfigure(path, config) {
    this.#space.addComponentStaticConfig(path, config);
  }

  registerPage(path, definition) {
    this.#space.component(path).pageDefinition(this.#adapted(definition)).register();
  }

  registerComponent(path, definition) {
    this.#space.component(path).definition(this.#adapted(definition)).register();
  }

  /** What `Behavior(…)` gives back. */
  newBehavior(definition) {
    return this.#space.behavior().definition(this.#adapted(definition)).register();
  }

  /** Whether an instance has a behavior of WeChat's, such as `wx://form-field`. */
  hasBehavior(instance, name) {
    return instance.hasBehavior?.(this.behaviors[name]) ?? false;
  }

  /** A page, not yet on the screen: `{instance, attach(parent), ready(), lifetime(name, …), release()}`. */
  createPage(path) {
    const root = this.#backend.createRoot("page", this.#space, path);
    const component = root.getComponent();
    return {
      instance: root.get(),
      attach: (parent) => {
        const place = parent.appendChild(document.createElement("span"));
        root.attach(parent, place);
      },
      ready: () => this.flushReady(),
      lifetime: (name, ...args) => component.triggerPageLifetime(name, args),
      release: () => root.release(),
      element: component.getBackendElement(),
    };
  }

  /** Tell every component that has come since that it is laid out. */
  flushReady() {
    for (const instance of this.#unready.splice(0)) componentOf(instance).triggerLifetime("ready", []);
  }

  /** Call `done` once what was set is drawn. */
  afterRender(done) {
    requestAnimationFrame(() => done());
  }

  #element(tag) {
    const element = document.createElement(tag.startsWith("wx-") ? tag : `wx-${tag}`);
    if (!this.#builtIn.has(tag)) this.onUnknown(tag, element);
    const set = element.setAttribute.bind(element);
    element.setAttribute = (name, value) => set(name, name === "style" ? inlineStyle(value) : value);
    return element;
  }

  #adapted(definition) {
    const told = { ...definition };
    if (told.behaviors) told.behaviors = told.behaviors.map((one) => this.#behavior(one)).filter(Boolean);
    if (told.properties) {
      told.properties = Object.fromEntries(Object.entries(told.properties).filter(([name]) => !RESERVED.includes(name)));
    }
    return told;
  }

  #behavior(named) {
    if (typeof named !== "string") return named;
    const found = this.behaviors[named];
    if (!found && named !== "wx://component-export") this.onUnknown(named, null);
    return found;
  }
}

/** Send an event from a DOM element up through the components, as the framework's own. */
export function dispatch(element, type, detail, { bubbles = true, extra = {}, handled } = {}) {
  const target = nodeOf(element);
  if (!target) return false;
  const event = new ge.Event(type, detail, {
    bubbles,
    composed: bubbles,
    capturePhase: bubbles,
    extraFields: extra,
    handleListenerReturn: handled,
  });
  ge.Event.dispatchEvent(target, event);
  return event.defaultPrevented();
}

/** The framework's node of a DOM element, or of the nearest around it. */
export function nodeOf(element) {
  for (let at = element; at; at = at.parentNode) if (at.__wxElement) return at.__wxElement;
  return null;
}

/** The framework's component behind an instance: what `this` is in a program. */
export function componentOf(instance) {
  return instance._$ ?? instance;
}

/** The instance behind the framework's component. */
export function instanceOf(component) {
  return component.getMethodCaller?.() ?? null;
}

/** The path of the component whose template an instance stands in. */
export function ownerOf(instance) {
  return componentOf(instance).ownerShadowRoot?.getHostNode()?.is ?? "";
}

/** DOM elements in a component's own template; `deep` also reaches the components in it (`.a >>> .b`). */
export function elementsIn(instance, selector) {
  const root = componentOf(instance).getShadowRoot();
  return root ? root.querySelectorAll(selector).filter((node) => node.getBackendElement?.()) : [];
}

export const domOf = (node) => node.getBackendElement();

/** What every instance inherits: the place for what a phone has in addition. */
export const InstancePrototype = miniprogram.component.ComponentCaller.prototype;

function factories() {
  return {
    createTextNode: (text) => document.createTextNode(text),
    createDocumentFragment: () => document.createDocumentFragment(),
  };
}

/** Handlers get an object of their own with plain fields: uni-app looks for `detail` on the object itself. */
function handPlainEventsToHandlers() {
  const found = ge.Component.getMethod;
  ge.Component.getMethod = (component, name) => {
    const method = found.call(ge.Component, component, name);
    if (!method) return method;
    return function handler(event, ...rest) {
      return method.call(this, event instanceof ge.Event ? plain(event) : event, ...rest);
    };
  };
}

function plain(event) {
  const { type, timeStamp, detail, mark, target, currentTarget } = event;
  return { type, timeStamp, detail, mark, target: place(target), currentTarget: place(currentTarget), ...event.extraFields };
}

/** `data-…` of a template stands in the DOM too, as in WeChat's own tools: tests find elements by it. */
function showDatasets() {
  const set = ge.Element.prototype.setDataset;
  ge.Element.prototype.setDataset = function setDataset(name, value) {
    set.call(this, name, value);
    const dom = this.getBackendElement?.();
    if (dom && typeof value !== "object" && value !== undefined) dom.setAttribute(`data-${name.replace(/[A-Z]/g, (one) => `-${one.toLowerCase()}`)}`, String(value));
  };
}

function place(target) {
  const node = componentOf(target);
  const dom = node.getBackendElement?.();
  return { id: node.id, dataset: node.dataset ?? {}, offsetLeft: dom?.offsetLeft ?? 0, offsetTop: dom?.offsetTop ?? 0 };
}

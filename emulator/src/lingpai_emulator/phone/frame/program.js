// A mini program that runs: its app, its pages, and the phone around them.

import { TabBar } from "./bars.js";
import { Components } from "./components.js";
import { Engine, InstancePrototype } from "./engine.js";
import { listen } from "./gesture.js";
import { Log, described } from "./log.js";
import { Modules } from "./modules.js";
import { GREY, builtIns } from "./parts/index.js";
import { parsedUrl } from "./paths.js";
import { copied } from "./setting.js";
import { Sources } from "./sources.js";
import { Stack } from "./stack.js";
import { openFiles } from "./wx/files.js";
import { openWx } from "./wx/index.js";
import { SelectorQuery } from "./wx/query.js";

const WINDOW = { navigationBarBackgroundColor: "#000000", navigationBarTextStyle: "white", navigationBarTitleText: "", backgroundColor: "#ffffff" };

export class Program {
  constructor(host, compiler) {
    this.host = host;
    this.log = new Log(host);
    this.sources = new Sources(host.start.program, this.log);
    this.config = this.sources.json("app.json");
    this.files = openFiles(host, this.sources);
    this.events = new Events(this.log);
    this.stack = new Stack(this);
    this.bars = { tabs: null };
    this.launch = { options: { path: "", query: {}, scene: 1001, referrerInfo: {} } };
    this.app = null;
    const { wx, account } = openWx(this);
    Object.assign(this, { wx, account });
    this.engine = new Engine({
      onError: (error, where) => this.#failed(error, where),
      onWarning: (sentence, where) => this.log.warnOnce(sentence, where),
      onUnknown: (tag, element) => this.#unknown(tag, element),
    });
    this.#defineBuiltIns(compiler);
    this.engine.open(formBehaviors());
    this.components = new Components({ sources: this.sources, engine: this.engine, compiler, log: this.log });
    this.modules = new Modules(this.sources, this.#globals(), this.log);
    this.#adaptInstances();
  }

  /** Run app.js, then open a page: `path` with a query, else the first of app.json. */
  start(path) {
    for (const note of this.host.start.program.notes) this.log.warn(note);
    const first = this.config.entryPagePath ?? this.#pages()[0];
    if (first === undefined) throw new Error("app.json lists no pages.");
    const wanted = parsedUrl(path || first);
    const { path: page, query } = this.hasPage(wanted.path) ? wanted : parsedUrl(first);
    this.launch.options = { ...this.launch.options, path: page, query };
    const script = ["app.js", "app.ts"].find((file) => this.sources.has(file));
    if (script) this.guarded(script, () => this.modules.run(script));
    this.app ??= {};
    this.#openTabs();
    listen((element) => this.#tapped(element));
    this.guarded("App onLaunch", () => this.app.onLaunch?.(this.launch.options));
    this.guarded("App onShow", () => this.app.onShow?.(this.launch.options));
    this.stack.launch(page, query);
  }

  /** The program goes to the back of the phone, or comes to the front again. */
  shown(on) {
    const method = on ? "onShow" : "onHide";
    this.guarded(`App ${method}`, () => this.app[method]?.(this.launch.options));
    this.events.fire(on ? "AppShow" : "AppHide", on ? this.launch.options : { reason: 0 });
    this.stack.shown(on);
  }

  /** Do `work`; what it throws is the program's mistake, not the phone's. */
  guarded(where, work) {
    try {
      return work();
    } catch (error) {
      this.#failed(error, where);
      return undefined;
    }
  }

  hasPage(path) {
    return this.#pages().includes(path);
  }

  isTab(path) {
    return (this.config.tabBar?.list ?? []).some(({ pagePath }) => pagePath === path);
  }

  /** The JSON of a page over that of the app. */
  pageConfig(path) {
    return { ...WINDOW, ...this.config.window, ...this.sources.json(`${path}.json`) };
  }

  openPage(path) {
    this.components.prepare(path, (script) => this.modules.run(script));
    return this.engine.createPage(path);
  }

  pageStyles(path) {
    this.components.showStylesOf(path);
  }

  /** The page that is seen has changed, or how it looks. */
  seen(page) {
    const { tabs } = this.bars;
    if (tabs) {
      if (page.isTab) {
        page.box.append(tabs.host);
        tabs.select(this.config.tabBar.list.findIndex(({ pagePath }) => pagePath === page.path));
      }
    }
    const { navigationBarTextStyle, navigationBarTitleText } = page.config;
    this.host.tell("page", { path: page.path, dark: navigationBarTextStyle === "black", title: navigationBarTitleText });
  }

  #pages() {
    const packages = this.config.subPackages ?? this.config.subpackages ?? [];
    const further = packages.flatMap(({ root, pages }) => pages.map((page) => `${root.replace(/\/$/, "")}/${page}`));
    return [...(this.config.pages ?? []), ...further].map((path) => path.replace(/^\//, ""));
  }

  #openTabs() {
    const { tabBar } = this.config;
    if (!tabBar?.list?.length || tabBar.custom) return;
    const choose = (index) => {
      const { pagePath, text } = tabBar.list[index];
      const item = { index: String(index), pagePath, text };
      this.host.tell("did", { do: "tab", index });
      if (this.stack.top.path !== pagePath) this.stack.switchTab({ url: `/${pagePath}` });
      this.stack.top.told("onTabItemTap", null, item);
    };
    this.bars.tabs = new TabBar(tabBar, this.host.start.device, { choose, url: (path) => this.files.url(path) });
  }

  #globals() {
    const define = (kind) => (definition) => this.components.define(kind, definition);
    return {
      wx: this.wx,
      App: (definition) => { this.app = definition; },
      Page: define("page"),
      Component: define("component"),
      Behavior: (definition) => this.engine.newBehavior(definition),
      getApp: () => this.app,
      getCurrentPages: () => this.stack.pages.map(({ instance }) => instance).filter(Boolean),
      requirePlugin: (name) => { throw new Error(`The plugin ${name} cannot be loaded: this phone has no plugins.`); },
      console: this.log.console,
    };
  }

  #defineBuiltIns(compiler) {
    const { account } = this;
    const parts = builtIns({
      load: (src, from) => this.files.url(src, from),
      ask: account.ask,
      choose: (options) => this.host.ask("sheet", { kind: "picker", ...options }),
      go: (type, options, told) => this.#navigated(type, options, told),
      open: account.open,
      unsupported: (_button, type) => this.log.warn(`<button open-type="${type}"> is not supported by this phone.`),
      isField: (instance) => this.engine.hasBehavior(instance, "wx://form-field"),
    });
    const group = compiler.newGroup();
    for (const [tag, { template }] of Object.entries(parts)) group.add(tag, template);
    const made = new Function(`return ${group.source()}`)();
    group.free();
    for (const [tag, { definition }] of Object.entries(parts)) {
      this.engine.defineBuiltIn(tag, definition, { groupList: made, content: made[tag] });
    }
  }

  #navigated(type, options, told) {
    const api = { navigate: "navigateTo", redirect: "redirectTo", switchTab: "switchTab", reLaunch: "reLaunch", navigateBack: "navigateBack" }[type];
    if (!api) return void this.log.warn(`<navigator open-type="${type}"> is not supported by this phone.`);
    const from = this.stack.top.path;
    this.wx[api]({ ...options, success: (result) => told("success", result), fail: (error) => { this.log.error(error, from); told("fail", error); },
      complete: (result) => told("complete", result) });
  }

  /** What a phone does with `setData` and what instances have beyond the framework's own. */
  #adaptInstances() {
    const { engine, log } = this;
    const set = InstancePrototype.setData;
    Object.assign(InstancePrototype, {
      setData(data, done) {
        set.call(this, copied(data, (name) => log.warnOnce(`Setting data field "${name}" to undefined is invalid.`, this.is)));
        queueMicrotask(() => engine.flushReady());
        if (done) engine.afterRender(() => done.call(this));
      },
      createSelectorQuery() { return new SelectorQuery(() => this); },
      getPageId() { return this.is; },
      getTabBar() { return null; },
      animate() { log.warnOnce("animate() is not supported by this phone.", this.is); },
      clearAnimation() {},
    });
    Object.defineProperty(InstancePrototype, "pageRouter", { get: () => this.wx, configurable: true });
  }

  #tapped(element) {
    const at = element.closest("wx-button, wx-navigator, wx-view, wx-text, wx-image") ?? element;
    const label = (at.textContent || at.getAttribute("aria-label") || "").trim().slice(0, 24);
    this.host.tell("moment", { kind: "tap", label, typing: element.closest("wx-input, wx-textarea") !== null });
  }

  #unknown(tag, element) {
    if (tag.startsWith("wx://")) return void this.log.warnOnce(`The behavior ${tag} is not supported by this phone.`);
    if (tag === "page" || tag.startsWith("wx-")) return;
    if (GREY.has(tag)) {
      element.setAttribute("a-grey", tag);
      this.log.warnOnce(`<${tag}> is not drawn by this phone; a grey box stands for it.`);
    }
  }

  #failed(error, where) {
    this.log.error(error, where);
    const told = described(error);
    this.guarded("App onError", () => this.app?.onError?.(told));
    this.events.fire("Error", told);
  }
}

/** Listeners of `wx.onAppShow` and the like. */
class Events {
  #listeners = new Map();

  constructor(log) {
    this.log = log;
  }

  add(name, listener) {
    this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), listener]);
  }

  remove(name, listener) {
    this.#listeners.set(name, listener ? (this.#listeners.get(name) ?? []).filter((one) => one !== listener) : []);
  }

  fire(name, told) {
    for (const listener of this.#listeners.get(name) ?? []) {
      try {
        listener(told);
      } catch (error) {
        this.log.error(error, `wx.on${name}`);
      }
    }
  }
}

function formBehaviors() {
  const field = { properties: { name: { type: String, value: "" }, value: { type: null, value: "" } } };
  return { "wx://form-field": field, "wx://form-field-group": field, "wx://form-field-button": {} };
}

// The page stack: which pages there are, which one is seen, and what each is told when that changes.

import { NavigationBar } from "./bars.js";
import { parsedUrl } from "./paths.js";
import { Fail } from "./wx/call.js";

const DEEPEST = 10;
const PULL = 60; // pixels

/** The pages, the top one last. `program.openPage(path)` makes a page of the framework. */
export class Stack {
  constructor(program) {
    this.program = program;
    this.pages = [];
    this.tabs = new Map(); // tab pages stay when one leaves them
  }

  get top() {
    return this.pages.at(-1);
  }

  navigateTo({ url, events = {} }) {
    const { path, query } = this.#found(url, "navigateTo");
    if (this.program.isTab(path)) throw new Fail("can not navigateTo a tabbar page");
    if (this.pages.length >= DEEPEST) throw new Fail("webview count limit exceed");
    const channel = eventChannel(events);
    this.#change(() => this.pages.push(this.#opened(path, query, channel.far)));
    return { eventChannel: channel.near };
  }

  redirectTo({ url }) {
    const { path, query } = this.#found(url, "redirectTo");
    if (this.program.isTab(path)) throw new Fail("can not redirectTo a tabbar page");
    this.#change(() => {
      this.#close([this.pages.pop()]);
      this.pages.push(this.#opened(path, query));
    });
  }

  reLaunch({ url }) {
    const { path, query } = this.#found(url, "reLaunch");
    this.#change(() => {
      this.#close(new Set([...this.pages, ...this.tabs.values()]));
      this.tabs.clear();
      this.pages = [this.#opened(path, query)];
    });
  }

  switchTab({ url }) {
    const { path } = this.#found(url, "switchTab");
    if (!this.program.isTab(path)) throw new Fail("can not switch to no-tabBar page");
    this.#change(() => {
      this.#close(this.pages.filter((page) => !page.isTab));
      this.pages = [this.tabs.get(path) ?? this.#opened(path, {})];
    });
  }

  navigateBack({ delta = 1 } = {}) {
    if (this.pages.length < 2) throw new Fail("cannot navigate back at first page.");
    this.#change(() => this.#close(this.pages.splice(Math.max(1, this.pages.length - delta))));
  }

  /** The first page. */
  launch(path, query) {
    this.#change(() => { this.pages = [this.#opened(path, query)]; });
  }

  /** The program comes to the front, or goes to the back. */
  shown(on) {
    if (this.top) this.top.told(on ? "onShow" : "onHide", on ? "show" : "hide");
  }

  #found(url, api) {
    if (typeof url !== "string") throw new Fail("parameter error: parameter.url should be String");
    const from = url.startsWith("/") ? "" : this.top?.path ?? "";
    const { path, query } = parsedUrl(url, from);
    if (!this.program.hasPage(path)) throw new Fail(`page "${path}" is not found`);
    this.program.host.tell("moment", { kind: api, label: path });
    return { path, query };
  }

  #change(work) {
    const before = this.top;
    work();
    const after = this.top;
    if (before !== after && before && !before.gone) before.told("onHide", "hide");
    for (const page of [...this.pages, ...this.tabs.values()]) page.box.hidden = page !== after;
    if (before !== after) this.#show(after);
    this.program.seen(after);
  }

  #show(page) {
    page.styles(true);
    if (!page.loaded) page.load();
    page.told("onShow", "show");
    page.settle();
  }

  #opened(path, query, channel = eventChannel({}).far) {
    const canGoBack = this.pages.length > 0 && !this.program.isTab(path);
    const page = new Page(this.program, path, query, channel, canGoBack);
    if (page.isTab) this.tabs.set(path, page);
    return page;
  }

  #close(pages) {
    for (const page of pages) {
      if (page.isTab) this.tabs.delete(page.path);
      page.close();
    }
  }
}

/** One page with its box on the screen. */
class Page {
  constructor(program, path, query, channel, canGoBack) {
    Object.assign(this, { program, path, query, channel, loaded: false, gone: false, isTab: program.isTab(path) });
    this.config = program.pageConfig(path);
    this.box = document.body.appendChild(div("page-box"));
    this.view = div("page-view");
    this.scroller = div("page-scroll");
    if (this.config.navigationStyle !== "custom") {
      this.bar = new NavigationBar(program.host.start.device, { canGoBack, back() {
        program.host.tell("did", { do: "back", page: path });
        program.stack.navigateBack();
      } });
      this.box.append(this.bar.host);
    }
    this.view.append(this.scroller);
    this.box.append(this.view);
    this.setBar({});
  }

  /** Change how the bar or the ground looks, by the names of the page's JSON. */
  setBar(change) {
    Object.assign(this.config, Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)));
    this.bar?.draw(this.config);
    if (this.config.backgroundColorContent ?? this.config.backgroundColor) this.view.style.background = this.config.backgroundColorContent ?? "";
    if (this.program.stack.top === this) this.program.seen(this);
  }

  styles(on) {
    this.program.pageStyles(on ? this.path : null);
  }

  load() {
    this.loaded = true;
    const { program } = this;
    new ResizeObserver(() => this.view.style.setProperty("--vh", `${this.view.clientHeight / 100}px`)).observe(this.view);
    this.view.style.setProperty("--vh", `${this.view.clientHeight / 100}px`);
    this.framework = program.openPage(this.path);
    this.instance = this.framework.instance;
    Object.assign(this.instance, { route: this.path, options: this.query, getOpenerEventChannel: () => this.channel });
    this.framework.attach(this.scroller);
    this.#listen();
    this.told("onLoad", null, this.query);
  }

  /** After the first drawing. */
  settle() {
    if (this.settled) return;
    this.settled = true;
    this.framework.ready();
    this.told("onReady", null);
  }

  /** Call a method of the page, and tell its components of a page lifetime. */
  told(method, lifetime, ...args) {
    if (!this.framework) return undefined;
    const told = this.program.guarded(`${this.path} ${method}`, () => this.instance[method]?.(...args));
    if (lifetime) this.framework.lifetime(lifetime, ...args);
    return told;
  }

  pullDown() {
    this.setBar({ pulling: true, loading: true });
    this.told("onPullDownRefresh", null);
  }

  close() {
    this.gone = true;
    this.told("onUnload", null);
    this.framework?.release();
    this.box.remove();
  }

  #listen() {
    const { scroller } = this;
    const distance = this.config.onReachBottomDistance ?? 50;
    let low = false;
    scroller.addEventListener("scroll", () => {
      this.told("onPageScroll", null, { scrollTop: scroller.scrollTop });
      const now = scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop <= distance;
      if (now && !low) this.told("onReachBottom", null);
      low = now;
    });
    let from = null;
    scroller.addEventListener("pointerdown", (event) => { from = scroller.scrollTop <= 0 ? event.clientY : null; });
    scroller.addEventListener("pointerup", (event) => {
      if (from !== null && this.config.enablePullDownRefresh && event.clientY - from > PULL) this.pullDown();
      from = null;
    });
  }
}

function div(name) {
  return Object.assign(document.createElement("div"), { className: name });
}

/** Two ends of a channel: what is emitted at one is heard at the other. */
function eventChannel(events) {
  const end = () => ({ heard: new Map() });
  const [near, far] = [end(), end()];
  const methods = (mine, other) => ({
    emit: (name, ...args) => (other.heard.get(name) ?? []).slice().forEach((listener) => listener(...args)),
    on: (name, listener) => mine.heard.set(name, [...(mine.heard.get(name) ?? []), listener]),
    once(name, listener) {
      const first = (...args) => {
        this.off(name, first);
        listener(...args);
      };
      this.on(name, first);
    },
    off: (name, listener) => mine.heard.set(name, listener ? (mine.heard.get(name) ?? []).filter((one) => one !== listener) : []),
  });
  const [nearEnd, farEnd] = [methods(near, far), methods(far, near)];
  for (const [name, listener] of Object.entries(events)) nearEnd.on(name, listener);
  return { near: nearEnd, far: farEnd };
}

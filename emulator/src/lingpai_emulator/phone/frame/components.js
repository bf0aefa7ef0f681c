// From the program's files to registered components: templates compiled, scripts run, styles added, each when first needed.

import { joined } from "./paths.js";
import { compiled } from "./styles.js";
import { wxs } from "./wxs.js";

export class Components {
  #ready = new Set();
  #configs = new Map();
  #sheets = new Map();
  #definitions = new Map();
  #pageSheet = null;

  constructor({ sources, engine, compiler, log }) {
    Object.assign(this, { sources, engine, compiler, log });
    /** The component whose script runs: what `Component(…)` there defines. */
    this.defining = null;
    this.appConfig = sources.json("app.json");
    this.#style("app", this.#css("app.wxss", ""));
  }

  /** Make a page, and every component it may show, known. `run(path)` runs a script. */
  prepare(path, run) {
    const wanted = this.#closure(path, []);
    if (!wanted.length) return;
    const templates = this.#templates(wanted);
    for (const one of wanted) {
      this.#ready.add(one);
      this.engine.describe(one, { config: this.#configs.get(one), template: templates[one], scope: this.#scope(one) });
    }
    for (const one of wanted) this.#define(one, one === path, run);
  }

  /** What a script says of the component it belongs to; `kind` is page or component. */
  define(kind, definition) {
    if (this.defining) this.#definitions.set(this.defining, { kind, definition });
    else this.log.error(`${kind === "page" ? "Page" : "Component"}() was called outside of a page's or component's own script.`);
  }

  /** Only the styles of the page that is seen count. */
  showStylesOf(path) {
    this.#pageSheet?.remove();
    this.#pageSheet = path === null ? null : styleElement(this.#css(`${path}.wxss`, ""));
  }

  /** A component and all it uses, those used first. */
  #closure(path, done, above = []) {
    if (done.includes(path) || above.includes(path) || this.#ready.has(path)) return done;
    if (!this.#configs.has(path)) this.#configs.set(path, this.#config(path));
    const { usingComponents, componentGenerics } = this.#configs.get(path);
    const generics = Object.values(componentGenerics ?? {}).map((one) => one.default).filter(Boolean);
    for (const used of [...Object.values(usingComponents), ...generics]) this.#closure(used.slice(1), done, [...above, path]);
    done.push(path);
    return done;
  }

  #config(path) {
    const told = this.sources.json(`${path}.json`);
    const using = {};
    const all = Object.entries({ ...this.appConfig.usingComponents, ...told.usingComponents });
    for (const [tag, name] of all) {
      const own = told.usingComponents?.[tag] !== undefined;
      const found = name.includes("://") ? undefined : this.sources.component(name, own ? `${path}.json` : "app.json");
      if (found === undefined) this.log.error(`The component <${tag}> is not found: ${name}`, `${own ? path : "app"}.json`);
      else using[tag] = `/${found}`;
    }
    const { component, styleIsolation, addGlobalClass, pureDataPattern } = told;
    return { component, styleIsolation, addGlobalClass, pureDataPattern, usingComponents: using, componentGenerics: this.#generics(told, path) };
  }

  #generics({ componentGenerics }, path) {
    if (!componentGenerics) return undefined;
    return Object.fromEntries(Object.entries(componentGenerics).map(([name, told]) => {
      const found = told?.default && this.sources.component(told.default, `${path}.json`);
      return [name, found ? { default: `/${found}` } : true];
    }));
  }

  #templates(paths) {
    const group = this.compiler.newGroup();
    const added = new Set();
    const scripts = new Set();
    const addScript = (path, from) => {
      const text = this.sources.text(`${path}.wxs`) ?? this.sources.text(path);
      if (scripts.has(path)) return;
      scripts.add(path);
      if (text === undefined) return void this.log.error(`${path}.wxs is missing.`, from);
      // A script may name another with the suffix or without.
      for (const name of new Set([path, path.replace(/\.wxs$/, ""), `${path.replace(/\.wxs$/, "")}.wxs`])) group.addScript(name, wxs(text));
      for (const [, name] of text.matchAll(/require\(\s*["']([^"']+)["']\s*\)/g)) addScript(joined(name, path).replace(/\.wxs$/, ""), path);
    };
    const add = (path, from) => {
      if (added.has(path)) return;
      added.add(path);
      const text = this.sources.text(`${path}.wxml`);
      if (text === undefined && from) this.log.error(`${path}.wxml is missing.`, from);
      for (const { level, text: told, line, column } of group.add(path, text ?? "")) {
        const where = `${path}.wxml:${line}:${column}`;
        if (level === "error") this.log.error(told, where);
        else if (level === "warn") this.log.warn(told, where);
      }
      for (const other of group.templatesOf(path)) add(other.replace(/\.wxml$/, ""), `${path}.wxml`);
      for (const script of group.scriptsOf(path)) addScript(script, `${path}.wxml`);
    };
    for (const path of paths) add(path, "");
    const source = group.source();
    group.free();
    const made = new Function(`return ${source}`)();
    return Object.fromEntries(paths.map((path) => [path, { groupList: made, content: made[path] }]));
  }

  #define(path, isPage, run) {
    const script = [`${path}.js`, `${path}.ts`].find((file) => this.sources.has(file));
    const before = this.defining;
    this.defining = path;
    try {
      if (script) run(script);
    } catch (error) {
      this.log.error(error, script);
    } finally {
      this.defining = before;
    }
    const { kind, definition } = this.#definitions.get(path) ?? { kind: isPage ? "page" : "component", definition: {} };
    if (!this.#definitions.has(path) && !isPage) this.log.warn(`${path} defines no component.`, script ?? `${path}.js is missing`);
    const { styleIsolation, addGlobalClass, pureDataPattern } = definition.options ?? {};
    const told = this.#configs.get(path);
    const config = { ...told, styleIsolation: told.styleIsolation ?? styleIsolation, addGlobalClass: told.addGlobalClass ?? addGlobalClass,
      pureDataPattern: told.pureDataPattern ?? pureDataPattern?.source, component: !isPage && told.component !== false };
    this.engine.reconfigure(path, config);
    if (kind === "page") this.engine.registerPage(path, definition);
    else this.engine.registerComponent(path, definition);
    if (!isPage) this.#style(path, this.#css(`${path}.wxss`, shared(config) ? "" : this.#scope(path)));
  }

  #scope(path) {
    return `c-${path.replace(/[^\w-]+/g, "_")}`;
  }

  #css(file, scope, seen = []) {
    const text = this.sources.text(file);
    if (text === undefined || seen.includes(file)) return "";
    const imported = (name) => {
      const path = joined(name, file);
      if (!this.sources.has(path)) this.log.error(`The style ${name} is not found.`, file);
      return this.#css(path, scope, [...seen, file]);
    };
    return compiled(text, { scope, imported });
  }

  #style(path, css) {
    if (css && !this.#sheets.has(path)) this.#sheets.set(path, styleElement(css));
  }
}

function shared({ styleIsolation }) {
  return styleIsolation === "shared" || styleIsolation === "page-shared";
}

function styleElement(css) {
  const element = document.createElement("style");
  element.textContent = css;
  return document.head.appendChild(element);
}

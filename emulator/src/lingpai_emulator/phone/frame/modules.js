// CommonJS as mini programs have it; TypeScript and ES modules are turned into it first.

import { transform } from "./vendor/sucrase.js";
import * as tslib from "./vendor/tslib.js";

// What a build of one's own would put in: components published as ES modules count on it.
const GIVEN = { tslib };

const ES_MODULE = /(?:^|[\n;}])\s*(?:import\s*[\w$*{"']|export\s*(?:[{*]|default\b|const\b|let\b|var\b|function\b|class\b|async\b))/;
// What a browser has and a mini program has not. This hides it from programs that look; it keeps nobody out.
const ABSENT = ["window", "document", "self", "parent", "top", "frames", "location", "history", "navigator",
  "localStorage", "sessionStorage", "indexedDB", "fetch", "XMLHttpRequest", "WebSocket", "EventSource", "Worker",
  "postMessage", "requestAnimationFrame", "cancelAnimationFrame", "alert", "confirm", "prompt", "open", "close"];

export class Modules {
  #cache = new Map();

  /** `globals` are the names every file sees: wx, App, Page, console, … */
  constructor(sources, globals, log) {
    Object.assign(this, { sources, globals, log });
    this.global = {};
  }

  /** The exports of a file, run once. Throws what the file throws. */
  run(path) {
    const known = this.#cache.get(path);
    if (known) return known.exports;
    const module = { exports: {}, id: path };
    this.#cache.set(path, module);
    if (path.endsWith(".json")) {
      module.exports = this.sources.json(path);
      return module.exports;
    }
    try {
      this.#factory(path).call(module.exports, module, module.exports, this.#require(path));
    } catch (error) {
      this.#cache.delete(path);
      throw error;
    }
    return module.exports;
  }

  #require(from) {
    const require = (name) => {
      const path = this.sources.script(name, from);
      if (path === undefined && Object.hasOwn(GIVEN, name)) return GIVEN[name];
      if (path === undefined) throw new Error(`module '${name}' is not defined, require args is '${name}' (in ${from})`);
      return this.run(path);
    };
    require.async = async (name) => require(name);
    return require;
  }

  #factory(path) {
    const names = { ...this.globals, global: this.global, globalThis: this.global };
    for (const name of ABSENT) names[name] = undefined;
    // Two functions: a file may declare any of these names for itself.
    const code = `return function (module, exports, require) {${this.#code(path)}\n}\n//# sourceURL=${path}`;
    try {
      return new Function(...Object.keys(names), code)(...Object.values(names));
    } catch (error) {
      error.message += ` (in ${path})`;
      throw error;
    }
  }

  #code(path) {
    const text = this.sources.text(path);
    const typed = path.endsWith(".ts");
    if (!typed && !ES_MODULE.test(text)) return text;
    const transforms = typed ? ["typescript", "imports"] : ["imports"];
    try {
      return transform(text, { transforms, filePath: path, disableESTransforms: true, production: true }).code;
    } catch (error) {
      throw new SyntaxError(error.message.replace(/^Error transforming /, ""));
    }
  }
}

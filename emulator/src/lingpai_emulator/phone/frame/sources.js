// The program's files, and what a name in one of them stands for.

import { above, joined } from "./paths.js";

const SCRIPTS = ["", ".js", ".ts", "/index.js", "/index.ts", ".json"];
const COMPONENT = [".json", ".js", ".ts", ".wxml"];

export class Sources {
  #parsed = new Map();

  /** `files` maps a path to its text; `assets` names all that is no text. */
  constructor({ files, assets }, log) {
    this.files = new Map(Object.entries(files));
    this.assets = new Set(assets);
    this.log = log;
  }

  has(path) {
    return this.files.has(path);
  }

  text(path) {
    return this.files.get(path);
  }

  /** A JSON file, comments allowed; `{}` when it is missing or broken. */
  json(path) {
    if (!this.#parsed.has(path)) this.#parsed.set(path, this.#parse(path));
    return this.#parsed.get(path);
  }

  #parse(path) {
    const text = this.text(path);
    if (text === undefined || text.trim() === "") return {};
    try {
      return JSON.parse(withoutComments(text)) ?? {};
    } catch (error) {
      this.log.error(`${path} is no JSON: ${error.message}`);
      return {};
    }
  }

  /** The file `require(name)` means in `from`; undefined when there is none. */
  script(name, from) {
    return this.#first(this.#candidates(name, from), (path) => this.#scriptAt(path));
  }

  /** The path, without suffix, of the component a `usingComponents` entry names. */
  component(name, from) {
    const at = (path) => [path, `${path}/index`].find((base) => COMPONENT.some((suffix) => this.has(base + suffix)));
    return this.#first(this.#candidates(name, from), at);
  }

  /** Where a name may point: beside the file, at the root, or into the nearest npm packages. */
  #candidates(name, from) {
    if (name.startsWith("/")) return [joined(name)];
    const beside = joined(name, from);
    if (name.startsWith(".")) return [beside];
    const packages = above(from).map((folder) => joined(`${folder}/miniprogram_npm/${name}`, "/"));
    return [...packages, beside];
  }

  #first(candidates, found) {
    for (const candidate of candidates) {
      const path = found(candidate);
      if (path !== undefined) return path;
    }
    return undefined;
  }

  #scriptAt(path) {
    const direct = SCRIPTS.map((suffix) => path + suffix).find((file) => this.has(file) && /\.(js|ts|json)$/.test(file));
    if (direct) return direct;
    const main = this.has(`${path}/package.json`) && this.json(`${path}/package.json`).main;
    return main ? this.#scriptAt(joined(main, `${path}/`)) : undefined;
  }
}

function withoutComments(text) {
  return text.replace(/"(?:\\.|[^"\\])*"|\/\*[^]*?\*\/|\/\/[^\n]*/g, (found) => (found[0] === '"' ? found : ""))
    .replace(/"(?:\\.|[^"\\])*"|,(?=\s*[}\]])/g, (found) => (found[0] === '"' ? found : ""));
}

// The pages of examples/miniprogram, run as a mini program runs them, without a renderer.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const EXAMPLE = fileURLToPath(new URL("../../../../examples/miniprogram", import.meta.url));

/** One start of the example on this phone. `open(path)` loads a page and gives its instance. */
export function start(phone, ext) {
  const shown = [];
  const wx = Object.assign(Object.create(phone.wx), {
    getExtConfigSync: () => ext,
    switchTab: ({ url }) => shown.push(`switchTab ${url}`),
    navigateBack: () => shown.push("navigateBack"),
    setNavigationBarTitle: () => undefined,
  });
  const modules = new Map();
  let page;

  // CommonJS as WeChat has it: relative to the file, or in miniprogram_npm.
  function load(file) {
    if (!modules.has(file)) {
      const module = { exports: {} };
      modules.set(file, module);
      const require = (name) =>
        load(createRequire(file).resolve(name.startsWith(".") ? name : join(EXAMPLE, "miniprogram_npm", name)));
      const run = new Function("module", "exports", "require", "wx", "Page", "App", readFileSync(file, "utf8"));
      run(module, module.exports, require, wx, (definition) => (page = definition), () => undefined);
    }
    return modules.get(file).exports;
  }

  load(join(EXAMPLE, "app.js"));
  return {
    shown,
    auth: load(join(EXAMPLE, "auth.js")),
    folder: dirname(join(EXAMPLE, "app.json")),
    open(path) {
      load(join(EXAMPLE, `${path}.js`));
      const instance = { ...page, data: structuredClone(page.data) };
      instance.setData = (data) => Object.assign(instance.data, JSON.parse(JSON.stringify(data)));
      instance.onLoad?.({});
      return instance;
    },
  };
}

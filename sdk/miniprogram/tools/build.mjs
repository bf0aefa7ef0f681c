// Builds what is published: one CommonJS file, the components beside it, and the types.
// Given a folder, it writes the library there and nothing else (npm run example).

import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const HERE = join(dirname(fileURLToPath(import.meta.url)), "..");

/** The library as CommonJS. */
export async function bundle() {
  const { outputFiles } = await build({
    entryPoints: [join(HERE, "src/index.ts")],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2017",
    charset: "utf8",
    write: false,
  });
  return asCommonJS(outputFiles[0].text);
}

// esbuild's own CommonJS wrapper costs half a kilobyte, for getters that nobody needs here.
function asCommonJS(code) {
  const names = /export\{([^}]*)\};?\s*$/;
  const [whole, list] = code.match(names);
  const pairs = list.split(",").map((pair) => pair.trim().split(" as "));
  const fields = pairs.map(([local, name = local]) => `${name}:${local}`);
  return `"use strict";${code.slice(0, -whole.length)}module.exports={${fields}};\n`;
}

/** Write everything below `target`, a folder that is replaced. */
export async function writeLibrary(target) {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, "index.js"), await bundle());
  cpSync(join(HERE, "components"), join(target, "components"), { recursive: true });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [target] = process.argv.slice(2);
  await writeLibrary(target ?? join(HERE, "miniprogram_dist"));
  if (target === undefined) {
    rmSync(join(HERE, "types"), { recursive: true, force: true });
    execFileSync(join(HERE, "node_modules/.bin/tsc"), ["-p", HERE], { stdio: "inherit" });
  }
}

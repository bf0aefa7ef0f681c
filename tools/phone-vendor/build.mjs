// Writes the phone's vendor folder: what others wrote, bundled, with licences, versions and hashes.
//
//   npm ci && npm run build      (the lock holds each package's integrity hash)

import { build } from "esbuild";
import { createHash } from "node:crypto";
import { copyFileSync, cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const vendor = join(here, "../../emulator/src/lingpai_emulator/phone/vendor");
const modules = join(here, "node_modules");
const lock = JSON.parse(readFileSync(join(here, "package-lock.json"), "utf8")).packages;
const COMPILER = "glass-easel-template-compiler";

rmSync(vendor, { recursive: true, force: true });
mkdirSync(join(vendor, "licences"), { recursive: true });

const { metafile } = await build({
  absWorkingDir: here,
  entryPoints: ["entries/glass-easel.js", "entries/sucrase.js", "entries/css-tokenizer.js", "entries/tslib.js"],
  outdir: vendor,
  bundle: true,
  minify: true,
  format: "esm",
  platform: "browser",
  target: "es2022",
  legalComments: "inline",
  metafile: true,
});
copyFileSync(join(modules, COMPILER, "glass_easel_template_compiler_bg.wasm"), join(vendor, "wxml.wasm"));
// The compiler's package has no licences of the crates inside it.
cpSync(join(here, "licences"), join(vendor, "licences"), { recursive: true });
writeFileSync(join(vendor, "wx-names.json"), JSON.stringify(apiNames(), null, 0) + "\n");

const inside = new Set([COMPILER, "miniprogram-api-typings"]);
for (const input of Object.keys(metafile.inputs)) {
  const found = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
  if (found) inside.add(found[1]);
}
const packages = [...inside].sort().map(described);
const files = readdirSync(vendor, { withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map(({ name }) => ({ file: name, sha256: createHash("sha256").update(readFileSync(join(vendor, name))).digest("hex") }));
writeFileSync(join(vendor, "manifest.json"), JSON.stringify({ packages, files }, null, 2) + "\n");

/** Every callable name of `wx`, as WeChat's own typings list them. */
function apiNames() {
  const types = readFileSync(join(modules, "miniprogram-api-typings/types/wx/lib.wx.api.d.ts"), "utf8");
  const wx = types.slice(types.indexOf("\n    interface Wx {"));
  // Samples in the comments close braces too, so the interface ends where the next declaration begins.
  const body = wx.slice(0, 1 + wx.slice(1).search(/^ {4}(interface|type) (?!Wx \{)/m));
  return [...new Set([...body.matchAll(/^ {8}([a-zA-Z]\w*)(?=\s*[<(])/gm)].map(([, name]) => name))].sort();
}

/** A package with its licence text copied beside it. */
function described(name) {
  const folder = join(modules, name);
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const text = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
  const copy = `${name.replace("/", "-")}.txt`;
  copyFileSync(join(folder, text), join(vendor, "licences", copy));
  return { name, version, licence: license, integrity: lock[`node_modules/${name}`].integrity, text: `licences/${copy}` };
}

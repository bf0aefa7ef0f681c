// What is published: one small file that any mini program can load, its types, and nothing else.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import vm from "node:vm";
import { transform } from "esbuild";
import { writeLibrary } from "../tools/build.mjs";

const HERE = fileURLToPath(new URL("..", import.meta.url));
const DIST = join(HERE, "miniprogram_dist");
const EXAMPLE = join(HERE, "../../examples/miniprogram/miniprogram_npm/@lingpai/miniprogram");
const LIMIT = 10 * 1024;

const scratch = mkdtempSync(join(tmpdir(), "lingpai-package-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

const read = (...path) => readFileSync(join(...path), "utf8");
const manifest = JSON.parse(read(HERE, "package.json"));
const npm = (words, cwd) => execFileSync("npm", words, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

/** Every file below a folder, with its text. */
function filesIn(folder) {
  const names = readdirSync(folder, { recursive: true }).filter((name) => statSync(join(folder, name)).isFile());
  return Object.fromEntries(names.sort().map((name) => [name, read(folder, name)]));
}

test("the library is at most 10 KB", () => {
  const { size } = statSync(join(DIST, "index.js"));
  assert.ok(size <= LIMIT, `${size} bytes`);
});

test("what lies in the example is what the sources build", async () => {
  const fresh = join(scratch, "fresh");
  await writeLibrary(fresh);
  assert.deepEqual(filesIn(EXAMPLE), filesIn(fresh), "run npm run example, and commit it");
});

test("the library needs no more than ES2017", async () => {
  for (const [name, code] of Object.entries(filesIn(DIST)).filter(([name]) => name.endsWith(".js"))) {
    const [old, young] = await Promise.all(["es2017", "esnext"].map((target) => transform(code, { target })));
    assert.equal(old.code, young.code, name);
  }
});

test("the library needs nothing but the language, two timers and wx", async () => {
  const code = read(DIST, "index.js");
  assert.doesNotMatch(code, /\brequire\(|\bimport\b|\bprocess\b|\bwindow\b|\bglobalThis\b/);
  const module = { exports: {} };
  const fail = (options) => void setImmediate(() => options.fail({ errMsg: "it is only a shape of wx" }));
  const wx = { login: fail, request: fail, uploadFile: fail, checkSession: fail, getStorage: fail, setStorage: fail };
  wx.getAccountInfoSync = () => ({ miniProgram: { appId: "wx00000000000000a1", envVersion: "release" } });
  vm.runInNewContext(code, { module, setTimeout, clearTimeout, wx });
  const auth = module.exports.createAuth({ baseURL: "https://login.example.com", app: "shop" });
  assert.equal(await auth.ready, null);
  const error = await auth.login().catch((failure) => failure);
  assert.equal(error.code, "wx_failed");
});

test("there is no run-time dependency, and nothing runs when it is installed", () => {
  for (const field of ["dependencies", "peerDependencies", "optionalDependencies", "bundledDependencies"]) {
    assert.equal(manifest[field], undefined, field);
  }
  for (const script of ["preinstall", "install", "postinstall"]) assert.equal(manifest.scripts[script], undefined);
});

test("the lock pins every tool by hash, and names no registry", () => {
  const { packages } = JSON.parse(read(HERE, "package-lock.json"));
  const tools = Object.entries(packages).filter(([name]) => name);
  assert.ok(tools.length >= 3);
  for (const [name, locked] of tools) {
    assert.equal(locked.resolved, undefined, name);
    assert.match(locked.integrity, /^sha512-/, name);
  }
  assert.doesNotMatch(read(HERE, "package-lock.json"), /registry/);
});

test("the versions of the SDK and of the server are the same", () => {
  const [, version] = read(HERE, "../../pyproject.toml").match(/^version = "(.*)"$/m);
  assert.equal(manifest.version, version);
});

test("the tarball holds the library, the components and the types, and can be installed and loaded", () => {
  const [{ filename, files }] = JSON.parse(npm(["pack", "--json", "--ignore-scripts", "--pack-destination", scratch], HERE));
  const names = files.map(({ path }) => path);
  assert.deepEqual(names.filter((name) => /^(src|test|tools|node_modules|components)\//.test(name)), []);
  for (const needed of ["LICENSE", "README.md", "miniprogram_dist/index.js", "types/index.d.ts", "miniprogram_dist/components/phone-button/index.wxml"]) {
    assert.ok(names.includes(needed), needed);
  }
  const project = join(scratch, "project");
  execFileSync("mkdir", [project]);
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "shop", private: true }));
  npm(["install", "--offline", "--ignore-scripts", "--no-audit", "--no-fund", join(scratch, filename)], project);
  const run = (code, type) => execFileSync(process.execPath, [`--input-type=${type}`, "-e", code], { cwd: project, encoding: "utf8" });
  const told = "[typeof createAuth, typeof currentAuth, LingpaiError.name.length > 0].join()";
  assert.match(run(`const { createAuth, currentAuth, LingpaiError } = require("@lingpai/miniprogram"); console.log(${told})`, "commonjs"), /^function,function,true/);
  assert.match(run(`import { createAuth, currentAuth, LingpaiError } from "@lingpai/miniprogram"; console.log(${told})`, "module"), /^function,function,true/);
  writeFileSync(join(project, "use.ts"), 'import { createAuth } from "@lingpai/miniprogram";\ncreateAuth({ baseURL: "https://login.example.com", app: "shop" }).login().then((user) => user.id);\n');
  const tsc = join(HERE, "node_modules/.bin/tsc");
  execFileSync(tsc, ["--noEmit", "--strict", "--skipLibCheck", "false", "--types", "", "--lib", "es2017", "--module", "esnext", "--moduleResolution", "bundler", "use.ts"], { cwd: project });
});

test("the types say what is allowed, and what is not", () => {
  execFileSync(join(HERE, "node_modules/.bin/tsc"), ["-p", join(HERE, "test/types")], { stdio: "pipe" });
});

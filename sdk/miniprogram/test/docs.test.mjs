// Do the pages say what there is? In both languages, and with examples that run.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { authOn } from "./support/sdk.mjs";
import { Phone } from "./support/phone.mjs";

const SDK = new URL("../", import.meta.url);
const stack = { server: "http://127.0.0.1:9", emulator: "http://127.0.0.1:9", app: { appid: "wx00000000000000a1" } };
const read = (path) => readFileSync(new URL(path, SDK), "utf8");
const page = (language, name) => read(`../../docs/${language}/${name}.md`);
const phone = new Phone(stack);
const auth = authOn(phone);

/** The fields that an interface of the sources declares. */
function fieldsOf(file, name) {
  const [, body] = read(`src/${file}.ts`).match(new RegExp(`export interface ${name}\\b[^{]*\\{([\\s\\S]*?)\\n\\}`));
  return [...body.matchAll(/^ {2}(?:readonly )?(\w+)[?(:]/gm)].map(([, field]) => field);
}

for (const language of ["en", "zh-CN"]) {
  const reference = page(language, "reference/mini-program-sdk");
  const rows = reference.split("\n").filter((line) => line.startsWith("| `")).map((line) => line.split("`")[1]);
  const named = rows.map((row) => row.split("(")[0]);

  test(`${language}: every method, option and code has a row, and no row is about nothing`, () => {
    const codes = [...read("src/words.ts").matchAll(/^ {2}(\w+): \[/gm)].map(([, code]) => code);
    const [, modes] = read("src/requesting.ts").match(/export type Auth = (.*);/);
    const components = readdirSync(new URL("components/", SDK), { withFileTypes: true });
    const there = [
      ...Object.keys(auth),
      ...fieldsOf("auth", "AuthOptions"),
      ...codes,
      ...[...modes.matchAll(/"(\w+)"/g)].map(([, mode]) => mode),
      ...components.filter((entry) => entry.isDirectory()).map((entry) => entry.name),
    ];
    assert.deepEqual([...new Set(named)].sort(), [...new Set(there)].sort());
  });

  test(`${language}: every field of an error is named`, () => {
    for (const field of [...fieldsOf("error", "Facts"), "code", "message", "hint"]) {
      assert.ok(reference.includes(`\`${field}\``), field);
    }
  });

  test(`${language}: the programs of the how-to run as they stand`, async () => {
    const howTo = page(language, "how-to/sign-in-from-a-mini-program");
    const programs = [...howTo.matchAll(/^```js\n([\s\S]*?)^```/gm)].map(([, code]) => code);
    assert.ok(programs.length >= 5);
    const sdk = createRequire(import.meta.url)("../miniprogram_dist/index.js");
    globalThis.wx = phone.wx;
    for (const code of programs) {
      const module = { exports: {} };
      const commonjs = code.replace(/^import (\{.*\}) from (".*");$/m, "const $1 = require($2);").replace(/^export /m, "");
      const pages = [];
      const require = (name) => ({ "@lingpai/miniprogram": sdk, "./auth": auth })[name];
      new Function("require", "module", "Page", "wx", commonjs)(require, module, (made) => pages.push(made), phone.wx);
      for (const [, method] of code.matchAll(/\bauth\.(\w+)/g)) assert.ok(method === "js" || method in auth, method);
      for (const made of pages) assert.ok(Object.keys(made).length > 0);
    }
  });

  test(`${language}: the components that are shown are there, with what they tell`, () => {
    const howTo = page(language, "how-to/sign-in-from-a-mini-program");
    const declared = [...howTo.matchAll(/"@lingpai\/miniprogram\/(components\/[\w-]+)\/index"/g)].map(([, path]) => path);
    assert.ok(declared.length >= 4);
    for (const path of declared) {
      const code = read(`${path}/index.js`);
      const [, properties, events] = reference.match(new RegExp(`\\| \`${path.split("/")[1]}\` \\| (.*) \\| (.*) \\|`));
      for (const [, event] of code.matchAll(/triggerEvent\("(\w+)"/g)) assert.ok(events.includes(`\`${event}\``), `${path} ${event}`);
      const [, block = ""] = code.match(/properties: \{([\s\S]*?)\n {2}\}/) ?? [];
      for (const [, field] of block.matchAll(/^ {4}(\w+):/gm)) assert.ok(properties.includes(`\`${field}\``), `${path} ${field}`);
    }
  });
}

// A real server and a real emulator for one test file: `lingpai dev` on free ports.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after } from "node:test";
import { fileURLToPath } from "node:url";

const PROJECT = fileURLToPath(new URL("../../../../", import.meta.url));

/** The Python that has lingpai in it: the one that pytest runs in, or the project's own. */
export const PYTHON = process.env.LINGPAI_TEST_PYTHON ?? join(PROJECT, ".venv/bin/python");

/** Start it; it ends with the file. What it prints, and `app`, `folder`, `control(path, body)`. */
export async function startStack() {
  if (!existsSync(PYTHON)) throw new Error(`There is no ${PYTHON}; run make setup first.`);
  const data = await mkdtemp(join(tmpdir(), "lingpai-sdk-"));
  const words = ["-m", "lingpai", "dev", "--port", "0", "--emulator-port", "0", "--no-open", "--json"];
  const child = spawn(PYTHON, [...words, "--data", join(data, "data")], { stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  child.stderr.on("data", (piece) => (log += piece));
  after(async () => {
    if (child.exitCode === null) {
      child.kill("SIGTERM");
      await once(child, "exit");
    }
    await rm(data, { recursive: true, force: true });
  });
  const { value: line } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
  if (!line) throw new Error(`lingpai dev did not start:\n${log}`);
  const told = JSON.parse(line);
  return Object.assign(told, {
    app: told.apps.find((app) => app.slug === "demo-mp"),
    folder: data,
    control: (path, body, method = body === undefined ? "GET" : "POST") => control(told.emulator, path, body, method),
  });
}

async function control(emulator, path, body, method) {
  const answer = await fetch(`${emulator}/__emulator__/${path}`, { method, body: body && JSON.stringify(body) });
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.error);
  return told;
}

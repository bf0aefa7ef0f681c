// Files of a mini program: temporary ones, its own, and the pictures it came with.

import { joined } from "../paths.js";
import { Fail } from "./call.js";
import { fromBase64, toBase64 } from "./bytes.js";

const TYPES = { png: "image/png", jpg: "image/jpeg", jpeg: "image/jpeg", gif: "image/gif", webp: "image/webp", svg: "image/svg+xml" };
const USER = "wxfile://usr";

export function openFiles(host, sources) {
  const kept = new Map(); // path → {bytes, type, name}
  const urls = new Map(); // path → blob: URL
  let number = 0;

  const extension = (type) => Object.entries(TYPES).find(([, known]) => known === type)?.[0] ?? "bin";
  const nameOf = (path) => path.split("/").at(-1);
  const typeOf = (path) => TYPES[path.split(".").at(-1).toLowerCase()] ?? "application/octet-stream";

  const keep = (bytes, type, path = `wxfile://tmp_${Date.now().toString(36)}${number++}.${extension(type)}`) => {
    kept.set(path, { bytes, type, name: nameOf(path) });
    urls.delete(path);
    return path;
  };

  const asset = async (path) => {
    if (!sources.assets.has(path)) throw new Fail(`no such file or directory, open ${path}`);
    const bytes = new Uint8Array(await host.ask("asset", { name: path }));
    return { bytes, type: typeOf(path), name: nameOf(path) };
  };

  const read = async (path, from = "") => kept.get(path) ?? asset(joined(path, from));

  /** A URL the frame may show. */
  const url = async (path, from = "") => {
    if (/^(https?:|data:|blob:)/.test(path)) return path;
    if (path.startsWith("//")) return `https:${path}`;
    const key = kept.has(path) ? path : joined(path, from);
    if (!urls.has(key)) {
      const { bytes, type } = await read(key);
      urls.set(key, URL.createObjectURL(new Blob([bytes], { type })));
    }
    return urls.get(key);
  };

  const written = (data, encoding) => {
    if (data instanceof ArrayBuffer) return new Uint8Array(data);
    return encoding === "base64" ? fromBase64(data) : new TextEncoder().encode(data);
  };
  const decoded = (bytes, encoding) => {
    if (!encoding) return bytes.slice().buffer;
    return encoding === "base64" ? toBase64(bytes) : new TextDecoder().decode(bytes);
  };
  const known = (path) => {
    const file = kept.get(path);
    if (!file) throw new Fail(`no such file or directory, open ${path}`);
    return file;
  };

  const asynchronous = {
    readFile: async ({ filePath, encoding }) => ({ data: decoded((await read(filePath)).bytes, encoding) }),
    writeFile({ filePath, data, encoding }) {
      if (!filePath.startsWith(USER)) throw new Fail(`permission denied, open ${filePath}`);
      keep(written(data, encoding), typeOf(filePath), filePath);
    },
    access: ({ path }) => void known(path),
    unlink({ filePath }) {
      known(filePath);
      kept.delete(filePath);
    },
    getFileInfo: async ({ filePath }) => ({ size: (await read(filePath)).bytes.length }),
    saveFile({ tempFilePath, filePath = `${USER}/${nameOf(tempFilePath)}` }) {
      const { bytes, type } = known(tempFilePath);
      return { savedFilePath: keep(bytes, type, filePath) };
    },
    copyFile({ srcPath, destPath }) {
      const { bytes, type } = known(srcPath);
      keep(bytes, type, destPath);
    },
    mkdir: () => {},
    readdir: ({ dirPath }) => ({ files: [...kept.keys()].filter((path) => path.startsWith(`${dirPath}/`)).map(nameOf) }),
  };
  const synchronous = {
    readFileSync: (filePath, encoding) => decoded(known(filePath).bytes, encoding),
    writeFileSync: (filePath, data, encoding) => asynchronous.writeFile({ filePath, data, encoding }),
    accessSync: (path) => void known(path),
    unlinkSync: (filePath) => asynchronous.unlink({ filePath }),
    mkdirSync: () => {},
    readdirSync: (dirPath) => asynchronous.readdir({ dirPath }).files,
  };
  return { keep, read, url, asynchronous, synchronous, userPath: USER };
}

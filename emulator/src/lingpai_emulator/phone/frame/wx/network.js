// wx.request, uploadFile, downloadFile: what they send is made up here, and sent by the phone's server.

import { Fail } from "./call.js";
import { fromBase64, toBase64 } from "./bytes.js";

const AT_ONCE = 10;
const FORM = "application/x-www-form-urlencoded";
const METHODS = ["OPTIONS", "GET", "HEAD", "POST", "PUT", "DELETE", "TRACE", "CONNECT", "PATCH"];

export function network(host, files, taskOf) {
  let running = 0;
  const waiting = [];

  /** At most ten at once, as on a phone; the others wait. */
  const limited = async (work) => {
    if (running >= AT_ONCE) await new Promise((resolve) => waiting.push(resolve));
    running += 1;
    try {
      return await work();
    } finally {
      running -= 1;
      waiting.shift()?.();
    }
  };
  const send = (request) => limited(() => host.ask("request", request));

  const request = async (options) => {
    const answer = await send(outgoing(options));
    const { statusCode, header, cookies = [] } = answer;
    return { data: received(answer, options), statusCode, header, cookies };
  };

  const uploadFile = async (options) => {
    const { url, filePath, name, header = {}, formData = {}, timeout } = options;
    if (!filePath) throw new Fail("parameter error: parameter.filePath should be String");
    const file = await files.read(filePath);
    const fields = Object.fromEntries(Object.entries(formData).map(([key, value]) => [key, String(value)]));
    const upload = { name: name || "file", filename: file.name, type: file.type, content: toBase64(file.bytes), fields };
    const answer = await send({ url, method: "POST", header: texts(header), upload, timeout });
    const data = typeof answer.data === "string" ? answer.data : JSON.stringify(answer.data);
    return { data, statusCode: answer.statusCode, header: answer.header, cookies: answer.cookies ?? [] };
  };

  const downloadFile = async ({ url, header = {}, filePath, timeout }) => {
    const answer = await send({ url, method: "GET", header: texts(header), binary: true, timeout });
    const type = Object.entries(answer.header).find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? "";
    const path = files.keep(fromBase64(answer.content), type.split(";")[0], filePath);
    const { statusCode } = answer;
    return { statusCode, header: answer.header, cookies: answer.cookies ?? [], ...(filePath ? { filePath: path } : { tempFilePath: path }) };
  };

  return { request: taskOf("request", request), uploadFile: taskOf("uploadFile", uploadFile), downloadFile: taskOf("downloadFile", downloadFile) };
}

/** The request as it leaves: data in the query of a GET, as a form or as JSON otherwise. */
function outgoing({ url, method = "GET", header = {}, data, timeout, responseType, redirect }) {
  if (typeof url !== "string") throw new Fail("parameter error: parameter.url should be String");
  const verb = method.toUpperCase();
  if (!METHODS.includes(verb)) throw new Fail(`invalid method ${method}`);
  const own = texts(header);
  const out = { url, method: verb, header: own, timeout, binary: responseType === "arraybuffer", redirect };
  const type = Object.entries(own).find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? "";
  if (data === undefined || data === null) return out;
  if (data instanceof ArrayBuffer) return { ...out, content: toBase64(new Uint8Array(data)) };
  if (verb === "GET" || verb === "HEAD") {
    const query = typeof data === "string" ? data : encoded(data);
    return query ? { ...out, url: url + (url.includes("?") ? "&" : "?") + query } : out;
  }
  return { ...out, data: type.startsWith(FORM) && typeof data === "object" ? encoded(data) : data };
}

function received({ data, content }, { dataType = "json", responseType }) {
  if (responseType === "arraybuffer") return fromBase64(content).buffer;
  // The server has read JSON already; another dataType wants the text.
  return dataType === "json" || typeof data === "string" ? data : JSON.stringify(data);
}

function encoded(data) {
  return Object.entries(data).filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(typeof value === "object" ? JSON.stringify(value) : value)}`).join("&");
}

function texts(header) {
  return Object.fromEntries(Object.entries(header).filter(([, value]) => value !== undefined && value !== null).map(([name, value]) => [name, String(value)]));
}

// What of a message is shown: secrets and tokens as `…` and the last four characters.

const SECRET_NAME = /(token|secret|ticket|password|session_?key)$/i;
const ONE_TIME = new Set(["code", "js_code", "nonce"]);
const JWT = /eyJ[\w-]+\.[\w-]+\.[\w-]*/g;
const SESSION_KEY = /[A-Za-z0-9+/]{22}==/g;
const LONGEST = 160;

/** `…9f3a`; what is short shows nothing of itself. */
function lastFour(secret) {
  return secret.startsWith("…") ? secret : "…" + (secret.length >= 12 ? secret.slice(-4) : "");
}

/** Both ends of a one-time value, enough to recognise it. */
function ends(value) {
  return value.length > 16 ? `${value.slice(0, 4)}…${value.slice(-4)}` : value;
}

/** One value as text. */
export function shown(value, name = "") {
  if (typeof value !== "string") return JSON.stringify(value) ?? "";
  if (SECRET_NAME.test(name)) return lastFour(value);
  if (name.toLowerCase() === "authorization") return value.replace(/\S+$/, lastFour);
  if (ONE_TIME.has(name)) return ends(value);
  if (name === "encryptedData") return `${value.slice(0, 24)}…`;
  const text = value.replace(JWT, lastFour).replace(SESSION_KEY, lastFour);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** A message as `[name, text]` pairs, nested objects as `user.id`. */
export function fields(value, path = "") {
  if (value === null || value === undefined || value === "") return [];
  if (Array.isArray(value)) {
    return value.flatMap((item, number) => fields(item, `${path}[${number}]`));
  }
  if (typeof value !== "object") return [[path || "body", shown(value, path.split(".").at(-1))]];
  return Object.entries(value).flatMap(([name, item]) => fields(item, path ? `${path}.${name}` : name));
}

// What a mini program keeps on a person's phone, as long as this browser tab is open.

const PREFIX = "lingpai-phone";

export class Kept {
  constructor(appid, person) {
    this.prefix = `${PREFIX}:${appid}:${person}`;
  }

  /** JSON texts by their keys: `wx.setStorage`. */
  get storage() { return this.#get("storage", {}); }
  set storage(kept) { this.#set("storage", kept); }

  /** `wx.authorize`'s answers by scope. */
  get settings() { return this.#get("settings", {}); }
  set settings(granted) { this.#set("settings", granted); }

  /** Whether the privacy agreement was agreed to. */
  get agreed() { return this.#get("agreed", false); }
  set agreed(yes) { this.#set("agreed", yes); }

  clear() {
    for (const name of ["storage", "settings", "agreed"]) sessionStorage.removeItem(`${this.prefix}:${name}`);
  }

  #get(name, fallback) {
    const text = sessionStorage.getItem(`${this.prefix}:${name}`);
    return text === null ? fallback : JSON.parse(text);
  }

  #set(name, value) {
    sessionStorage.setItem(`${this.prefix}:${name}`, JSON.stringify(value));
  }
}

// How the frame talks to the page around it: one message port, questions with answers, and news both ways.

/** Resolves to a Host once the page has sent what to run. */
export function connect() {
  return new Promise((resolve) => {
    addEventListener("message", function first({ source, data, ports }) {
      if (source !== parent || data?.type !== "start") return;
      removeEventListener("message", first);
      resolve(new Host(ports[0], data));
    });
    parent.postMessage({ type: "frame-ready" }, "*");
  });
}

export class Host {
  #port;
  #asked = new Map();
  #number = 0;
  #listeners = new Map();

  /** `start` is `{program, wasm, names, storage, device, appid, language, path?}`. */
  constructor(port, start) {
    this.#port = port;
    this.start = start;
    port.onmessage = ({ data }) => this.#hear(data);
  }

  /** What the page answers; rejects with what it fails with: an object `{errMsg, errno?}`. */
  ask(name, options = {}) {
    const id = ++this.#number;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve, reject });
      this.#port.postMessage({ id, ask: name, options });
    });
  }

  /** News for the page; nothing comes back. */
  tell(name, options = {}) {
    this.#port.postMessage({ tell: name, options });
  }

  /** Hear news from the page. */
  on(name, listener) {
    this.#listeners.set(name, listener);
  }

  #hear({ id, answer, failure, event, options }) {
    if (event) {
      this.#listeners.get(event)?.(options);
      return;
    }
    const asked = this.#asked.get(id);
    this.#asked.delete(id);
    if (failure) asked.reject(failure);
    else asked.resolve(answer);
  }
}

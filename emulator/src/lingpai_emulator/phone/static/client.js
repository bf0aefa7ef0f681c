// How a mini program signs in and stays signed in: the client part of the demo.

/** The server refused: `status` and the problem it sent. */
export class Refusal extends Error {
  constructor(status, problem) {
    super(problem?.code ?? String(status));
    this.status = status;
    this.problem = typeof problem === "object" && problem !== null ? problem : {};
  }
}

/** 128 random bits in hex: whoever knows them may ask for the same answer again. */
export function newNonce() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Client {
  /** `wx` as a mini program has it; `server` an origin; `app` a slug or AppID. */
  constructor(wx, server, app) {
    this.wx = wx;
    this.server = server;
    this.app = app;
    /** `{tokens, user, expiresAt}`, times in milliseconds; null when signed out. */
    this.session = null;
    /** `{code, nonce}` of the last login. */
    this.last = null;
    this.flights = new Map();
  }

  /** Sign in. Callers that come meanwhile get the same login. */
  login() {
    return this.#once("login", () => this.#login());
  }

  /** Ask the server whether the session runs; a token that is over is renewed once. */
  async check() {
    const answer = await this.#authorized({ method: "GET", url: `${this.server}/v1/session` });
    this.session.user = { ...answer.user, is_new: this.session.user.is_new };
    this.session.expiresAt = Date.now() + answer.expires_in * 1000;
    return answer;
  }

  /** New tokens for the old refresh token. */
  refresh() {
    return this.#once("refresh", async () => {
      const data = { refresh_token: this.session.tokens.refresh_token, nonce: newNonce() };
      const url = `${this.server}/v1/session/refresh`;
      this.#keep(this.#good(await this.#retried({ method: "POST", url, data })), this.session.user.is_new);
    });
  }

  async signOut(everywhere) {
    const query = everywhere ? "?everywhere=true" : "";
    await this.#authorized({ method: "DELETE", url: `${this.server}/v1/session${query}` });
    this.session = null;
  }

  /** The options of wx.request for a login. */
  loginRequest(code, nonce) {
    const appid = this.wx.getAccountInfoSync().miniProgram.appId;
    const data = nonce === undefined ? { code, appid } : { code, nonce, appid };
    return { method: "POST", url: `${this.server}/v1/${this.app}/login`, data };
  }

  async #login(restarts = 1) {
    const { code } = await this.wx.login();
    const nonce = newNonce();
    this.last = { code, nonce };
    const answer = await this.#retried(this.loginRequest(code, nonce));
    if (answer.statusCode === 409 && answer.data?.code === "restart_login" && restarts > 0) {
      return this.#login(restarts - 1);
    }
    this.#keep(this.#good(answer));
  }

  async #authorized(options) {
    const send = () =>
      this.#retried({ ...options, header: { Authorization: `Bearer ${this.session.tokens.access_token}` } });
    let answer = await send();
    if (answer.statusCode === 401) {
      try {
        await this.refresh();
      } catch (error) {
        if (error instanceof Refusal && error.status === 401) this.session = null;
        throw error;
      }
      answer = await send();
    }
    return this.#good(answer);
  }

  /** Once more after a network failure. Safe: the same nonce goes along. */
  async #retried(options) {
    try {
      return await this.wx.request(options);
    } catch (failure) {
      if (failure.errno === undefined || failure.errno === 600002) throw failure;
      return await this.wx.request(options);
    }
  }

  #good(answer) {
    if (answer.statusCode >= 400) throw new Refusal(answer.statusCode, answer.data);
    return answer.data;
  }

  #keep(tokens, isNew = tokens?.user?.is_new) {
    // Something else than the identity server may listen there.
    if (!tokens?.access_token || !tokens.user) throw new Refusal(200, {});
    this.session = {
      tokens,
      user: { ...tokens.user, is_new: isNew },
      expiresAt: Date.now() + tokens.expires_in * 1000,
    };
  }

  #once(name, work) {
    if (!this.flights.has(name)) {
      this.flights.set(name, work().finally(() => this.flights.delete(name)));
    }
    return this.flights.get(name);
  }
}

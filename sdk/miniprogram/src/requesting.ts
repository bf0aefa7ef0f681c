// A request with a token: where it may go, what a 401 means, and that it is sent again once.

import { Call } from "./call";
import { Complain, refusalOf } from "./error";
import { Keeping, Session } from "./session";
import { SigningIn } from "./signing-in";
import { WxAnswer } from "./wx";

/**
 * `auto`: a token when somebody is signed in; a guest is signed in when the answer is 401.
 * `required`: sign in first. `held`: never call wx.login, which could replace the session_key. `none`: no token.
 */
export type Auth = "auto" | "required" | "held" | "none";

interface Sendable {
  url: string;
  header?: Record<string, any>;
  timeout?: number;
}

export class Requesting {
  constructor(
    private readonly _call: Call,
    private readonly _complain: Complain,
    private readonly _keeping: Keeping,
    private readonly _signing: SigningIn,
    private readonly _ready: Promise<unknown>,
    /** The first is where a relative URL leads. */
    private readonly _origins: string[],
  ) {}

  /** Send it. Rejects with a LingpaiError when no answer came, or one of 400 and more. */
  async send(api: "request" | "uploadFile", options: Sendable, auth: Auth = "auto"): Promise<WxAnswer> {
    const url = this._target(options.url, auth);
    await this._ready;
    const session = auth === "none" ? null : await this.before(auth);
    let answer = await this._once(api, options, url, session);
    if (answer.statusCode === 401 && auth !== "none") {
      const next = await this._afterRefusal(session, auth);
      if (next) answer = await this._once(api, options, url, next);
    }
    if (answer.statusCode >= 400) throw refusalOf(answer, this._complain);
    return answer;
  }

  /** The session to send with; null for a guest. */
  async before(auth: Auth): Promise<Session | null> {
    const session = await this._signing.alive();
    if (session || auth === "auto") return session;
    if (auth === "held") throw this._complain("login_first");
    return this._entered();
  }

  private async _afterRefusal(failed: Session | null, auth: Auth): Promise<Session | null> {
    const next = failed && (await this._signing.after(failed));
    if (next) return next;
    if (auth === "held") throw this._complain("login_first", { status: 401 });
    return this._entered();
  }

  /** Signed in without being asked, unless the user left on purpose. */
  private _entered(): Promise<Session> {
    return this._keeping.left ? Promise.reject(this._complain("signed_out")) : this._signing.session();
  }

  private _once(api: "request" | "uploadFile", options: Sendable, url: string, session: Session | null) {
    const sent: Sendable = Object.assign({}, options, { url });
    if (session) {
      if (JSON.stringify(sent).indexOf(session.access) >= 0) throw this._complain("token_in_url");
      sent.header = Object.assign({}, options.header, { Authorization: `Bearer ${session.access}` });
    }
    return this._call<WxAnswer>(api, sent, options.timeout);
  }

  private _target(url: string, auth: Auth): string {
    if (/^\//.test(url)) return this._origins[0] + url;
    const known = this._origins.some((origin) => url === origin || url.indexOf(`${origin}/`) === 0);
    if (!known && auth !== "none") throw this._complain("other_origin");
    return url;
  }
}

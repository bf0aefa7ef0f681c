// Who is signed in, and how that goes on: one login at a time, one refresh at a time, and an end that holds.

import { Call } from "./call";
import { Complain, LingpaiError } from "./error";
import { Server } from "./server";
import { Keeping, Session, Tokens, User } from "./session";
import { WxLike } from "./wx";

/** A token this close to its end, in milliseconds, is not sent any more. */
const MARGIN = 10_000;
/** Refusals that a new code mends: this one was spent, or too old. */
const NEW_CODE = /^(restart_login|code_used|code_invalid)$/;

export class SigningIn {
  private _flights: { [name: string]: Promise<any> | undefined } = {};
  /** How often the user has left; a login that began before that is not theirs any more. */
  private _exits = 0;
  private readonly _listeners: Array<(user: User | null) => void> = [];
  /** The server has asked for patience: until when, and in which words. */
  private _held: { until: number; error: LingpaiError } | null = null;

  constructor(
    private readonly _wx: WxLike,
    private readonly _call: Call,
    private readonly _server: Server,
    private readonly _keeping: Keeping,
    private readonly _complain: Complain,
    /** Where codes are exchanged. */
    private readonly _path: string,
  ) {}

  get user(): User | null {
    return this._keeping.session && this._keeping.session.user;
  }

  onChange(listener: (user: User | null) => void): () => void {
    this._listeners.push(listener);
    return () => {
      const at = this._listeners.indexOf(listener);
      if (at >= 0) this._listeners.splice(at, 1);
    };
  }

  /** A session whose access token can be sent: the present one, a refreshed one, or a new one. */
  session(): Promise<Session> {
    return this.alive().then((session) => session || this._once("login", () => this._enter()));
  }

  /** The same without wx.login, which could replace the session_key; null when nobody is signed in. */
  alive(): Promise<Session | null> {
    const { session } = this._keeping;
    if (!session) return Promise.resolve(null);
    return session.accessUntil - MARGIN > this._keeping.now() ? Promise.resolve(session) : this._renewed(session);
  }

  /** What comes after `failed`, whose access token was refused: newer tokens, if they are here already. */
  after(failed: Session): Promise<Session | null> {
    return this._keeping.session === failed ? this._renewed(failed) : this.alive();
  }

  /** A new wx.login, whatever is there. */
  fresh(): Promise<Session> {
    const begin = () => this._once("login", () => this._enter());
    return this._flights.login ? this._flights.login.then(begin, begin) : begin();
  }

  /** Forget the session: nothing under way brings it back. */
  leave(): void {
    this._exits++;
    this._flights = {};
    this._change(null, true);
  }

  /** The person has changed. */
  setUser(fields: Partial<User>): void {
    const { session } = this._keeping;
    if (session) this._change(Object.assign({}, session, { user: Object.assign({}, session.user, fields) }));
  }

  private _renewed(old: Session): Promise<Session | null> {
    return this._once("refresh", () => this._refresh(old));
  }

  private async _refresh(old: Session): Promise<Session | null> {
    let session: Session | null = null;
    if (old.refreshUntil > this._keeping.now()) {
      try {
        const body = { refresh_token: old.refresh, nonce: old.nonce };
        session = this._opened(await this._server.post<Tokens>("/v1/session/refresh", body, true), old.nonce);
      } catch (error) {
        if ((error as LingpaiError).status !== 401) throw error;
      }
    }
    // A newer login, or a sign-out, came first: its word holds.
    if (this._keeping.session !== old) return this._keeping.session;
    this._change(session);
    return session;
  }

  private async _enter(): Promise<Session> {
    const held = this._held;
    if (held && held.until > this._keeping.now()) throw held.error;
    const exits = this._exits;
    let session: Session;
    try {
      session = await this._exchange().catch((error: LingpaiError) => {
        if (!NEW_CODE.test(error.code)) throw error;
        return this._exchange();
      });
    } catch (error) {
      const { retryAfter } = error as LingpaiError;
      if (retryAfter) {
        this._held = { until: this._keeping.now() + retryAfter * 1000, error: error as LingpaiError };
      }
      throw error;
    }
    this._held = null;
    if (this._exits !== exits) {
      this._server.end(session).catch(() => undefined);
      throw this._complain("signed_out");
    }
    this._change(session);
    return session;
  }

  /** One code, one exchange. The nonce makes a retry of this very exchange safe. */
  private async _exchange(): Promise<Session> {
    const { code } = await this._call<{ code: string }>("login");
    if (!code) throw this._complain("no_code");
    const nonce = await this._nonce();
    const { appId } = this._wx.getAccountInfoSync().miniProgram;
    const body = { code, nonce, appid: appId };
    return this._opened(await this._server.post<Tokens>(this._path, body, !!nonce), nonce);
  }

  private _opened(tokens: Tokens, nonce?: string): Session {
    if (!tokens || !tokens.access_token || !tokens.user) throw this._complain("bad_answer");
    return this._keeping.opened(tokens, nonce);
  }

  /** 128 random bits in hex; none before base library 2.19.0, and then nothing is sent twice. */
  private _nonce(): Promise<string | undefined> {
    return this._call<{ randomValues: ArrayBuffer }>("getRandomValues", { length: 16 }).then(
      ({ randomValues }) =>
        Array.from(new Uint8Array(randomValues), (byte) => (byte + 256).toString(16).slice(1)).join(""),
      () => undefined,
    );
  }

  private _change(session: Session | null, left = false): void {
    const before = this.user;
    this._keeping.keep(session, left);
    const { user } = this;
    if (user !== before) this._listeners.slice().forEach((listener) => listener(user));
  }

  /** The work under way by this name, or this one. Forgotten when it ends, well or badly. */
  private _once<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    const under = this._flights[name];
    if (under) return under;
    const flight = work();
    this._flights[name] = flight;
    const landed = () => {
      if (this._flights[name] === flight) this._flights[name] = undefined;
    };
    flight.then(landed, landed);
    return flight;
  }
}

// Who is signed in, and how that goes on: one login at a time, one refresh at a time, and an end that holds.

import { Call } from "./call";
import { Complain, LingpaiError } from "./error";
import { flightOf } from "./flight";
import { Server } from "./server";
import { Keeping, Session, User } from "./session";
import { WxLike } from "./wx";
import { merged } from "./merged";

/** A token this close to its end, in milliseconds, is not sent any more. */
const MARGIN = 10_000;
/** The longest time, in seconds, for which a refused login is answered without asking again. */
const LONGEST_HOLD = 60;
/** Refusals that a new code mends: this one was spent, or too old. */
const NEW_CODE = /^(restart_login|code_used|code_invalid)$/;

export interface Signing {
  user(): User | null;
  onChange(listener: (user: User | null) => void): () => void;
  /** A session whose access token can be sent: the present one, a refreshed one, or a new one. */
  session(): Promise<Session>;
  /** The same without wx.login, which could replace the session_key; null when nobody is signed in. */
  alive(): Promise<Session | null>;
  /** What comes after `failed`, whose access token was refused: newer tokens, if they are here already. */
  after(failed: Session): Promise<Session | null>;
  /** A new wx.login, or the one under way, whatever is there. */
  fresh(): Promise<Session>;
  /** Forget the session: nothing under way brings it back. The server is told if it can be reached. */
  leave(): Promise<void>;
  setUser(fields: Partial<User>): void;
}

export function signingOf(
  wx: WxLike,
  call: Call,
  server: Server,
  keeping: Keeping,
  complain: Complain,
  loginPath: string,
): Signing {
  let listeners: Array<(user: User | null) => void> = [];
  /** How often the user has left; a login that began before is not theirs any more. */
  let exits = 0;
  /** The server has asked for patience: until when, and in which words. */
  let heldUntil = 0;
  let heldBy: LingpaiError;

  const user = () => keeping.session && keeping.session.user;
  /** A session that nobody will go on with need not live on at the server. */
  const forget = (session: Session) => void server.end(session).catch(() => undefined);
  const fits = (until: number) => until - MARGIN > keeping.now();
  const refreshed = (old: Session) =>
    keeping.now() < old.refreshUntil
      ? server.tokens("/v1/session/refresh", { refresh_token: old.refresh }, old.nonce, true).catch((error) => {
          if (error.status !== 401) throw error;
          return null;
        })
      : Promise.resolve(null);

  function change(session: Session | null, left?: boolean): void {
    const before = JSON.stringify(user());
    keeping.keep(session, left);
    const now = user();
    // A listener that throws is its own accident, and not the login's.
    if (JSON.stringify(now) !== before) listeners.forEach((each) => Promise.resolve(now).then(each));
  }

  const renewing = flightOf(async () => {
    const old = keeping.session!;
    const session = await refreshed(old);
    // Otherwise a newer login, or the end, came first: its word holds.
    if (keeping.session && keeping.session.refresh === old.refresh) {
      if (session) session.user.is_new = old.user.is_new;
      change(session);
    }
    return session;
  });
  const renewed = () => renewing.join().then(() => keeping.session);

  /** 128 random bits in hex; none before base library 2.19.0, and then nothing is sent twice. */
  const randomNonce = () =>
    call<{ randomValues: ArrayBuffer }>("getRandomValues", { length: 16 }).then(
      ({ randomValues }) =>
        Array.from(new Uint8Array(randomValues), (byte) => (byte + 256).toString(16).slice(1)).join(""),
      () => undefined,
    );

  /** One code, one exchange. The nonce makes a retry of this very exchange safe. */
  async function exchange(): Promise<Session> {
    const nonce = await randomNonce();
    const { code } = await call<{ code: string }>("login");
    if (!code) throw complain("wx_failed", { errMsg: "login:ok, without a code" });
    const { appId } = wx.getAccountInfoSync().miniProgram;
    return server.tokens(loginPath, { code, appid: appId }, nonce, !!nonce);
  }

  function hold(error: LingpaiError): never {
    if (error.retryAfter) {
      heldUntil = keeping.now() + Math.min(error.retryAfter, LONGEST_HOLD) * 1000;
      heldBy = error;
    }
    throw error;
  }

  const entering = flightOf(async () => {
    if (keeping.now() < heldUntil) throw heldBy;
    const before = exits;
    const session = await exchange()
      .catch((error: LingpaiError) => {
        if (!NEW_CODE.test(error.code)) throw error;
        return exchange();
      })
      .catch(hold);
    if (exits !== before) {
      forget(session);
      throw complain("signed_out");
    }
    const replaced = keeping.session;
    change(session);
    if (replaced) forget(replaced);
    return session;
  });

  const alive = () => {
    const { session } = keeping;
    return !session || fits(session.accessUntil) ? Promise.resolve(session) : renewed();
  };

  return {
    user,
    alive,

    onChange(listener) {
      listeners = listeners.concat(listener);
      return () => {
        listeners = listeners.filter((each) => each !== listener);
      };
    },

    session() {
      const before = exits;
      return alive().then((session) => {
        if (session) return session;
        // Whoever left in between has had the last word.
        if (exits !== before) throw complain("signed_out");
        return entering.join();
      });
    },

    after: (failed) =>
      keeping.session && keeping.session.access === failed.access ? renewed() : alive(),

    fresh: entering.join,

    async leave() {
      const { session } = keeping;
      const flight = renewing.now;
      exits++;
      entering.now = renewing.now = null;
      change(null, true);
      if (!session) return;
      // Only the newest token can end the session: the one that is on its way, or one still to be asked for.
      const last = await (flight || (fits(session.accessUntil) ? session : refreshed(session)));
      if (last) await server.end(last);
    },

    setUser(fields) {
      const { session } = keeping;
      if (session) change(merged(session, { user: merged(session.user, fields) }));
    },
  };
}

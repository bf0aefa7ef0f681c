// Talking to lingpai: one question, one answer, and once more where asking again is safe.

import { Call } from "./call";
import { Complain, LingpaiError, refusalOf } from "./error";
import { Keeping, Session } from "./session";
import { WxAnswer, WxRequest } from "./wx";

/** The longest wait for a busy server, in seconds, before the user is told instead. */
const PATIENCE = 3;

export class Server {
  constructor(
    private readonly _call: Call,
    private readonly _complain: Complain,
    private readonly _keeping: Keeping,
    private readonly _baseURL: string,
  ) {}

  /** POST to the identity server. Rejects with its problem. */
  post<Result>(path: string, data: object, again: boolean): Promise<Result> {
    const options: WxRequest = { url: this._baseURL + path, method: "POST", data };
    const once = () => this._call<WxAnswer>("request", options).then((answer) => this.good(answer));
    const answered = again ? once().catch((error) => this._waited(error).then(once)) : once();
    return answered.then((answer) => answer.data);
  }

  /** End this session, or all of its user's. */
  end(session: Session, everywhere?: boolean): Promise<WxAnswer> {
    const url = `${this._baseURL}/v1/session${everywhere ? "?everywhere=true" : ""}`;
    const header = { Authorization: `Bearer ${session.access}` };
    return this._call<WxAnswer>("request", { url, method: "DELETE", header }).then((answer) => this.good(answer));
  }

  /** The answer, when it is one. */
  good(answer: WxAnswer): WxAnswer {
    this._keeping.setClock(answer);
    if (answer.statusCode >= 400) throw refusalOf(answer, this._complain);
    return answer;
  }

  /** Resolves when the same request may be sent again: the answer was lost, or the server asked for patience. */
  private _waited(error: LingpaiError): Promise<void> {
    const lost = error.code === "network" || error.code === "timeout";
    const busy = error.status === 503 && (error.retryAfter || 0) <= PATIENCE;
    if (!lost && !busy) return Promise.reject(error);
    return new Promise((resolve) => setTimeout(resolve, (error.retryAfter || 0) * 1000));
  }
}

// Talking to lingpai: one question, one answer, and once more where asking again is safe.

import { Call } from "./call";
import { Complain, LingpaiError, refusalOf } from "./error";
import { Keeping, Session, Tokens } from "./session";
import { WxAnswer } from "./wx";
import { merged } from "./merged";

/** The longest wait for a busy server, in seconds, before the user is told instead. */
const PATIENCE = 3;

export interface Server {
  /** A session of the tokens that this POST is answered with; sent `again` once when that may help. */
  tokens(path: string, data: object, nonce: string | undefined, again: boolean): Promise<Session>;
  /** End this session. */
  end(session: Session): Promise<unknown>;
}

export function serverOf(call: Call, complain: Complain, keeping: Keeping, baseURL: string): Server {
  const ask = (path: string, method: string, data?: object, header?: object) =>
    call<WxAnswer>("request", { url: baseURL + path, method, data, header }).then((answer) => {
      keeping.setClock(answer);
      if (answer.statusCode >= 400) throw refusalOf(answer, complain);
      return answer.data;
    });

  return {
    async tokens(path, data, nonce, again) {
      const once = () => ask(path, "POST", merged(data, { nonce }));
      const tokens: Tokens = await (again ? once().catch((error) => patience(error).then(once)) : once());
      if (!tokens || !tokens.access_token || !tokens.user) throw complain("bad_answer");
      return keeping.opened(tokens, nonce);
    },

    end: (session) => ask("/v1/session", "DELETE", undefined, bearer(session)),
  };
}

/** Resolves when the same request may be sent again: its answer was lost, or the server is busy for a moment. */
function patience(error: LingpaiError): Promise<void> {
  const { code, status, retryAfter = 0 } = error;
  if (code !== "network" && code !== "timeout" && !(status === 503 && retryAfter <= PATIENCE)) throw error;
  return new Promise((resolve) => setTimeout(resolve, retryAfter * 1000));
}

export function bearer(session: Session): { Authorization: string } {
  return { Authorization: `Bearer ${session.access}` };
}

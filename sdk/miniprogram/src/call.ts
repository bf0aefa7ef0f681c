// A call of `wx` as a promise that always ends: by its answer, by its refusal, or by the clock.

import { codeOf, Complain } from "./error";
import { WxFailure, WxLike, WxTask } from "./wx";
import { merged } from "./merged";

/** `call(api, options, limit)`, `limit` in milliseconds. Rejects with a LingpaiError. */
export type Call = <Result>(api: keyof WxLike, options?: object, limit?: number) => Promise<Result>;

export function callsOf(wx: WxLike, complain: Complain, timeout: number): Call {
  return (api, options, limit = timeout) =>
    new Promise((resolve, reject) => {
      let task: WxTask | void;
      const fail = (failure: Partial<WxFailure>) => {
        clearTimeout(timer);
        reject(complain(codeOf(failure), { errMsg: failure.errMsg, errno: failure.errno }));
      };
      // wx has timeouts of its own, but not for every call, and some clients forget to call back.
      const timer = setTimeout(() => {
        fail({ errMsg: `${api}:fail timeout`, errno: 5 });
        if (task && task.abort) task.abort();
      }, limit);
      const success = (result: any) => {
        clearTimeout(timer);
        resolve(result);
      };
      try {
        task = (wx[api] as any)(merged(options, { success, fail }));
      } catch (error) {
        fail({ errMsg: `${api}:fail ${error}` });
      }
    });
}

export interface Callbacks<Result> {
  success?: (result: Result) => void;
  fail?: (error: any) => void;
  complete?: (outcome: any) => void;
}

/** The promise, which also calls back where callbacks were given, as WeChat's own functions do. */
export function calledBack<Result>(promise: Promise<Result>, options?: Callbacks<Result>): Promise<Result> {
  const { success, fail, complete } = options || ({} as Callbacks<Result>);
  const then = (own?: (outcome: any) => void) => (outcome: any) => {
    if (own) own(outcome);
    if (complete) complete(outcome);
  };
  // Only then: whoever uses the promise is to hear of a failure that nobody handles.
  if (success || fail || complete) promise.then(then(success), then(fail));
  return promise;
}

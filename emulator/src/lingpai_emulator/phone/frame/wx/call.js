// How every asynchronous API of `wx` is called: success, fail and complete, or a promise without them.

/** An API cannot do what was asked: `reason` follows `{api}:fail`. */
export class Fail extends Error {
  constructor(reason, errno) {
    super(reason);
    this.errno = errno;
  }
}

/**
 * `work(options)` as an API called `name`. What it returns goes along with `errMsg`; what it
 * throws becomes `{errMsg, errno?}`. `onThrow(error)` hears of mistakes in the callbacks.
 */
export function callable(name, work, onThrow) {
  return (options = {}) => {
    const told = options ?? {};
    const outcome = Promise.resolve().then(() => work(told)).then(
      (result) => ({ errMsg: `${name}:ok`, ...result }),
      (error) => { throw failure(name, error); });
    const { success, fail, complete } = told;
    if (!success && !fail && !complete) return outcome;
    const safely = (callback, result) => {
      try {
        callback?.(result);
      } catch (error) {
        onThrow(error);
      }
    };
    outcome.then((result) => { safely(success, result); safely(complete, result); },
      (error) => { safely(fail, error); safely(complete, error); });
    return undefined;
  };
}

/** What `fail` is given. The page's answers come as they are: WeChat has named them already. */
function failure(name, error) {
  if (error?.errMsg) return { ...error, errMsg: error.errMsg.replace(/^\w+:fail/, `${name}:fail`) };
  const told = { errMsg: `${name}:fail ${error.message}` };
  return error.errno === undefined ? told : { ...told, errno: error.errno };
}

// The `wx` of a program: what this phone can do; of WeChat's other names a clear refusal.

import { account } from "./account.js";
import { createAnimation } from "./animation.js";
import { Fail, callable } from "./call.js";
import { fromBase64 } from "./bytes.js";
import { network } from "./network.js";
import { SelectorQuery } from "./query.js";
import { screen } from "./screen.js";
import { storage } from "./storage.js";
import { system } from "./system.js";

const NO_PROMISE = ["login", "getUserInfo"];

/** `{wx, account}` for a program; `program` has host, log, files, stack, bars, launch, events. */
export function openWx(program) {
  const { host, log, files, stack, bars, events } = program;
  const onThrow = (error) => log.error(error, "callback");
  const mine = account(host, files, program.config, log);
  const kept = storage(host);
  const told = system(host, program);
  const asynchronous = {
    ...mine.asynchronous,
    ...kept.asynchronous,
    ...told.asynchronous,
    ...screen(host, stack, bars),
    ...routing(stack),
    ...media(host, files, mine.privacy),
  };
  const wx = {
    ...Object.fromEntries(Object.entries(asynchronous).map(([name, work]) => [name, callable(name, work, onThrow)])),
    ...network(host, files, (name, work) => task(callable(name, work, onThrow))),
    ...kept.synchronous,
    ...told.synchronous,
    ...listeners(events, mine.privacy),
    createSelectorQuery: () => new SelectorQuery(() => stack.top.instance),
    createIntersectionObserver: (instance, options) => instance.createIntersectionObserver(options),
    createMediaQueryObserver: (instance) => instance.createMediaQueryObserver(),
    createAnimation,
    getFileSystemManager: () => fileSystem(files, onThrow),
    canIUse: (schema) => canIUse(schema, wx),
    env: { USER_DATA_PATH: files.userPath },
    version: {},
  };
  for (const name of NO_PROMISE) wx[name] = warned(wx[name], () => mine.deprecated(name));
  return { wx: refusing(wx, new Set(host.start.names), log), account: mine };
}

function routing(stack) {
  return {
    navigateTo: (options) => stack.navigateTo(options),
    redirectTo: (options) => stack.redirectTo(options),
    reLaunch: (options) => stack.reLaunch(options),
    switchTab: (options) => stack.switchTab(options),
    navigateBack: (options) => stack.navigateBack(options),
  };
}

function media(host, files, privacy) {
  const choose = async (count) => {
    await privacy.required("chooseImage");
    const chosen = await host.ask("sheet", { kind: "pictures", count });
    if (!chosen?.length) throw new Fail("cancel");
    return chosen.map(({ content, type }) => {
      const bytes = fromBase64(content);
      return { path: files.keep(bytes, type), tempFilePath: "", size: bytes.length, fileType: "image" };
    }).map((file) => ({ ...file, tempFilePath: file.path }));
  };
  return {
    async chooseImage({ count = 9 }) {
      const tempFiles = await choose(count);
      return { tempFilePaths: tempFiles.map(({ path }) => path), tempFiles: tempFiles.map(({ path, size }) => ({ path, size })) };
    },
    async chooseMedia({ count = 9 }) {
      const tempFiles = await choose(count);
      return { type: "image", tempFiles: tempFiles.map(({ tempFilePath, size, fileType }) => ({ tempFilePath, size, fileType })) };
    },
    async getImageInfo({ src }) {
      const picture = new Image();
      picture.src = await files.url(src);
      await picture.decode().catch(() => { throw new Fail("can't get image info"); });
      return { width: picture.naturalWidth, height: picture.naturalHeight, path: src, orientation: "up", type: "unknown" };
    },
  };
}

function listeners(events, privacy) {
  const names = ["AppShow", "AppHide", "Error", "UnhandledRejection", "PageNotFound", "ThemeChange", "WindowResize", "NetworkStatusChange", "KeyboardHeightChange", "MemoryWarning"];
  const pairs = names.flatMap((name) => [
    [`on${name}`, (listener) => events.add(name, listener)],
    [`off${name}`, (listener) => events.remove(name, listener)],
  ]);
  return { ...Object.fromEntries(pairs), onNeedPrivacyAuthorization: (listener) => privacy.listen(listener) };
}

function fileSystem({ asynchronous, synchronous }, onThrow) {
  const calls = Object.entries(asynchronous).map(([name, work]) => [name, callable(name, work, onThrow)]);
  return { ...Object.fromEntries(calls), ...synchronous };
}

/** An API that gives back a task: what it promises can be given up. */
function task(call) {
  return (options = {}) => {
    let over = false;
    const quiet = (callback) => (result) => { if (!over) callback?.(result); };
    const { success, fail, complete } = options;
    const asked = success || fail || complete;
    const outcome = call(asked ? { ...options, success: quiet(success), fail: quiet(fail), complete: quiet(complete) } : options);
    const control = {
      abort() {
        if (over) return;
        over = true;
        const failed = { errMsg: "request:fail abort" };
        fail?.(failed);
        complete?.(failed);
      },
      onHeadersReceived() {}, offHeadersReceived() {}, onProgressUpdate() {}, offProgressUpdate() {}, onChunkReceived() {}, offChunkReceived() {},
    };
    return outcome ? Object.assign(outcome, control) : control;
  };
}

function warned(call, warn) {
  return (options) => {
    const outcome = call(options);
    if (outcome) warn();
    return outcome;
  };
}

function canIUse(schema, wx) {
  const [name, ...rest] = schema.split(".");
  if (name in wx) return true;
  if (name !== "button" || rest[0] !== "open-type") return ["view", "text", "image", "button", "input", "form", "scroll-view", "swiper"].includes(name);
  return rest.length < 2 || ["getPhoneNumber", "getRealtimePhoneNumber", "getUserInfo", "chooseAvatar", "agreePrivacyAuthorization", "openSetting"].includes(rest[1]);
}

/** Names of WeChat's that are missing here answer with a failure and a line in the inspector; others are undefined. */
function refusing(wx, names, log) {
  const made = new Map();
  const refusal = (name) => (options) => {
    log.warn(`wx.${name} is not supported by this phone.`);
    if (/Sync$|^create[A-Z]|^get\w+Manager$/.test(name)) throw new Error(`${name}:fail not supported by this phone`);
    if (/^(on|off)[A-Z]/.test(name)) return undefined;
    return callable(name, () => { throw new Fail("not supported by this phone"); }, () => {})(options);
  };
  return new Proxy(wx, {
    get(target, name) {
      if (name in target || !names.has(name)) return target[name];
      if (!made.has(name)) made.set(name, refusal(name));
      return made.get(name);
    },
    has: (target, name) => name in target || names.has(name),
  });
}


// wx.setStorage and its relatives: in memory here, and kept by the page, for this person and this app.

import { Fail } from "./call.js";

const ONE = 1024 * 1024;
const ALL = 10 * ONE;

export function storage(host) {
  const kept = new Map(Object.entries(host.start.storage));
  const size = () => [...kept].reduce((sum, [key, text]) => sum + key.length + text.length, 0);
  const save = () => host.tell("storage", { kept: Object.fromEntries(kept) });

  const set = (key, data) => {
    if (typeof key !== "string" || key === "") throw new Fail("parameter error: parameter.key should be String");
    const text = JSON.stringify(data) ?? "null";
    if (text.length > ONE) throw new Fail("entry size limit reached");
    if (size() - (kept.get(key)?.length ?? 0) + text.length > ALL) throw new Fail("exceed storage max size 10Mb");
    kept.set(key, text);
    save();
  };
  const get = (key) => (kept.has(key) ? JSON.parse(kept.get(key)) : undefined);
  const remove = (key) => {
    kept.delete(key);
    save();
  };
  const clear = () => {
    kept.clear();
    save();
  };
  const info = () => ({ keys: [...kept.keys()], currentSize: Math.ceil(size() / 1024), limitSize: ALL / 1024 });

  return {
    asynchronous: {
      setStorage: ({ key, data }) => set(key, data),
      getStorage({ key }) {
        if (!kept.has(key)) throw new Fail("data not found");
        return { data: get(key) };
      },
      removeStorage: ({ key }) => remove(key),
      clearStorage: () => clear(),
      getStorageInfo: () => info(),
      batchSetStorage: ({ kvList }) => kvList.forEach(({ key, value }) => set(key, value)),
      batchGetStorage: ({ keyList }) => ({ dataList: keyList.map((key) => get(key) ?? "") }),
    },
    synchronous: {
      setStorageSync: sync("setStorageSync", set),
      getStorageSync: (key) => get(key) ?? "",
      removeStorageSync: (key) => remove(key),
      clearStorageSync: () => clear(),
      getStorageInfoSync: () => info(),
      batchSetStorageSync: (list) => list.forEach(({ key, value }) => set(key, value)),
      batchGetStorageSync: (keys) => keys.map((key) => get(key) ?? ""),
    },
  };
}

function sync(name, work) {
  return (...told) => {
    try {
      return work(...told);
    } catch (error) {
      throw new Error(`${name}:fail ${error.message}`);
    }
  };
}

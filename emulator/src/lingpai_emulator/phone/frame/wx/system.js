// What the phone says of itself: sizes, platform, versions, network, clipboard.

import { Fail } from "./call.js";

const MOST_RANDOM = 1_048_576;
const SDK = "3.7.0";
const WECHAT = "8.0.60";
const BRANDS = {
  ios: { brand: "iPhone", model: "iPhone 15<iPhone15,4>", system: "iOS 18.5", platform: "ios" },
  android: { brand: "Phone", model: "Phone", system: "Android 15", platform: "android" },
  devtools: { brand: "devtools", model: "iPhone 15", system: "iOS 15.0", platform: "devtools" },
};

export function system(host, program) {
  const { device } = host.start;
  const brand = BRANDS[device.platform];
  const language = host.start.language;
  const windowInfo = () => {
    const [width, height] = [innerWidth, innerHeight];
    const view = program.stack.top?.view.getBoundingClientRect();
    const top = view?.top ?? device.bar.top + device.bar.height;
    const safeArea = { left: 0, right: width, top: device.bar.top, bottom: height - device.home, width, height: height - device.home - device.bar.top };
    return { pixelRatio: devicePixelRatio, screenWidth: width, screenHeight: height, windowWidth: width, windowHeight: view?.height ?? height - top,
      statusBarHeight: device.bar.top, safeArea, screenTop: top };
  };
  const base = () => ({ SDKVersion: SDK, enableDebug: false, host: { env: "WeChat", appId: "" }, language, version: WECHAT, theme: "light", fontSizeSetting: 16, fontSizeScaleFactor: 1 });
  const deviceInfo = () => ({ abi: "arm64", benchmarkLevel: 40, cpuType: "", memorySize: "8192", ...brand });
  const all = () => ({ ...base(), ...deviceInfo(), ...windowInfo(), albumAuthorized: true, cameraAuthorized: true, locationAuthorized: true,
    notificationAuthorized: true, bluetoothEnabled: true, locationEnabled: true, wifiEnabled: true, deviceOrientation: "portrait" });
  let clipboard = "";
  const { launch } = program;
  // What a host hands to a program: where its server is, unless the program's own ext.json says so.
  const ext = { ...host.start.ext, ...program.sources.json("ext.json").ext };
  return {
    synchronous: {
      getSystemInfoSync: all,
      getWindowInfo: windowInfo,
      getDeviceInfo: deviceInfo,
      getAppBaseInfo: base,
      getSystemSetting: () => ({ bluetoothEnabled: true, locationEnabled: true, wifiEnabled: true, deviceOrientation: "portrait" }),
      getAppAuthorizeSetting: () => ({ albumAuthorized: "authorized", cameraAuthorized: "authorized", locationAuthorized: "authorized", notificationAuthorized: "authorized" }),
      getMenuButtonBoundingClientRect: () => ({ ...device.capsule }),
      getAccountInfoSync: () => ({ miniProgram: { appId: host.start.appid, envVersion: "develop", version: "" } }),
      getLaunchOptionsSync: () => structuredClone(launch.options),
      getEnterOptionsSync: () => structuredClone(launch.options),
      getBatteryInfoSync: () => ({ level: 80, isCharging: false }),
      getExtConfigSync: () => structuredClone(ext),
      getRendererUserAgent: () => navigator.userAgent,
      getUpdateManager: () => ({ onCheckForUpdate: (told) => setTimeout(() => told({ hasUpdate: false })), onUpdateReady() {}, onUpdateFailed() {}, applyUpdate() {} }),
      getLogManager: () => logManager(program.log),
      getRealtimeLogManager: () => logManager(program.log),
      base64ToArrayBuffer: (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0)).buffer,
      arrayBufferToBase64: (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))),
      nextTick: (work) => queueMicrotask(work),
    },
    asynchronous: {
      getSystemInfo: all,
      getSystemInfoAsync: all,
      getNetworkType: () => ({ networkType: "wifi", isConnected: true }),
      getBatteryInfo: () => ({ level: 80, isCharging: false }),
      getExtConfig: () => ({ extConfig: structuredClone(ext) }),
      setClipboardData({ data }) {
        clipboard = String(data);
        host.tell("toast", { title: language === "zh_CN" ? "内容已复制" : "Copied", icon: "success", duration: 1500 });
        return { data: clipboard };
      },
      getClipboardData: () => ({ data: clipboard }),
      getRandomValues({ length }) {
        if (!Number.isInteger(length) || length < 1 || length > MOST_RANDOM) throw new Fail("invalid length");
        return { randomValues: crypto.getRandomValues(new Uint8Array(length)).buffer };
      },
      vibrateShort: () => {},
      vibrateLong: () => {},
      setKeepScreenOn: () => {},
      reportEvent: () => {},
      // A hint: what a page shows is fetched when it is shown.
      preloadAssets: () => {},
      makePhoneCall: ({ phoneNumber }) => host.tell("notice", { api: "makePhoneCall", text: String(phoneNumber).slice(-4) }),
    },
  };
}

function logManager(log) {
  const { console } = log;
  return { log: console.log, info: console.info, warn: console.warn, error: console.error, debug: console.debug, setFilterMsg() {}, addFilterMsg() {}, tag: () => logManager(log) };
}

// What an API changes on the screen: dialogs (drawn by the page around), the bars, scrolling.

import { Fail } from "./call.js";

export function screen(host, stack, bars) {
  const top = () => stack.top ?? fail();
  const fail = () => { throw new Fail("there is no page"); };
  const tab = (change) => ({ index, ...told }) => {
    if (!bars.tabs) throw new Fail("not TabBar page");
    change(index, told);
  };
  return {
    async showModal({ title = "", content = "", showCancel = true, cancelText, confirmText, editable = false, placeholderText = "", cancelColor, confirmColor }) {
      const told = { title: String(title), content: String(content), showCancel, cancelText, confirmText, editable, placeholderText, cancelColor, confirmColor };
      const { confirm, text } = await host.ask("sheet", { kind: "modal", ...told });
      return { confirm, cancel: !confirm, content: editable && confirm ? text : null };
    },
    async showActionSheet({ itemList = [], alertText = "", itemColor }) {
      if (!Array.isArray(itemList) || !itemList.length || itemList.length > 6) throw new Fail("parameter error: itemList should have 1 to 6 items");
      const tapIndex = await host.ask("sheet", { kind: "actions", items: itemList.map(String), alertText, itemColor });
      if (tapIndex === null) throw new Fail("cancel");
      return { tapIndex };
    },
    async requestSubscribeMessage({ tmplIds = [] }) {
      const accepted = await host.ask("sheet", { kind: "subscribe", count: tmplIds.length });
      return Object.fromEntries(tmplIds.map((id) => [id, accepted ? "accept" : "reject"]));
    },
    showToast: ({ title = "", icon = "success", duration = 1500, mask = false }) => host.tell("toast", { title: String(title), icon, duration, mask }),
    hideToast: () => host.tell("toast", null),
    showLoading: ({ title = "", mask = false }) => host.tell("toast", { title: String(title), icon: "loading", mask }),
    hideLoading: () => host.tell("toast", null),

    setNavigationBarTitle: ({ title = "" }) => top().setBar({ navigationBarTitleText: String(title) }),
    setNavigationBarColor: ({ frontColor, backgroundColor }) =>
      top().setBar({ navigationBarTextStyle: frontColor === "#000000" ? "black" : "white", navigationBarBackgroundColor: backgroundColor }),
    showNavigationBarLoading: () => top().setBar({ loading: true }),
    hideNavigationBarLoading: () => top().setBar({ loading: false }),
    hideHomeButton: () => {},
    setBackgroundColor: ({ backgroundColor }) => top().setBar({ backgroundColor }),
    setBackgroundTextStyle: () => {},

    showTabBar: tab(() => bars.tabs.show(true)),
    hideTabBar: tab(() => bars.tabs.show(false)),
    setTabBarBadge: tab((index, { text }) => bars.tabs.change(index, { badge: text })),
    removeTabBarBadge: tab((index) => bars.tabs.change(index, { badge: "" })),
    showTabBarRedDot: tab((index) => bars.tabs.change(index, { dot: true })),
    hideTabBarRedDot: tab((index) => bars.tabs.change(index, { dot: false })),
    setTabBarItem: tab((index, { text, iconPath, selectedIconPath }) =>
      bars.tabs.change(index, Object.fromEntries(Object.entries({ text, iconPath, selectedIconPath }).filter(([, value]) => value !== undefined)))),
    setTabBarStyle: tab((_index, style) => bars.tabs.style(style)),

    pageScrollTo({ scrollTop, selector, duration = 300 }) {
      const page = top();
      const target = selector ? page.scroller.querySelector(selector) : null;
      const to = target ? target.getBoundingClientRect().top - page.scroller.getBoundingClientRect().top + page.scroller.scrollTop : scrollTop;
      page.scroller.scrollTo({ top: to ?? 0, behavior: duration ? "smooth" : "auto" });
    },
    async startPullDownRefresh() {
      top().pullDown();
    },
    stopPullDownRefresh: () => top().setBar({ pulling: false }),
    previewImage: async ({ urls = [], current = urls[0] }) => host.tell("notice", { api: "previewImage", text: String(current) }),
    showShareMenu: () => {},
    hideShareMenu: () => {},
    updateShareMenu: () => {},
  };
}

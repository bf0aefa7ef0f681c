// The bars WeChat draws around a page: title above, tabs below. In a shadow tree, out of reach of the program's styles.

const BACK = "M15 5l-7 7 7 7";

/** The navigation bar of one page; `back()` goes to the page before. */
export class NavigationBar {
  constructor(device, { back, canGoBack }) {
    this.host = document.createElement("div");
    this.host.className = "navigation-bar";
    this.root = this.host.attachShadow({ mode: "open" });
    this.root.innerHTML = `<style>
      :host { flex: none; display: block; position: relative; z-index: 2; padding-top: ${device.bar.top}px; }
      header { position: relative; height: ${device.bar.height}px; display: flex; align-items: center; justify-content: center; }
      h1 { margin: 0; max-width: calc(100% - 216px); font-size: 17px; font-weight: 600; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
      button { position: absolute; left: 4px; top: 0; bottom: 0; width: 44px; border: 0; background: none; color: inherit; padding: 0; cursor: pointer; }
      button:focus-visible { outline: 2px solid currentColor; outline-offset: -6px; border-radius: 12px; }
      svg { width: 24px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
      i { display: none; width: 14px; height: 14px; margin-right: 8px; border: 2px solid currentColor; border-top-color: transparent; border-radius: 50%; animation: turn 1s linear infinite; }
      :host([data-loading]) i { display: block; }
      @keyframes turn { to { transform: rotate(360deg); } }
    </style><header><i></i><h1></h1></header>`;
    if (canGoBack) {
      const button = document.createElement("button");
      button.type = "button";
      button.setAttribute("aria-label", device.words.back);
      button.innerHTML = `<svg viewBox="0 0 24 24"><path d="${BACK}"/></svg>`;
      button.addEventListener("click", (event) => { event.stopPropagation(); back(); });
      this.root.querySelector("header").prepend(button);
    }
  }

  draw({ navigationBarTitleText = "", navigationBarTextStyle = "white", navigationBarBackgroundColor = "#000000", loading = false }) {
    this.root.querySelector("h1").textContent = navigationBarTitleText;
    this.host.style.cssText = `background: ${colour(navigationBarBackgroundColor)}; color: ${navigationBarTextStyle === "black" ? "#000" : "#fff"}`;
    this.host.toggleAttribute("data-loading", loading);
  }
}

/** The tab bar; `choose(index)` opens a tab, `url(path)` gives a picture of the program. */
export class TabBar {
  constructor(config, device, { choose, url }) {
    Object.assign(this, { config, choose });
    this.items = config.list.map((item) => ({ ...item, badge: "", dot: false }));
    Object.assign(this, { url, selected: -1 });
    this.host = document.createElement("div");
    this.host.className = "tab-bar";
    this.root = this.host.attachShadow({ mode: "open" });
    this.root.innerHTML = `<style>
      :host { flex: none; display: block; position: relative; z-index: 2; padding-bottom: ${device.home}px; }
      :host([hidden]) { display: none; }
      nav { display: flex; height: 50px; }
      button { position: relative; flex: 1; display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 2px; border: 0; background: none; color: inherit; font: 500 11px/1.3 inherit; cursor: pointer; }
      button:only-child, button.plain { font-size: 15px; }
      button:focus-visible { outline: 2px solid currentColor; outline-offset: -4px; border-radius: 10px; }
      img { width: 26px; height: 26px; } 
      b { position: absolute; top: 3px; left: 54%; min-width: 16px; padding: 0 4px; border-radius: 9px; background: #fa5151; color: #fff; font: 600 11px/16px sans-serif; box-sizing: border-box; }
      b:empty { min-width: 8px; width: 8px; height: 8px; padding: 0; }
    </style><nav></nav>`;
    this.nav = this.root.querySelector("nav");
    this.nav.addEventListener("click", (event) => {
      event.stopPropagation();
      const button = event.target.closest("button");
      if (button) choose([...this.nav.children].indexOf(button));
    });
  }

  select(index) {
    this.selected = index;
    this.draw();
  }

  show(on) {
    this.host.hidden = !on;
  }

  change(index, told) {
    Object.assign(this.items[index] ?? {}, told);
    this.draw();
  }

  style(told) {
    Object.assign(this.config, told);
    this.draw();
  }

  draw() {
    const { color = "#7a7e83", selectedColor = "#3cc51f", backgroundColor = "#ffffff", borderStyle = "black" } = this.config;
    this.host.style.cssText = `background: ${colour(backgroundColor)}; border-top: 1px solid ${borderStyle === "white" ? "#eee" : "#d8d8d8"}`;
    const focused = [...this.nav.children].indexOf(this.root.activeElement);
    this.nav.replaceChildren(...this.items.map((item, index) => {
      const on = index === this.selected;
      const button = document.createElement("button");
      button.type = "button";
      button.style.color = colour(on ? selectedColor : color);
      if (on) button.setAttribute("aria-current", "page");
      const icon = on ? item.selectedIconPath ?? item.iconPath : item.iconPath;
      if (icon) {
        const picture = button.appendChild(Object.assign(document.createElement("img"), { alt: "" }));
        this.url(`/${icon.replace(/^\//, "")}`).then((src) => { picture.src = src; }, () => picture.remove());
      } else {
        button.className = "plain";
      }
      button.append(item.text ?? "");
      if (item.badge || item.dot) button.appendChild(document.createElement("b")).textContent = item.badge ?? "";
      return button;
    }));
    this.nav.children[focused]?.focus({ preventScroll: true });
  }
}

/** A colour as configured, and nothing that could be more than one. */
function colour(text) {
  return CSS.supports("color", text) ? text : "transparent";
}

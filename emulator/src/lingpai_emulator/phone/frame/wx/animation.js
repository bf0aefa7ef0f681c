// wx.createAnimation: steps of CSS transforms, exported for a view's `animation`.

const TRANSFORMS = ["matrix", "matrix3d", "rotate", "rotate3d", "rotateX", "rotateY", "rotateZ", "scale", "scale3d", "scaleX", "scaleY", "scaleZ",
  "skew", "skewX", "skewY", "translate", "translate3d", "translateX", "translateY", "translateZ"];
const STYLES = ["opacity", "backgroundColor", "width", "height", "top", "left", "bottom", "right"];
const LENGTHS = new Set(["width", "height", "top", "left", "bottom", "right"]);

export function createAnimation({ duration = 400, timingFunction = "linear", delay = 0, transformOrigin = "50% 50% 0" } = {}) {
  const usual = { duration, timingFunction, delay, transformOrigin };
  let [steps, now] = [[], []];
  const animation = {
    step(options = {}) {
      steps.push({ animates: now, option: { ...usual, ...options } });
      now = [];
      return animation;
    },
    export() {
      const actions = steps;
      steps = [];
      return { actions };
    },
  };
  for (const type of TRANSFORMS) animation[type] = (...args) => push({ type, args });
  for (const name of STYLES) animation[name] = (value) => push({ type: "style", args: [name, LENGTHS.has(name) && typeof value === "number" ? `${value}px` : value] });
  function push(one) {
    now.push(one);
    return animation;
  }
  return animation;
}

/** Play what `export` gave on an element. */
export function play(element, { actions = [] } = {}) {
  let wait = Promise.resolve();
  for (const { animates, option } of actions) {
    wait = wait.then(() => played(element, animates, option));
  }
}

async function played(element, animates, { duration, timingFunction, delay, transformOrigin }) {
  Object.assign(element.style, { transition: `all ${duration}ms ${timingFunction} ${delay}ms`, transformOrigin });
  const transform = animates.filter(({ type }) => type !== "style").map(({ type, args }) => `${type}(${args.map((value) => unit(type, value)).join(",")})`);
  if (transform.length) element.style.transform = transform.join(" ");
  for (const { type, args: [name, value] } of animates) if (type === "style") element.style[name] = value;
  await new Promise((resolve) => setTimeout(resolve, duration + delay));
}

function unit(type, value) {
  if (typeof value !== "number") return value;
  if (type.startsWith("translate")) return `${value}px`;
  return type.startsWith("rotate") || type.startsWith("skew") ? `${value}deg` : value;
}

// wx.createSelectorQuery: where elements are, asked now and answered after what was set is drawn.

import { componentOf, domOf, elementsIn } from "../engine.js";

/** `page()` is the instance whose template is searched until `in` says otherwise. */
export class SelectorQuery {
  #asked = [];
  #callbacks = [];

  constructor(page) {
    this.page = page;
  }

  in(instance) {
    this.page = () => instance;
    return this;
  }

  select(selector) {
    return new Nodes(this, (found) => found(selector).slice(0, 1), false);
  }

  selectAll(selector) {
    return new Nodes(this, (found) => found(selector), true);
  }

  selectViewport() {
    return new Nodes(this, null, false);
  }

  exec(done) {
    const owner = this.page();
    const [asked, callbacks] = [this.#asked, this.#callbacks];
    setTimeout(() => {
      const results = asked.map((ask) => ask(owner));
      results.forEach((result, index) => callbacks[index]?.call(owner, result));
      done?.call(owner, results);
    });
    return this;
  }

  /** Used by Nodes. */
  ask(question, callback) {
    this.#asked.push(question);
    this.#callbacks.push(callback);
    return this;
  }
}

class Nodes {
  constructor(query, pick, many) {
    Object.assign(this, { query, pick, many });
  }

  boundingClientRect(callback) {
    return this.fields({ id: true, dataset: true, rect: true, size: true }, callback);
  }

  scrollOffset(callback) {
    return this.fields({ id: true, dataset: true, scrollOffset: true }, callback);
  }

  node(callback) {
    return this.fields({ node: true }, callback);
  }

  context(callback) {
    return this.fields({ context: true }, callback);
  }

  fields(wanted, callback) {
    return this.query.ask((owner) => {
      if (!this.pick) return viewport(owner, wanted);
      const nodes = this.pick((selector) => elementsIn(owner, selector));
      const told = nodes.map((node) => described(node, wanted));
      return this.many ? told : told[0] ?? null;
    }, callback);
  }
}

function described(node, { id, dataset, mark, rect, size, scrollOffset, properties = [], computedStyle = [], node: itself, context }) {
  const element = domOf(node);
  const box = element.getBoundingClientRect();
  const view = element.closest(".page-view")?.getBoundingClientRect() ?? { left: 0, top: 0 };
  const scroller = element.localName === "wx-page" ? element.parentNode : element;
  const style = getComputedStyle(element);
  const [left, top] = [box.left - view.left, box.top - view.top];
  return {
    ...(id && { id: node.id }),
    ...(dataset && { dataset: node.dataset ?? {} }),
    ...(mark && { mark: node.collectMarks?.() ?? {} }),
    ...(rect && { left, top, right: left + box.width, bottom: top + box.height }),
    ...(size && { width: box.width, height: box.height }),
    ...(scrollOffset && { scrollLeft: scroller.scrollLeft, scrollTop: scroller.scrollTop, scrollWidth: scroller.scrollWidth, scrollHeight: scroller.scrollHeight }),
    ...Object.fromEntries(properties.map((name) => [name, node.data?.[name]])),
    ...Object.fromEntries(computedStyle.map((name) => [name, style[name]])),
    ...(itself && { node: null }),
    ...(context && { context: null }),
  };
}

function viewport(owner, { rect, size, scrollOffset }) {
  const scroller = domOf(componentOf(owner)).closest(".page-scroll");
  const { clientWidth, clientHeight, scrollTop, scrollLeft, scrollHeight, scrollWidth } = scroller;
  return {
    id: "",
    dataset: {},
    ...(rect && { left: 0, top: 0, right: clientWidth, bottom: clientHeight }),
    ...(size && { width: clientWidth, height: clientHeight }),
    ...(scrollOffset && { scrollLeft, scrollTop, scrollHeight, scrollWidth }),
  };
}

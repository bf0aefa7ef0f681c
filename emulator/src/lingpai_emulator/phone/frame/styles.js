// WXSS to CSS: rpx, WeChat's tag names, the scope of a component's classes, @import.

import { tokenTypes as T, tokenize } from "./vendor/css-tokenizer.js";

const RPX = 7.5; // of a screen 750 rpx wide, one hundredth is 7.5
const NESTING = new Set(["media", "supports", "layer", "container", "document"]);
const NOT_SELECTORS = /^(nth-|lang|dir)/;

/**
 * The CSS of a text. `scope` prefixes every class and stands for `:host`; without one the classes
 * are the page's. `imported(path)` gives the CSS of an `@import`.
 */
export function compiled(source, { scope = "", imported = () => "" } = {}) {
  return new Sheet(source, scope, imported).css();
}

/** The same for a style attribute. */
export function inlineStyle(text) {
  return /rpx|vh/i.test(text) ? new Sheet(text, "", () => "").declarations() : text;
}

class Sheet {
  constructor(source, scope, imported) {
    Object.assign(this, { source, scope, imported });
    this.tokens = [];
    tokenize(source, (type, start, end) => this.tokens.push({ type, text: source.slice(start, end) }));
    this.at = 0;
    this.out = [];
  }

  css() {
    this.#rules(false);
    return this.out.join("");
  }

  declarations() {
    return this.tokens.map((token) => this.#value(token)).join("");
  }

  get #now() {
    return this.tokens[this.at];
  }

  /** Rules up to the brace that closes them, or to the end. */
  #rules(inside) {
    while (this.at < this.tokens.length) {
      const { type, text } = this.#now;
      if (type === T.RightCurlyBracket) {
        this.at += 1;
        if (inside) return void this.out.push("}");
      } else if (type === T.WhiteSpace || type === T.Comment || type === T.CDO || type === T.CDC || type === T.Semicolon) {
        this.out.push(type === T.WhiteSpace ? " " : "");
        this.at += 1;
      } else if (type === T.AtKeyword) {
        this.#atRule(text.slice(1).toLowerCase().replace(/^-\w+-/, ""));
      } else {
        this.out.push(this.#selectors());
        this.#block();
      }
    }
  }

  #atRule(name) {
    if (name === "import") return this.#import();
    const prelude = [];
    while (this.at < this.tokens.length && ![T.LeftCurlyBracket, T.Semicolon].includes(this.#now.type)) {
      prelude.push(this.#value(this.tokens[this.at++], false));
    }
    this.out.push(prelude.join(""));
    if (this.#now?.type !== T.LeftCurlyBracket) {
      this.out.push(";");
      this.at += 1;
    } else if (NESTING.has(name)) {
      this.out.push("{");
      this.at += 1;
      this.#rules(true);
    } else {
      this.#block();
    }
  }

  #import() {
    let path = "";
    while (this.at < this.tokens.length && this.#now.type !== T.Semicolon) {
      const { type, text } = this.tokens[this.at++];
      if (type === T.String) path = text.slice(1, -1);
      if (type === T.Url) path = text.slice(4, -1).trim();
    }
    this.at += 1;
    if (path) this.out.push(this.imported(path));
  }

  /** A block as it is, but for its values. Blocks inside it, as in @keyframes, are its own. */
  #block() {
    let depth = 0;
    while (this.at < this.tokens.length) {
      const token = this.tokens[this.at++];
      if (token.type === T.Comment) continue;
      this.out.push(this.#value(token));
      if (token.type === T.LeftCurlyBracket) depth += 1;
      if (token.type === T.RightCurlyBracket && --depth <= 0) return;
    }
  }

  /** `vh` is a hundredth of the page below the navigation bar; in a query, which knows no variables, of the screen. */
  #value({ type, text }, variables = true) {
    if (variables && type === T.Dimension && /\dvh$/i.test(text)) return `calc(${Number.parseFloat(text)} * var(--vh))`;
    if (type === T.Dimension && /rpx$/i.test(text)) return `${Number.parseFloat(text) / RPX}vw`;
    if (type === T.Url) return text.replace(/^(url\(\s*)\/\//i, "$1https://");
    if (type === T.String) return text.replace(/^(["'])\/\//, "$1https://");
    return text;
  }

  /** What stands before a block, with tags, classes and the host in the phone's own words. */
  #selectors() {
    const out = [];
    const functions = []; // names of the pseudo-class functions one is in
    let before = "";
    let brackets = 0;
    while (this.at < this.tokens.length && this.#now.type !== T.LeftCurlyBracket) {
      const { type, text } = this.tokens[this.at++];
      if (type === T.Comment) continue;
      if (type === T.LeftSquareBracket) brackets += 1;
      if (type === T.RightSquareBracket) brackets -= 1;
      if (type === T.Function) functions.push(text.slice(0, -1).toLowerCase());
      if (type === T.RightParenthesis) functions.pop();
      const literal = brackets > 0 || NOT_SELECTORS.test(functions.at(-1) ?? "");
      if (type === T.Ident && !literal) this.#named(out, text, before);
      else out.push(text);
      before = text;
    }
    return out.join("");
  }

  #named(out, name, before) {
    if (before === ".") out.push(this.scope ? `${this.scope}--${name}` : name);
    else if (before === ":" && name === "host") out[out.length - 1] = `[wx-host="${this.scope}"]`;
    else if (before === ":") out.push(name);
    else out.push(name.startsWith("wx-") ? name : `wx-${name}`);
  }
}

// WXS, the small language of templates: JavaScript, but for a few names.

const TYPE = "__wxsType";

// A value's `constructor` is the name of its type, as a text.
Object.defineProperty(Object.prototype, TYPE, {
  get() { return Object.prototype.toString.call(this).slice(8, -1); },
  set(value) { Object.defineProperty(this, TYPE, { value, writable: true, configurable: true }); },
  configurable: true,
});

const HEAD = "var getRegExp=function(s,f){return new RegExp(s,f)},"
  + "getDate=function(){return new (Function.prototype.bind.apply(Date,[null].concat([].slice.call(arguments))))};";

// Strings, comments, and what differs from JavaScript outside of them.
const PARTS = /"(?:\\[^]|[^"\\])*"|'(?:\\[^]|[^'\\])*'|\/\*[^]*?\*\/|\/\/[^\n]*|\.constructor\b/g;
// In a string a backslash stays before a letter that it does not escape: patterns are written as "\d".
const LOOSE = /\\([^nrtbfv0-9'"\\ux\n])|\\(\\)/g;

/** A script as JavaScript, on the same lines. */
export function wxs(text) {
  return HEAD + text.replace(PARTS, (part) => {
    if (part === ".constructor") return `.${TYPE}`;
    return part[0] === "/" ? part : part.replace(LOOSE, (found, letter) => (letter === undefined ? found : `\\\\${letter}`));
  });
}

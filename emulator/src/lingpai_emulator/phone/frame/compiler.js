// WXML to JavaScript: WeChat's own compiler, a WebAssembly module, called through its C interface.

const WORD = 4;
const WARNING = 28; // bytes: message, length, level, then four numbers of a place
const LEVELS = { 1: "note", 2: "warn", 3: "error", 4: "error" };

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The module, ready to make groups; `bytes` is an ArrayBuffer. */
export async function loadCompiler(bytes) {
  const module = await WebAssembly.compile(bytes);
  const imports = {};
  // The imports serve the module's other interface, the one for JavaScript; nothing here calls them.
  for (const { module: from, name } of WebAssembly.Module.imports(module)) (imports[from] ??= {})[name] = () => 0;
  return new Compiler((await WebAssembly.instantiate(module, imports)).exports);
}

class Compiler {
  constructor(exports) {
    this.wasm = exports;
  }

  newGroup() {
    return new Group(this.wasm);
  }
}

/** Templates and scripts that can name one another. `free` it when its source has been taken. */
class Group {
  #wasm;
  #self;
  #answer;

  constructor(wasm) {
    this.#wasm = wasm;
    this.#self = wasm.__wbindgen_malloc(WORD, WORD);
    this.#answer = wasm.__wbindgen_malloc(2 * WORD, WORD);
    const made = wasm.tmpl_group_new();
    this.#view().setUint32(this.#self, made, true);
  }

  /** Add a template under a path without suffix; what is wrong with it as `{level, text, line, column}`. */
  add(path, text) {
    this.#wasm.tmpl_group_add_tmpl(this.#answer, this.#self, ...this.#passed(path), ...this.#passed(text));
    return this.#list(WARNING, (view, at) => ({
      text: this.#text(view.getUint32(at, true), view.getUint32(at + 4, true)),
      level: LEVELS[view.getUint8(at + 8)] ?? "error",
      line: view.getUint32(at + 12, true) + 1,
      column: view.getUint32(at + 16, true) + 1,
    }));
  }

  addScript(path, text) {
    this.#wasm.tmpl_group_add_script(this.#self, ...this.#passed(path), ...this.#passed(text));
  }

  /** The templates that a template imports or includes. */
  templatesOf(path) {
    this.#wasm.tmpl_group_get_direct_dependencies(this.#answer, this.#self, ...this.#passed(path));
    return this.#texts();
  }

  /** The .wxs files that a template names. */
  scriptsOf(path) {
    this.#wasm.tmpl_group_get_script_dependencies(this.#answer, this.#self, ...this.#passed(path));
    return this.#texts();
  }

  /** An expression: an object from path to template. */
  source() {
    this.#wasm.tmpl_group_get_tmpl_gen_object_groups(this.#answer, this.#self);
    const view = this.#view();
    return this.#text(view.getUint32(this.#answer, true), view.getUint32(this.#answer + WORD, true));
  }

  free() {
    this.#wasm.tmpl_group_free(this.#view().getUint32(this.#self, true));
  }

  #view() {
    return new DataView(this.#wasm.memory.buffer); // anew each time: the memory may have grown
  }

  #passed(text) {
    const bytes = encoder.encode(text);
    const at = this.#wasm.__wbindgen_malloc(bytes.length || 1, 1);
    new Uint8Array(this.#wasm.memory.buffer).set(bytes, at);
    return [at, bytes.length];
  }

  #text(at, length) {
    return decoder.decode(new Uint8Array(this.#wasm.memory.buffer, at, length));
  }

  #texts() {
    return this.#list(2 * WORD, (view, at) => this.#text(view.getUint32(at, true), view.getUint32(at + WORD, true)));
  }

  #list(size, read) {
    const view = this.#view();
    const [at, length] = [view.getUint32(this.#answer, true), view.getUint32(this.#answer + WORD, true)];
    return Array.from({ length }, (_, number) => read(view, at + number * size));
  }
}

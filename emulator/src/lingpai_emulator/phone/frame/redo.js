// What a person did in the program, named so that it can be done again: the page, and the place in it.

const CONTROLS = "input, textarea";

/** Tell the page around of every tap and of all that is typed. `page()` is the path of the page that is seen. */
export function watch(tell, page) {
  document.addEventListener("click", ({ target, isTrusted }) => {
    const at = placeOf(target);
    if (isTrusted && at !== null) tell({ do: "tap", page: page(), at });
  }, { capture: true });
  document.addEventListener("input", ({ target }) => {
    const at = placeOf(target);
    if (at !== null && target.matches(CONTROLS)) tell({ do: "type", page: page(), at, value: target.value });
  }, { capture: true });
}

/** Do one step; false when its page or its place is not there (yet). */
export function redo(step, program) {
  const { stack, bars } = program;
  if (step.page !== undefined && step.page !== stack.top?.path) return false;
  if (step.do === "back") return stack.pages.length > 1 && (stack.navigateBack(), true);
  if (step.do === "tab") return Boolean(bars.tabs) && (bars.tabs.choose(step.index), true);
  const element = found(step.at, stack.top);
  if (!element) return false;
  if (step.do === "tap") {
    element.click();
    return true;
  }
  element.value = step.value;
  element.dispatchEvent(new Event("input", { bubbles: true }));
  return true;
}

/** The way from the page down: the number of each child among its siblings. Null outside of a page. */
function placeOf(element) {
  const way = [];
  for (let at = element; at && at.localName !== "wx-page"; at = at.parentElement) {
    if (!at.parentElement) return null;
    way.unshift([...at.parentElement.children].indexOf(at));
  }
  return way.join("/");
}

function found(at, page) {
  let element = page?.scroller.querySelector("wx-page") ?? null;
  for (const index of at === "" ? [] : at.split("/")) element = element?.children[Number(index)] ?? null;
  return element;
}

// How a path in a program is read: from the program's root, or from the file that names it.

/** `./b` in `pages/a/a` is `pages/a/b`. Of a path with a leading slash only the root counts. */
export function joined(path, from = "") {
  const parts = path.startsWith("/") ? [] : from.split("/").slice(0, -1);
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.join("/");
}

/** The folders above a file, the nearest first, the root (an empty text) last. */
export function above(from) {
  const parts = from.split("/").slice(0, -1);
  return [...parts.keys()].map((count) => parts.slice(0, parts.length - count).join("/")).concat("");
}

/** `{path, query}` of a URL such as `/pages/a/a?id=1`. Values are decoded once. */
export function parsedUrl(url, from = "") {
  const [path, search = ""] = url.split("?", 2);
  const query = {};
  for (const pair of search.split("&").filter(Boolean)) {
    const [name, value = ""] = pair.split("=", 2);
    query[decoded(name)] = decoded(value);
  }
  return { path: joined(path, from), query };
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

// What `setData` takes over: a copy, as between a phone's two threads, and nothing that is undefined.

/** A deep copy. `onUndefined(name)` hears of fields that cannot be set. */
export function copied(data, onUndefined) {
  const told = {};
  for (const [name, value] of Object.entries(data ?? {})) {
    if (value === undefined) onUndefined(name);
    else told[name] = copy(value, new Map());
  }
  return told;
}

/** Plain objects and arrays anew; functions stay, since the logic side of a phone keeps them. */
function copy(value, seen) {
  if (typeof value !== "object" || value === null) return value;
  if (seen.has(value)) return seen.get(value);
  if (Array.isArray(value)) {
    const list = [];
    seen.set(value, list);
    for (const item of value) list.push(copy(item, seen));
    return list;
  }
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  const made = {};
  seen.set(value, made);
  for (const [name, item] of Object.entries(value)) made[name] = copy(item, seen);
  return made;
}

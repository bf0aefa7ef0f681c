// Waiting for a condition, and not for ever.

/** Resolves when `holds()` does; throws after ten seconds. */
export async function until(holds) {
  const over = AbortSignal.timeout(10_000);
  while (!(await holds())) {
    if (over.aborted) throw new Error(`It never held: ${holds}`);
    await new Promise(setImmediate);
  }
}

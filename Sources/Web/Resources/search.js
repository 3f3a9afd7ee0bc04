// What the search box suggests.

import { fetchPart } from "./parts.js";

const pause = 120;

/** Fills the box's list as somebody types; a request that came to be of no use is cancelled. */
export function suggest(box) {
  if (!box) return;
  let timer;
  let running;
  box.addEventListener("input", () => {
    clearTimeout(timer);
    running?.abort();
    if (!box.value.trim()) return box.list.replaceChildren();
    timer = setTimeout(async () => {
      running = new AbortController();
      try {
        box.list.replaceChildren(
          await fetchPart(`/suggestions?q=${encodeURIComponent(box.value)}`, running.signal));
      } catch {
        // Suggestions are no more than that.
      }
    }, pause);
  });
}

// The state of the work, as it changes.

import { elements } from "./parts.js";

/** Shows news as long as the page is seen; a page that is not costs nothing. */
export function listenToStatus(part) {
  let source;
  const listen = () => {
    source?.close();
    source = undefined;
    if (document.hidden) return;
    source = new EventSource(part.dataset.news);
    source.addEventListener("message", (event) => {
      // Whoever is about to press the button keeps it.
      const hasFocus = part.contains(document.activeElement);
      part.replaceChildren(elements(event.data));
      if (hasFocus) part.querySelector("[data-post]")?.focus();
    });
  };
  document.addEventListener("visibilitychange", listen);
  addEventListener("pagehide", () => source?.close());
  listen();
}

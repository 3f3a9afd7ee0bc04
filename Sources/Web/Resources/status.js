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
      // Whoever is about to press the button keeps it, or goes on from the heading where it is gone.
      const hasFocus = part.contains(document.activeElement);
      const wasBusy = part.querySelector("progress") && part.dataset.reload;
      part.replaceChildren(elements(event.data));
      // What a search was about has to be fetched once it is done.
      if (wasBusy && !part.querySelector("progress")) return location.reload();
      if (hasFocus) (part.querySelector("[data-post]") ?? document.querySelector("h1")).focus();
    });
  };
  document.addEventListener("visibilitychange", listen);
  addEventListener("pagehide", () => source?.close());
  listen();
}

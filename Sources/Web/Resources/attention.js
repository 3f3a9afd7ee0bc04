// What the model's one token looked at, laid over the picture.

import { isWriting } from "./keys.js";
import { fetchPart, say } from "./parts.js";

class Look {
  constructor(main, button) {
    this.main = main;
    this.button = button;
    this.section = button.closest("section");
    button.addEventListener("click", () => this.turn());
    this.section.addEventListener("click", (event) => {
      const link = event.target.closest("nav a");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.show(link.getAttribute("href")).then(() => this.section.querySelector("nav [aria-current]")?.focus());
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "h" || event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
      if (!document.querySelector("dialog")) this.turn();
    });
  }

  get isOn() {
    return this.button.getAttribute("aria-pressed") === "true";
  }

  turn() {
    if (this.isOn) this.hide();
    else this.show(this.button.dataset.look);
  }

  hide() {
    this.running?.abort();
    this.button.setAttribute("aria-pressed", "false");
    this.main.querySelector(".looked svg")?.remove();
    this.section.querySelector("#attention")?.remove();
  }

  async show(address) {
    this.running?.abort();
    const running = new AbortController();
    this.running = running;
    this.button.setAttribute("aria-pressed", "true");
    this.section.setAttribute("aria-busy", "true");
    say("Looking.");
    try {
      const part = await fetchPart(`${address}${address.includes("?") ? "&" : "?"}part=1`, running.signal);
      if (running.signal.aborted) return;
      this.main.querySelector(".looked svg")?.remove();
      this.section.querySelector("#attention")?.remove();
      const map = part.querySelector("svg.attention");
      if (map) this.main.querySelector(".looked").append(map);
      this.section.append(part);
      say(this.section.querySelector("#attention").dataset.said);
    } catch (error) {
      if (error.name === "AbortError") return;
      this.hide();
      say("The model is busy. Try again in a moment.");
    } finally {
      if (this.running === running) this.section.removeAttribute("aria-busy");
    }
  }
}

/** Lets somebody see what the model looked at. */
export function enhanceAttention(main) {
  const button = main.querySelector("[data-look]");
  if (button) new Look(main, button);
}

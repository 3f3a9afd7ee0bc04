// A question about a picture: asked without leaving the page, and stopped when nobody wants the answer any more.

import { fetchPart, post, say } from "./parts.js";

class Question {
  constructor(form) {
    this.form = form;
    this.section = form.closest("section");
    this.stopButton = form.querySelector("[data-stop]");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation();
      this.ask();
    });
    this.stopButton.addEventListener("click", () => this.stop());
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.running) return;
      event.stopPropagation();
      this.stop();
    });
    // Whoever begins to write is told whether an answer will take longer.
    form.elements.question.addEventListener("focus", () => this.fetch("?part=1").catch(() => {}), { once: true });
    addEventListener("pagehide", () => this.running && this.stop());
  }

  async fetch(query, signal) {
    const part = await fetchPart(this.form.getAttribute("action") + query, signal);
    if (!part.firstElementChild) return;
    const said = part.firstElementChild.dataset.said;
    this.section.querySelector(".answer").replaceChildren(part);
    say(said);
  }

  async ask() {
    if (this.running) return;
    this.running = new AbortController();
    this.stopButton.hidden = false;
    this.section.setAttribute("aria-busy", "true");
    say("Asking.");
    try {
      const question = encodeURIComponent(this.form.elements.question.value);
      await this.fetch(`?part=1&question=${question}`, this.running.signal);
    } catch (error) {
      if (error.name !== "AbortError") say("The model is busy. Try again in a moment.");
    } finally {
      this.running = undefined;
      this.stopButton.hidden = true;
      this.section.removeAttribute("aria-busy");
    }
  }

  stop() {
    post(`${this.form.getAttribute("action")}/stop`).catch(() => {});
    this.running?.abort();
    say("Stopped.");
  }
}

/** Lets somebody ask about what a picture or clip shows. */
export function enhanceAsking(main) {
  const form = main.querySelector("[data-ask]");
  if (form) new Question(form);
}

// A picture's words in place: a person's caption and tags, saved without leaving the page, and taken back.

import { isWriting } from "./keys.js";
import { elements, post, say } from "./parts.js";

const meanwhile = "Somebody has changed this meanwhile. What it says now stands above; save again if yours is to count.";

class Words {
  constructor(main) {
    this.main = main;
    main.addEventListener("click", ({ target }) => {
      if (target.closest("[data-edit]")) this.open();
      if (target.closest("[data-cancel]")) this.close();
      if (target.closest("[data-undo]")) this.undo();
    });
    main.addEventListener("submit", (event) => {
      if (event.target !== this.form) return;
      event.preventDefault();
      this.save();
    });
    document.addEventListener("keydown", (event) => this.press(event), { capture: true });
  }

  get part() {
    return this.main.querySelector("#words");
  }

  get form() {
    return this.part.querySelector("form");
  }

  press(event) {
    const isInForm = this.form.contains(event.target);
    if (isInForm && event.key === "Escape") this.close();
    else if (isInForm && event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.form.requestSubmit();
    else if (isInForm || event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
    else if (document.querySelector("dialog")) return;
    else if (event.key === "e") this.open();
    else if (event.key === "z" && this.part.querySelector("[data-undo]")) this.undo();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  open() {
    this.part.classList.add("open");
    this.form.hidden = false;
    this.form.querySelector("textarea").focus();
  }

  close() {
    this.form.reset();
    this.form.hidden = true;
    this.part.classList.remove("open");
    this.part.querySelector("[data-edit]").focus();
  }

  /** What the form changes of what it began with. */
  get changes() {
    const caption = this.form.querySelector("textarea");
    const boxes = [...this.form.querySelectorAll("[name=tag]")];
    const given = this.form.querySelector("#new-tags").value.split(",").map((tag) => tag.trim()).filter(Boolean);
    const changes = { given, taken: boxes.filter((box) => !box.checked).map((box) => box.value) };
    if (this.form.querySelector("#withdraw")?.checked) changes.caption = null;
    else if (caption.value.trim() !== caption.defaultValue.trim()) changes.caption = caption.value.trim();
    return changes;
  }

  async save() {
    const { form } = this;
    const typed = [form.querySelector("textarea").value, form.querySelector("#new-tags").value];
    const response = await this.send(form.getAttribute("action"), this.changes);
    const problem = form.querySelector("[role=alert]");
    if (response?.ok) return this.show(await response.text(), "Saved.");
    if (response?.status !== 409) {
      problem.textContent = response ? await response.text() : "The server does not answer.";
      return;
    }
    // What was typed stays, beside what stands there now.
    this.part.replaceWith(elements(await response.text()));
    this.open();
    [this.form.querySelector("textarea").value, this.form.querySelector("#new-tags").value] = typed;
    this.form.querySelector("[role=alert]").textContent = meanwhile;
  }

  async undo() {
    const response = await this.send(this.form.getAttribute("action").replace(/words$/, "undo"), {});
    if (!response) return say("The server does not answer.");
    this.show(await response.text(), response.ok ? "Undone." : meanwhile);
  }

  send(address, changes) {
    return post(address, { seen: Number(this.form.dataset.seen), ...changes }).catch(() => undefined);
  }

  /** Shows what is said now, also in the picture's alternative and in the title. */
  show(markup, news) {
    this.part.replaceWith(elements(markup));
    const { title } = this.part.dataset;
    this.main.querySelector("img.preview")?.setAttribute("alt", title);
    this.main.querySelector("video.preview")?.setAttribute("aria-label", title);
    document.title = `${title} · Vignette`;
    this.part.querySelector("[data-edit]").focus();
    say(news);
  }
}

/** Lets somebody change what is said of a picture. */
export function enhanceWords(main) {
  new Words(main);
}

// What a page gains by scripts; all of it works without, but for keys and the retry button.

import { listenToKeys } from "./keys.js";
import { post, say, tint } from "./parts.js";
import { enhancePicture } from "./picture.js";
import { suggest } from "./search.js";
import { listenToStatus } from "./status.js";
import { enhanceGrids } from "./timeline.js";

/** Lets a button change something on the server, and then say so or lead on. */
async function press(button) {
  button.disabled = true;
  const response = await post(button.dataset.post).catch(() => undefined);
  if (response?.ok && button.dataset.next) return location.assign(button.dataset.next);
  const text = response?.ok ? await response.text() : "That did not work.";
  say(text);
  button.textContent = text;
  // What cannot be pressed any more keeps nobody: the keyboard goes on from the heading.
  if (document.activeElement === document.body) document.querySelector("h1")?.focus();
}

document.documentElement.classList.add("has-script");
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-post]");
  if (button) press(button);
});
tint(document);
const main = document.querySelector("main");
listenToKeys();
suggest(document.querySelector("#q"));
if (document.querySelector(".run")) enhanceGrids(main);
if (main?.matches(".picture")) enhancePicture(main);
const status = document.querySelector("[data-news]");
if (status) listenToStatus(status);

// One picture or clip: keys, swipes, what is like it, and the bar of a clip's time.

import { enhanceAsking } from "./ask.js";
import { enhanceAttention } from "./attention.js";
import { isWriting } from "./keys.js";
import { fetchPart } from "./parts.js";
import { enhanceWords } from "./words.js";

/** Where the ways to the neighbours lead: through the list that one came from, or else through the timeline. */
function setWays(main) {
  const list = JSON.parse(sessionStorage.getItem("list") ?? "null");
  const place = list?.addresses.indexOf(location.pathname + location.search) ?? -1;
  if (place < 0 || !list.from.startsWith("/search")) return;
  for (const [rel, address] of [["prev", list.addresses[place - 1]], ["next", list.addresses[place + 1]]]) {
    const way = main.querySelector(`.way.${rel}`);
    if (!address) way?.remove();
    else if (way) way.href = address;
  }
}

function go(main, rel) {
  const way = main.querySelector(`.way.${rel}`);
  // Leafing through a hundred pictures is one step back to the list.
  if (way) location.replace(way.href);
}

function listenToWays(main) {
  for (const rel of ["prev", "next"]) {
    main.querySelector(`.way.${rel}`)?.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      go(main, rel);
    });
  }
}

function listenToKeys(main) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
    if (document.querySelector("dialog") || document.activeElement?.closest(".grid")) return;
    const clip = main.querySelector("video");
    // What is being asked or edited is left first, by listeners of their own.
    if (event.key === "Escape" && event.target.closest?.("[aria-busy], form.edit")) return;
    if (event.key === "ArrowLeft") go(main, "prev");
    else if (event.key === "ArrowRight") go(main, "next");
    else if (event.key === "Escape") goBack();
    else if (event.key === " " && clip && event.target !== clip && !event.target.closest?.("a, button")) {
      if (clip.paused) clip.play();
      else clip.pause();
    } else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, { capture: true });
}

/** To the list, at the place that one left. */
function goBack() {
  if (history.length > 1 && sessionStorage.getItem("list")) history.back();
  else location.assign("/");
}

function listenToSwipes(main) {
  const stage = main.querySelector(".stage");
  let start;
  stage.addEventListener("touchstart", (event) => {
    start = event.touches.length === 1 ? event.touches[0] : undefined;
  }, { passive: true });
  stage.addEventListener("touchend", (event) => {
    const end = event.changedTouches[0];
    if (!start || event.target.closest("video") || visualViewport?.scale > 1) return;
    const across = end.clientX - start.clientX;
    if (Math.abs(across) > 60 && Math.abs(across) > 2 * Math.abs(end.clientY - start.clientY)) {
      go(main, across > 0 ? "prev" : "next");
    }
  }, { passive: true });
}

/** Fills the part with what is like the picture once it comes into view. */
function showSimilar(part) {
  new IntersectionObserver(async ([entry], observer) => {
    if (!entry.isIntersecting) return;
    observer.disconnect();
    try {
      part.querySelector(".more").replaceWith(await fetchPart(part.dataset.part));
    } catch {
      // The link stays.
    }
  }, { rootMargin: "100px" }).observe(part);
}

/** A clip's stretches: links that lead to their second, and a bar of them all. */
class Clip {
  constructor(main, clip) {
    this.clip = clip;
    this.links = [...main.querySelectorAll(".stretches a")];
    const problem = main.querySelector(".unplayable");
    clip.addEventListener("error", () => problem.removeAttribute("hidden"));
    for (const link of this.links) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        this.seek(Number(link.dataset.start));
      });
    }
    clip.addEventListener("loadedmetadata", () => this.draw(main), { once: true });
    if (clip.readyState > 0) this.draw(main);
    clip.addEventListener("timeupdate", () => this.mark());
    const second = /^#t=(\d+)$/.exec(location.hash);
    if (second) this.seek(Number(second[1]));
  }

  seek(second) {
    this.clip.currentTime = second;
    this.clip.play()?.catch(() => {});
  }

  draw(main) {
    const list = main.querySelector(".stretches ol");
    if (!list || this.now || !Number.isFinite(this.clip.duration)) return;
    const bar = Object.assign(document.createElement("div"), { className: "times" });
    bar.setAttribute("aria-hidden", "true");
    for (const link of this.links) {
      const part = document.createElement("span");
      part.classList.toggle("marked", link.parentElement.matches(".marked"));
      part.title = link.textContent.trim();
      part.style.left = this.share(link.dataset.start);
      part.style.width = `calc(${this.share(link.dataset.end)} - ${this.share(link.dataset.start)})`;
      bar.append(part);
    }
    this.now = Object.assign(document.createElement("span"), { className: "now" });
    bar.append(this.now);
    bar.addEventListener("click", (event) => {
      const box = bar.getBoundingClientRect();
      this.seek(((event.clientX - box.left) / box.width) * this.clip.duration);
    });
    list.before(bar);
  }

  share(second) {
    return `${Math.min((100 * Number(second)) / this.clip.duration, 100)}%`;
  }

  mark() {
    const time = this.clip.currentTime;
    if (this.now) this.now.style.left = this.share(time);
    this.links.forEach((link) => {
      const isNow = time >= Number(link.dataset.start) && time < Number(link.dataset.end);
      if (isNow) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
  }
}

/** Makes a picture's page quick to use. */
export function enhancePicture(main) {
  setWays(main);
  listenToWays(main);
  // The list, when one comes back to it, shows where one has got to.
  sessionStorage.setItem("seen", location.pathname + location.search);
  enhanceWords(main);
  enhanceAttention(main);
  enhanceAsking(main);
  listenToKeys(main);
  listenToSwipes(main);
  // The small picture is there already, and stands behind the large one until that comes.
  const preview = main.querySelector("img.preview");
  if (preview) preview.style.backgroundImage = `url("${preview.getAttribute("src").replace(/large$/, "small")}")`;
  const similar = main.querySelector("[data-part]");
  if (similar) showSimilar(similar);
  const clip = main.querySelector("video");
  if (clip) new Clip(main, clip);
}

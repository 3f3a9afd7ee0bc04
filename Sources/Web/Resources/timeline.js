// Lists of pictures without an end: runs of them come as one scrolls, up and down, and those far away give their
// memory back. The server renders every run; an address leads to every place.

import { firstInView } from "./keys.js";
import { fetchPart } from "./parts.js";

/** Runs this many screens away are emptied; they come again when one scrolls back. */
const kept = 6;

/** So far before the end of what is there the next run is fetched, in screens. */
const ahead = 2;

class Runs {
  constructor(main) {
    this.main = main;
    this.requests = new Map();
    this.watcher = new IntersectionObserver((entries) => entries.forEach((entry) => this.turn(entry)), {
      rootMargin: `${kept * 100}% 0px`,
    });
    this.pictures = new IntersectionObserver(showOrCancel, { rootMargin: "60% 0px" });
    main.querySelectorAll(".run").forEach((run) => this.add(run));
    this.all[0].address = location.pathname + location.search;
    addEventListener("scroll", () => this.later(), { passive: true });
    this.later();
  }

  /** Takes a run in, without the links that lead on where no script runs. */
  add(run) {
    this.takeIn(run);
    this.watch(run);
  }

  takeIn(run) {
    run.querySelectorAll(".more").forEach((link) => link.remove());
    run.querySelectorAll("img").forEach((image) => this.pictures.observe(image));
  }

  /** Looks anew where a run is. */
  watch(run) {
    this.watcher.unobserve(run);
    this.watcher.observe(run);
  }

  get all() {
    return [...this.main.querySelectorAll(":scope > .run")];
  }

  /** Looks once a frame whether an end has come near. */
  later() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      const runs = this.all;
      if (!runs.length) return;
      const reach = innerHeight * ahead;
      if (runs.at(-1).getBoundingClientRect().bottom < innerHeight + reach) this.extend(runs.at(-1), "older");
      if (runs[0].getBoundingClientRect().top > -reach) this.extend(runs[0], "newer");
      this.onScroll?.();
    });
  }

  /** Fetches what lies beyond a run, once. */
  async extend(run, side) {
    const address = run.dataset[side];
    if (!address || this.requests.has(address)) return;
    const controller = new AbortController();
    this.requests.set(address, controller);
    try {
      const further = (await fetchPart(address, controller.signal)).querySelector(".run");
      delete run.dataset[side];
      if (!further || controller.signal.aborted) return;
      further.address = address;
      if (side === "older") {
        delete further.dataset.newer;
        run.after(further);
        this.add(further);
      } else {
        delete further.dataset.older;
        this.prepend(further, run);
      }
      this.later();
    } catch (error) {
      if (error.name !== "AbortError") setTimeout(() => this.later(), 2000);
    } finally {
      this.requests.delete(address);
    }
  }

  /** Puts a run before all others, without moving what is seen. */
  prepend(further, run) {
    const before = run.getBoundingClientRect().top;
    const heading = run.querySelector("h2");
    if (heading && heading.textContent === [...further.querySelectorAll("h2")].at(-1)?.textContent) {
      heading.remove();
      run.isContinued = true;
    }
    run.before(further);
    this.add(further);
    scrollBy({ top: run.getBoundingClientRect().top - before, behavior: "instant" });
  }

  /** Empties a run that is far away, and fetches it again when it comes near. */
  turn({ target: run, isIntersecting }) {
    if (isIntersecting) {
      if (run.isEmpty) this.fill(run);
      return;
    }
    this.requests.get(run)?.abort();
    if (run.isEmpty || !run.address || run.contains(document.activeElement)) return;
    run.style.setProperty("height", `${run.offsetHeight}px`);
    run.querySelectorAll("img").forEach((image) => {
      this.pictures.unobserve(image);
      cancel(image);
    });
    run.replaceChildren();
    run.isEmpty = true;
  }

  async fill(run) {
    if (this.requests.has(run)) return;
    const controller = new AbortController();
    this.requests.set(run, controller);
    try {
      const same = (await fetchPart(partOf(run.address), controller.signal)).querySelector(".run");
      if (!same || controller.signal.aborted) return;
      if (run.isContinued) same.querySelector("h2")?.remove();
      run.replaceChildren(...same.childNodes);
      run.isEmpty = false;
      run.style.removeProperty("height");
      this.takeIn(run);
    } catch (error) {
      if (error.name !== "AbortError") setTimeout(() => run.isConnected && this.watch(run), 2000);
    } finally {
      this.requests.delete(run);
    }
  }

  /** Begins anew at another place, whose address may be that of a page or of a part. */
  async jump(address) {
    for (const request of this.requests.values()) request.abort();
    const controller = new AbortController();
    this.requests.set("jump", controller);
    try {
      const part = await fetchPart(partOf(address), controller.signal);
      this.all.forEach((run) => run.remove());
      this.main.append(part);
      this.all[0].address = address;
      scrollTo({ top: 0, behavior: "instant" });
      this.all.forEach((run) => this.add(run));
      this.later();
    } finally {
      if (this.requests.get("jump") === controller) this.requests.delete("jump");
    }
  }
}

/** The address of a page's run alone. */
function partOf(address) {
  if (/[?&]part=1/.test(address)) return address;
  return `${address}${address.includes("?") ? "&" : "?"}part=1`;
}

/** Lets a picture that was scrolled past before it came go, so that those that are seen come sooner. */
function cancel(image) {
  if (image.complete || !image.hasAttribute("src")) return;
  image.dataset.src = image.getAttribute("src");
  image.removeAttribute("src");
}

function showOrCancel(entries) {
  for (const { target: image, isIntersecting } of entries) {
    if (!isIntersecting) cancel(image);
    else if (image.dataset.src && !image.hasAttribute("src")) image.src = image.dataset.src;
  }
}

/** Where somebody is in a list, kept with the entry of the history: whoever comes back is there again. */
class Place {
  constructor(runs) {
    this.runs = runs;
    this.address = location.pathname + location.search;
    history.scrollRestoration = "manual";
    addEventListener("scroll", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.keep(), 150);
    }, { passive: true });
    runs.main.addEventListener("click", (event) => event.target.closest(".grid a") && this.keep());
    addEventListener("popstate", () => this.follow());
    addEventListener("pageshow", ({ persisted }) => persisted && this.focus());
    if (history.state?.item) this.restore(history.state).then(() => this.focus());
  }

  keep() {
    clearTimeout(this.timer);
    const link = firstInView();
    if (!link || this.runs.requests.has("jump")) return;
    const run = link.closest(".run");
    const top = link.getBoundingClientRect().top;
    history.replaceState({ run: run.address, item: link.getAttribute("href"), top }, "");
  }

  /** Back or forward within the list. */
  async follow() {
    const address = location.pathname + location.search;
    if (address === this.address && !history.state) return;
    this.address = address;
    if (history.state?.item) return this.restore(history.state);
    await this.runs.jump(address).catch(() => {});
  }

  /** Fills the list around what was seen, and shows it at the same height. */
  async restore({ run, item, top }) {
    const { runs } = this;
    if (runs.main.matches(".timeline")) {
      if (run !== runs.all[0]?.address) await runs.jump(run).catch(() => {});
    } else {
      // Results have a beginning, and are followed from there.
      for (let count = 0; count < 40 && !linkTo(item) && runs.all.at(-1)?.dataset.older; count += 1) {
        await runs.extend(runs.all.at(-1), "older");
      }
    }
    const link = linkTo(item);
    if (link) scrollBy({ top: link.getBoundingClientRect().top - top, behavior: "instant" });
  }

  /** Gives the keyboard to the picture that was seen last. */
  focus() {
    const link = linkTo(sessionStorage.getItem("seen") ?? "");
    link?.focus({ preventScroll: true });
    link?.scrollIntoView({ block: "nearest" });
  }
}

function linkTo(address) {
  return [...document.querySelectorAll(".grid a")].find((link) => link.getAttribute("href") === address);
}

/** The months beside the timeline: where one is, and jumps. */
class Rail {
  constructor(rail, runs, place) {
    this.rail = rail;
    this.runs = runs;
    this.place = place;
    runs.onScroll = () => this.mark();
    rail.addEventListener("click", (event) => this.follow(event));
    fetchPart(rail.dataset.part).then((part) => {
      rail.replaceChildren(part);
      this.month = undefined;
      this.mark();
    }, () => {});
  }

  async follow(event) {
    const link = event.target.closest("a[data-at]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const address = link.getAttribute("href");
    this.place.keep();
    try {
      await this.runs.jump(address);
      history.pushState(null, "", address);
      this.place.address = address;
    } catch (error) {
      if (error.name !== "AbortError") location.assign(address);
    }
  }

  /** Marks the year and month at the top of the window, and shows the year's months. */
  mark() {
    const head = document.querySelector(".top").offsetHeight;
    const item = document
      .elementsFromPoint(40, head + 60)
      .map((element) => element.closest(".grid > li[data-place]"))
      .find(Boolean) ?? firstInView()?.closest("li[data-place]");
    if (!item) return;
    const month = item.dataset.place.slice(0, 7);
    if (this.month === month) return;
    this.month = month;
    for (const link of this.rail.querySelectorAll("a[data-at]")) {
      const at = link.dataset.at;
      const isHere = at === month || at === month.slice(0, 4) || (at === "undated" && month.startsWith("~"));
      if (isHere) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
      if (at.length === 4) link.parentElement.classList.toggle("open", isHere);
      if (isHere && at.length === 4) link.scrollIntoView({ block: "nearest" });
    }
  }
}

/** Remembers the order in which pictures are seen, so that the picture's page leads through the same. */
function remember(main) {
  main.addEventListener("click", (event) => {
    if (!event.target.closest(".grid a")) return;
    const links = [...main.querySelectorAll(".grid a")];
    const addresses = links.map((link) => link.getAttribute("href"));
    sessionStorage.setItem("list", JSON.stringify({ from: location.pathname + location.search, addresses }));
  });
}

/** Makes the lists of a page endless. */
export function enhanceGrids(main) {
  const runs = new Runs(main);
  const place = new Place(runs);
  const rail = document.querySelector(".rail");
  if (rail) new Rail(rail, runs, place);
  remember(main);
}

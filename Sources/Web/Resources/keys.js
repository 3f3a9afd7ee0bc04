// Keys that people know from other programs, and a list of them.

const list = [
  ["/", "Search"],
  ["← →", "Previous and next picture"],
  ["↑ ↓ ← →", "From picture to picture in a list"],
  ["Enter", "Open the picture"],
  ["Esc", "Back to the list"],
  ["Space", "Play or pause a clip"],
  ["h", "What the model looked at"],
  ["e", "Edit caption and tags; Ctrl Enter saves, Esc leaves"],
  ["z", "Undo the last edit"],
  ["m", "The months, to jump to one"],
  ["g t, g b, g s", "Timeline, browse, status"],
  ["?", "This list"],
];

const places = { t: "/", b: "/browse", s: "/status" };

/** Whether somebody is writing, whose keys are letters then. */
export function isWriting(target) {
  return target instanceof Element && target.matches("input, textarea, select, [contenteditable]");
}

function showKeys() {
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-label", "Keys");
  const keys = document.createElement("dl");
  keys.className = "keys";
  for (const [key, meaning] of list) {
    const term = document.createElement("dt");
    term.append(Object.assign(document.createElement("kbd"), { textContent: key }));
    keys.append(term, Object.assign(document.createElement("dd"), { textContent: meaning }));
  }
  const close = Object.assign(document.createElement("button"), { textContent: "Close", autofocus: true });
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  dialog.append(keys, close);
  document.body.append(dialog);
  dialog.showModal();
}

/** The picture of a list that lies above, below or beside the focused one. */
function neighbour(link, key) {
  const links = [...document.querySelectorAll(".grid a")];
  const place = links.indexOf(link);
  if (key === "ArrowLeft") return links[place - 1];
  if (key === "ArrowRight") return links[place + 1];
  const from = link.getBoundingClientRect();
  const middle = from.left + from.width / 2;
  const isDown = key === "ArrowDown";
  const beyond = (isDown ? links.slice(place + 1) : links.slice(0, place).reverse())
    .map((other) => ({ other, box: other.getBoundingClientRect() }))
    .filter(({ box }) => (isDown ? box.top > from.top + 4 : box.top < from.top - 4));
  const row = beyond.filter(({ box }) => Math.abs(box.top - beyond[0].box.top) < 4);
  const distance = ({ box }) => Math.abs(box.left + box.width / 2 - middle);
  return row.sort((a, b) => distance(a) - distance(b))[0]?.other;
}

/** Keys that mean the same on every page. */
export function listenToKeys() {
  let isGoing = false;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (isWriting(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (document.querySelector("dialog")) return;
    const wasGoing = isGoing;
    isGoing = event.key === "g";
    if (wasGoing && places[event.key]) return location.assign(places[event.key]);
    if (event.key === "/") document.querySelector("#q")?.select();
    else if (event.key === "?") showKeys();
    else if (event.key === "m") focusMonths();
    else if (event.key.startsWith("Arrow")) {
      if (moveAmongMonths(event.key)) return event.preventDefault();
      const focused = document.activeElement?.closest?.(".grid a");
      const start = focused ?? (document.querySelector("main.picture") ? null : firstInView());
      if (!start) return;
      (focused ? neighbour(start, event.key) : start)?.focus();
    } else return;
    event.preventDefault();
  });
}

/** To the months beside the timeline, or to the page of them where there are none. */
function focusMonths() {
  const rail = document.querySelector(".rail");
  if (!rail) return location.assign("/months");
  (rail.querySelector("[aria-current]") ?? rail.querySelector("a"))?.focus();
}

/** Up and down lead from month to month, left back to the pictures. */
function moveAmongMonths(key) {
  const link = document.activeElement?.closest?.(".rail a");
  if (!link) return false;
  const links = [...link.closest(".rail").querySelectorAll("a")].filter((other) => other.checkVisibility());
  if (key === "ArrowLeft") firstInView()?.focus();
  else links[links.indexOf(link) + (key === "ArrowDown" ? 1 : -1)]?.focus();
  return true;
}

/** The first picture of a list that is seen wholly below the head. */
export function firstInView() {
  const head = document.querySelector(".top")?.getBoundingClientRect().bottom ?? 0;
  return [...document.querySelectorAll(".grid a")].find(
    (link) => link.getBoundingClientRect().top >= head);
}

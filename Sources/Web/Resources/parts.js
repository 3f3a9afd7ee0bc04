// Parts of pages that the server renders: the one place in which markup enters a page. The server escapes every text
// that it did not write itself, and the browser takes markup from nowhere else (Trusted Types).

const policy = globalThis.trustedTypes?.createPolicy("vignette", { createHTML: (markup) => markup });

/** The elements of markup that our server sent. */
export function elements(markup) {
  const template = document.createElement("template");
  template.innerHTML = policy ? policy.createHTML(markup) : markup;
  tint(template.content);
  return template.content;
}

/** Puts a picture's colours in its place until it is there: three rows of four, each row a gradient. */
export function tint(part) {
  for (const item of part.querySelectorAll("[data-tint]")) {
    const colours = item.dataset.tint.match(/[0-9a-f]{3}/g) ?? [];
    for (let row = 0; row < 3; row += 1) {
      const stops = colours.slice(row * 4, row * 4 + 4).map((colour) => `#${colour}`);
      item.style.setProperty(`--tint${row}`, `linear-gradient(to right, ${stops})`);
    }
  }
}

/** Fetches a part of a page; rejects where the server refuses it or `signal` ends it. */
export async function fetchPart(address, signal) {
  const response = await fetch(address, { signal, headers: { Accept: "text/html" } });
  if (response.status === 401) location.reload();
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return elements(await response.text());
}

/** Changes something on the server, with the proof that a page of ours asks for it. */
export function post(address, body = {}) {
  const token = document.querySelector("meta[name=vignette-script]")?.content ?? "";
  return fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Vignette-Script": token },
    body: JSON.stringify(body),
  });
}

/** Tells those who cannot see it what has happened. */
export function say(text) {
  const said = document.querySelector("#said");
  if (said) said.textContent = text;
}

// What a page must have so that everybody can use it: those rules of WCAG 2.2 A and AA of which a program can tell
// whether they are kept, each written down from the standard. Every rule returns what breaks it, in words.

const isShown = (element) =>
  element.checkVisibility({ visibilityProperty: true }) && !element.closest("[aria-hidden=true], [inert]");
const all = (selector, root = document) => [...root.querySelectorAll(selector)].filter(isShown);
const controls = "a[href], button, input:not([type=hidden]), select, textarea, summary, video[controls], [tabindex='0'], [role=slider]";
const nameOf = (element) => {
  const label = element.getAttribute("aria-labelledby");
  if (label) return label.split(/\s+/).map((id) => document.getElementById(id)?.textContent ?? "").join(" ").trim();
  const own = element.getAttribute("aria-label")?.trim();
  if (own) return own;
  if (element.matches("img")) return element.getAttribute("alt")?.trim() ?? "";
  if (element.labels?.length) return [...element.labels].map((each) => each.textContent).join(" ").trim();
  const images = [...element.querySelectorAll("img")].map((image) => image.getAttribute("alt") ?? "").join(" ");
  return `${element.textContent} ${images}`.trim();
};
const where = (element) => {
  const text = element.outerHTML.replace(/\s+/g, " ");
  return text.length > 110 ? `${text.slice(0, 110)}…` : text;
};
const broken = (elements, why) => elements.map((element) => `${why}: ${where(element)}`);

// Colours as [r, g, b, a], whatever the browser writes them as.
const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
function colour(text) {
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = text;
  canvas.fillRect(0, 0, 1, 1);
  const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
  return [r, g, b, a / 255];
}
const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
/** What lies behind an element: the backgrounds of all that it is in, one over the other. */
function ground(element) {
  const layers = [];
  for (let each = element; each; each = each.parentElement) {
    const background = colour(getComputedStyle(each).backgroundColor);
    if (background[3] > 0) layers.push(background);
    if (background[3] === 1) break;
  }
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  return layers.reduceRight((below, layer) => over(layer, below), dark ? [18, 18, 18, 1] : [255, 255, 255, 1]);
}
const light = ([r, g, b]) => {
  const [red, green, blue] = [r, g, b].map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
const contrast = (one, other) => {
  const [high, low] = [light(one), light(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
};

const rules = {
  "1.1.1 every picture has an alternative"() {
    return broken([...document.querySelectorAll("img:not([alt]), svg:not([aria-hidden]):not([role=img])")], "no alternative");
  },
  "1.1.1 a picture that is the only content of a link says where that leads"() {
    return broken(all("a img[alt='']").filter((image) => !nameOf(image.closest("a"))), "a link without words");
  },
  "1.3.1 headings begin with one h1 and leave no level out"() {
    const levels = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].map((heading) => Number(heading.localName[1]));
    const jumps = levels.some((level, place) => level > (levels[place - 1] ?? 0) + 1);
    const firsts = levels.filter((level) => level === 1).length;
    return [...(firsts === 1 ? [] : [`${firsts} headings of the first level`]), ...(jumps ? [`levels ${levels}`] : [])];
  },
  "1.3.1 lists have items, and items are in lists"() {
    const strangers = all("ul > :not(li, script, template), ol > :not(li, script, template)");
    const orphans = all("li").filter((item) => !item.parentElement.matches("ul, ol, menu"));
    const terms = all("dl > :not(dt, dd, div)");
    return broken([...strangers, ...orphans, ...terms], "a list that is none");
  },
  "1.3.1 tables say what their cells are about"() {
    return broken(all("table").filter((table) => !table.querySelector("th[scope]")), "no headings");
  },
  "1.3.1 landmarks: one main, all content within one, several of a kind named apart"() {
    const mains = all("main").length;
    const outside = all("body > *:not(header, main, nav, footer, aside, dialog, a.skip, [role=status], script)");
    const names = all("nav, section[aria-label], form[role=search]").map((each) => `${each.localName} ${nameOf2(each)}`);
    const navs = all("nav").filter((nav) => !nav.getAttribute("aria-label") && !nav.getAttribute("aria-labelledby"));
    const twice = names.filter((name, place) => name.startsWith("nav") && names.indexOf(name) !== place);
    return [
      ...(mains === 1 ? [] : [`${mains} main`]),
      ...broken(outside, "outside of every landmark"),
      ...broken(navs, "navigation without a name"),
      ...twice.map((name) => `two are ${name}`),
    ];
  },
  "1.4.3 text stands out from its ground (4.5, large text 3)"() {
    const texts = new Map();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement;
      if (walker.currentNode.data.trim() && isShown(element) && !element.matches("script, style, option")) texts.set(element);
    }
    return [...texts.keys()].flatMap((element) => {
      const style = getComputedStyle(element);
      const box = element.getBoundingClientRect();
      if (box.width <= 1 || box.height <= 1) return [];
      const below = ground(element);
      const ratio = contrast(over(colour(style.color), below), below);
      const size = parseFloat(style.fontSize);
      const needed = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
      return ratio < needed - 0.005 ? [`${ratio.toFixed(2)} of ${needed}: ${where(element)}`] : [];
    });
  },
  "1.4.4 pages may be made larger"() {
    const content = document.querySelector("meta[name=viewport]")?.content ?? "";
    return /user-scalable\s*=\s*(no|0)|maximum-scale\s*=\s*[0-4](\.|$|,)/.test(content) ? [content] : [];
  },
  "1.4.10 nothing is wider than the window"() {
    const width = document.documentElement.scrollWidth;
    return width > innerWidth ? [`${width} of ${innerWidth}`] : [];
  },
  "1.4.11 fields stand out from their ground by their edge or their face (3)"() {
    return all("input:not([type=hidden]), textarea, select").flatMap((field) => {
      const style = getComputedStyle(field);
      const around = ground(field.parentElement);
      const best = Math.max(
        contrast(over(colour(style.borderTopColor), around), around),
        contrast(over(colour(style.backgroundColor), around), around));
      return best < 3 ? [`${best.toFixed(2)}: ${where(field)}`] : [];
    });
  },
  "2.1.1 nothing takes a place of its own in the order of the tabulator"() {
    return broken([...document.querySelectorAll("[tabindex]")].filter((each) => each.tabIndex > 0), "a positive tabindex");
  },
  "2.4.1 the first thing that the tabulator finds leads to the content"() {
    if (!document.querySelector("header")) return [];
    const first = document.querySelector("a[href], button, input");
    const target = first?.hash && document.getElementById(first.hash.slice(1));
    return target?.matches("main") ? [] : ["no link to the content"];
  },
  "2.4.2 pages have titles"() {
    return document.title.trim() ? [] : ["no title"];
  },
  "2.4.7 whatever has the focus shows it"() {
    const before = document.activeElement;
    const lost = all(controls).filter((element) => !element.disabled).slice(0, 150).filter((element) => {
      const seen = (style) => [style.outlineStyle, style.outlineWidth, style.boxShadow, style.borderColor, style.backgroundColor, style.opacity].join();
      element.blur();
      const plain = seen(getComputedStyle(element));
      element.focus({ focusVisible: true, preventScroll: true });
      const focused = getComputedStyle(element);
      return document.activeElement === element && (seen(focused) === plain || focused.opacity === "0");
    });
    before?.focus?.({ preventScroll: true });
    return broken(lost, "no sign of the focus");
  },
  "2.5.8 what is pressed has 24 by 24 pixels, or so much room around"() {
    const targets = all(controls).map((element) => ({ element, box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 1 && box.height > 1);
    const centre = ({ box }) => [box.left + box.width / 2, box.top + box.height / 2];
    return broken(
      targets.filter((one) => {
        const { element, box } = one;
        if (box.width >= 23.5 && box.height >= 23.5) return false;
        // Links within sentences are as high as their lines.
        if (element.matches("p a, dd a, td a, th a") && getComputedStyle(element).display === "inline") return false;
        const [x, y] = centre(one);
        return targets.some((other) => {
          if (other === one || element.contains(other.element) || other.element.contains(element)) return false;
          const dx = Math.max(other.box.left - x, 0, x - other.box.right);
          const dy = Math.max(other.box.top - y, 0, y - other.box.bottom);
          return Math.hypot(dx, dy) < 12;
        });
      }).map(({ element }) => element), "too small");
  },
  "3.1.1 pages say their language"() {
    return /^[a-z]{2}/.test(document.documentElement.lang) ? [] : ["no language"];
  },
  "4.1.1 no name is given twice"() {
    const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
    return ids.filter((id, place) => ids.indexOf(id) !== place).map((id) => `twice: ${id}`);
  },
  "4.1.2 whatever can be used has a name"() {
    return broken(all(`${controls}, dialog, progress`).filter((element) => !nameOf(element)), "no name");
  },
  "4.1.2 what names others is there, and states are none of their own making"() {
    const missing = ["aria-labelledby", "aria-describedby", "aria-controls", "list", "for"].flatMap((attribute) =>
      [...document.querySelectorAll(`[${attribute}]`)].filter((element) =>
        element.getAttribute(attribute).split(/\s+/).some((id) => !document.getElementById(id))));
    const known = /^(true|false|mixed|page|step|location|date|time|undefined)$/;
    const states = [...document.querySelectorAll("[aria-current], [aria-expanded], [aria-pressed], [aria-busy]")].filter((element) =>
      ["aria-current", "aria-expanded", "aria-pressed", "aria-busy"].some((each) => element.hasAttribute(each) && !known.test(element.getAttribute(each))));
    return [...broken(missing, "leads to nothing"), ...broken(states, "no such state")];
  },
  "4.1.2 what is hidden from screen readers cannot have the focus"() {
    return broken([...document.querySelectorAll("[aria-hidden=true] a[href], [aria-hidden=true] button, [aria-hidden=true] input")], "hidden, and used");
  },
  "4.1.3 there is a place where news are said"() {
    return document.querySelector("header") && !document.querySelector("[role=status], [aria-live]") ? ["no such place"] : [];
  },
};

function nameOf2(element) {
  return element.getAttribute("aria-label") ?? element.getAttribute("aria-labelledby") ?? "";
}

return Object.entries(rules)
  .map(([name, rule]) => [name, rule()])
  .filter(([, problems]) => problems.length)
  .map(([name, problems]) => `${name}\n  ${problems.slice(0, 6).join("\n  ")}${problems.length > 6 ? `\n  and ${problems.length - 6} more` : ""}`)
  .join("\n");

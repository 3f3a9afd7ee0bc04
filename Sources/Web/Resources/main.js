// What a page gains by scripts; all of it works without, but for keys and the retry button.

import { listenToKeys } from "./keys.js";
import { enhancePicture } from "./picture.js";
import { suggest } from "./search.js";
import { listenToStatus } from "./status.js";
import { enhanceGrids } from "./timeline.js";

document.documentElement.classList.add("has-script");
const main = document.querySelector("main");
listenToKeys();
suggest(document.querySelector("#q"));
if (document.querySelector(".run")) enhanceGrids(main);
if (main?.matches(".picture")) enhancePicture(main);
const status = document.querySelector("[data-news]");
if (status) listenToStatus(status);

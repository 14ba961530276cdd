// Single keys of the desk; silent while somebody types, while a dialog is open, and when turned off in the profile.
import { isQuiet } from "./page_keys.js";
import { activate, activeItem, deskOf, isListed, showTab, undo } from "./review_desk.js";

function move(step) {
  const all = [...document.querySelectorAll(".item[data-item-id]")].filter(isListed);
  if (!all.length) return;
  const now = activeItem();
  const place = now ? all.indexOf(now) : -1;
  showTab("items");
  const first = all.findIndex((item) => item.dataset.state === "open");
  const wanted = now ? place + step : step > 0 ? Math.max(first, 0) : all.length - 1;
  activate(all[Math.min(Math.max(wanted, 0), all.length - 1)]);
}

function moveSection(step) {
  const pane = deskOf().querySelector(".desk__text");
  showTab("text");
  const isPane = pane.scrollHeight > pane.clientHeight + 1 && getComputedStyle(pane).overflowY !== "visible";
  const edge = isPane ? pane.getBoundingClientRect().top : 0;
  const sections = [...pane.querySelectorAll(".doc-section")];
  const above = (section) => section.getBoundingClientRect().top - edge;
  const target = step > 0 ? sections.find((section) => above(section) > 40) : sections.reverse().find((section) => above(section) < -10);
  if (!target) return;
  target.scrollIntoView({ block: "start", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  target.setAttribute("tabindex", "-1");
  target.focus({ preventScroll: true });
}

function press(key) {
  const item = activeItem();
  const button = item?.querySelector(`[data-key="${key}"]`);
  if (button) button.click();
  else if (key === "u") undo();
  else if (!item) move(1);
}

export default function reviewKeys() {
  const deeds = {
    n: () => moveSection(1),
    p: () => moveSection(-1),
    j: () => move(1),
    k: () => move(-1),
    a: () => press("a"),
    r: () => press("r"),
    u: () => press("u"),
    e: () => press("e"),
    f: () => document.querySelector('.desk__deeds [data-dialog="#remark-dialog"]')?.click(),
  };
  document.addEventListener("keydown", (event) => {
    if (isQuiet(event) || event.repeat || event.shiftKey) return;
    const deed = deeds[event.key];
    if (!deed) return;
    event.preventDefault();
    deed();
  });
  // "/" looks for items: on a narrow page they are behind a tab.
  document.addEventListener("prism:reveal", (event) => {
    if (event.target.id === "item-q") showTab("items");
  });
}

// Single keys for the desk; silent while somebody types, while a dialog is open, and when turned off in the profile.
import { activate, activeItem, items, showTab } from "./review_desk.js";

function move(step) {
  const all = items();
  if (!all.length) return;
  const now = activeItem();
  const place = now ? all.findIndex((item) => item.id === now.id) : step > 0 ? -1 : all.length;
  showTab("items");
  activate(all[Math.min(Math.max(place + step, 0), all.length - 1)]);
}

function moveSection(step) {
  const sections = [...document.querySelectorAll(".doc-section")];
  const top = (section) => section.getBoundingClientRect().top;
  const target = step > 0 ? sections.find((section) => top(section) > 40) : sections.reverse().find((section) => top(section) < -10);
  showTab("text");
  target?.scrollIntoView({ block: "start", behavior: "smooth" });
}

function press(key) {
  const button = activeItem()?.querySelector(`[data-key="${key}"]`);
  button?.click();
}

export default function reviewKeys() {
  if (document.body.dataset.keysEnabled === "no") return;
  const deeds = {
    n: () => moveSection(1),
    p: () => moveSection(-1),
    j: () => move(1),
    k: () => move(-1),
    a: () => press("a"),
    r: () => press("r"),
    u: () => press("u"),
    e: () => press("e"),
    f: () => document.querySelector('[data-dialog="#remark-dialog"]')?.click(),
    "?": () => document.getElementById("keys-dialog")?.showModal(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const deed = deeds[event.key];
    if (!deed) return;
    event.preventDefault();
    deed();
  });
}

// Jumps between an item and the exact words it is about, keeps one item active, and goes on to the next open one after a decision.
import { rangeOf } from "../desk_words.js";
import { toast } from "../notify.js";

const active = { id: null };
let lastDecided = null;

export const deskOf = () => document.getElementById("desk");
export const cardOf = (id) => document.getElementById(`item-${id}`);

export function items() {
  return [...document.querySelectorAll(".item[data-item-id]")].filter((item) => item.checkVisibility?.() ?? !item.hidden);
}

// Whether an item passes the filter, also while its pane is not the one that is shown.
export function isListed(item) {
  return !item.hidden && !item.closest(".group[hidden]");
}

export function activeItem() {
  return active.id === null ? null : cardOf(active.id);
}

export function showTab(name) {
  const desk = deskOf();
  for (const part of ["rail", "text", "items"]) desk.classList.toggle(`desk--${part}`, part === name);
  for (const tab of desk.querySelectorAll("[data-desk-tab]")) tab.setAttribute("aria-pressed", String(tab.dataset.deskTab === name));
}

export function marksOf(id) {
  return [...document.querySelectorAll(`.mark[data-items~="${id}"]`)];
}

function smooth() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
}

export function showWords(item) {
  showTab("text");
  const place = marksOf(item.dataset.itemId)[0] ?? document.getElementById(`section-${item.dataset.sectionId}`);
  place?.scrollIntoView({ block: "center", behavior: smooth() });
}

export function activate(item, { focus = true, words = true, reveal = true } = {}) {
  document.querySelectorAll(".item--active").forEach((one) => one.classList.remove("item--active"));
  document.querySelectorAll(".mark--active").forEach((mark) => mark.classList.remove("mark--active"));
  active.id = item.dataset.itemId;
  item.classList.add("item--active");
  if (item.hidden || item.closest("[hidden]")) item.dispatchEvent(new CustomEvent("prism:reveal", { bubbles: true }));
  const marks = marksOf(active.id);
  marks.forEach((mark) => mark.classList.add("mark--active"));
  const isWide = getComputedStyle(deskOf().querySelector(".desk__text")).display !== "none";
  const place = marks[0] ?? document.getElementById(`section-${item.dataset.sectionId}`);
  if (words && isWide) place?.scrollIntoView({ block: "center", behavior: smooth() });
  if (focus) item.focus({ preventScroll: true });
  if (reveal) item.scrollIntoView({ block: "nearest", behavior: "auto" });
}

// Colours each mark by the first of its items that is not rejected; a decision needs no new text.
export function paintMarks(ids = null) {
  const marks = ids ? ids.flatMap(marksOf) : [...document.querySelectorAll(".mark[data-items]")];
  for (const mark of marks) {
    const standing = mark.dataset.items.split(" ").map(cardOf).find((card) => card && card.dataset.state !== "rejected");
    mark.className = `mark${standing ? ` mark--${standing.dataset.tone}` : ""}${mark.classList.contains("mark--active") ? " mark--active" : ""}`;
  }
}

export function jump(sectionId, start, end) {
  showTab("text");
  const section = document.getElementById(`section-${sectionId}`);
  if (!section) return;
  const range = end > start ? rangeOf(section, start, end) : null;
  window.CSS.highlights?.delete("found");
  if (!range) return section.scrollIntoView({ block: "start", behavior: smooth() });
  if (window.CSS.highlights) window.CSS.highlights.set("found", new window.Highlight(range));
  const line = range.startContainer.parentElement;
  return line.scrollIntoView({ block: "center", behavior: smooth() });
}

function nextOpen(after) {
  const all = [...document.querySelectorAll(".item[data-item-id]")];
  const place = all.indexOf(after);
  const order = [...all.slice(place + 1), ...all.slice(0, Math.max(place, 0))];
  return order.find((item) => item.dataset.state === "open" && isListed(item)) ?? null;
}

function counts() {
  return document.querySelector("#desk-counts .counts")?.dataset ?? {};
}

function sayDecision(item, verdict) {
  const words = deskOf().dataset;
  const text = { accepted: words.textAccepted, rejected: words.textRejected, reworded: words.textReworded, open: words.textReverted };
  const title = item.querySelector(".item__title")?.textContent.replace(/\s+/g, " ").trim() ?? "";
  const left = Number(counts().open) > 0 ? words.textOpenLeft.replace("%n", counts().open) : words.textAllDone;
  const canUndo = verdict !== "open";
  toast(`${text[verdict]}: ${title} · ${left}`, { deed: document.body.dataset.textUndo, onDeed: canUndo ? () => undo(item.dataset.itemId) : null });
}

function afterDecision(item, request) {
  paintMarks([item.dataset.itemId]);
  if (item.querySelector(":scope > .item__warning") || item.matches(".item--editing")) return activate(item, { words: false });
  const isReword = request.path.endsWith("/reword/");
  const { state } = item.dataset;
  sayDecision(item, isReword ? "reworded" : state);
  lastDecided = state === "open" ? null : item.dataset.itemId;
  const next = state === "open" ? item : nextOpen(item);
  if (next) return activate(next, { words: next !== item });
  return activate(item, { words: false });
}

// Takes the last decision back, wherever one has gone since; before any, undoes what was taken back from all items.
export function undo(id = lastDecided) {
  const deed = cardOf(id)?.querySelector('[data-key="u"]') ?? document.querySelector("[data-undo-all]");
  deed?.click();
}

function onClick(event) {
  const tab = event.target.closest("[data-desk-tab]");
  if (tab) return showTab(tab.dataset.deskTab);
  const mark = event.target.closest(".mark[data-items]");
  if (mark) {
    event.preventDefault();
    if (!window.getSelection().isCollapsed) return undefined;
    return openFromMark(mark);
  }
  const jumper = event.target.closest("[data-jump-section]");
  if (jumper) {
    event.preventDefault();
    return jump(jumper.dataset.jumpSection, Number(jumper.dataset.jumpStart ?? 0), Number(jumper.dataset.jumpEnd ?? 0));
  }
  const words = event.target.closest("[data-show-words]");
  if (words) {
    event.preventDefault();
    const item = words.closest(".item");
    activate(item, { focus: false, words: false });
    return showWords(item);
  }
  const item = event.target.closest(".item[data-item-id]");
  if (item && !item.matches(".item--editing") && !event.target.closest("a, button, textarea, summary, input, form, details .item__body details")) activate(item, { focus: false, reveal: false });
  return undefined;
}

// A second click on words that several items share goes to the next of them.
function openFromMark(mark) {
  const ids = mark.dataset.items.split(" ").filter((id) => cardOf(id));
  if (!ids.length) return;
  const now = ids.indexOf(active.id);
  const item = cardOf(ids[now >= 0 ? (now + 1) % ids.length : 0]);
  showTab("items");
  const fold = item.querySelector(":scope > .item__fold");
  if (fold) fold.open = true;
  activate(item, { words: false });
}

export default function reviewDesk(desk) {
  showTab("text");
  desk.addEventListener("click", onClick);
  desk.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches(".item[data-item-id]")) {
      const fold = event.target.querySelector(":scope > .item__fold");
      if (fold) fold.open = !fold.open;
      activate(event.target, { focus: false });
    }
    const cancel = event.key === "Escape" && event.target.closest(".item--editing")?.querySelector("[data-cancel]");
    if (cancel) cancel.click();
  });
  desk.addEventListener("focusin", (event) => {
    const item = event.target.closest(".item[data-item-id]");
    if (item && item.dataset.itemId !== active.id && event.target.matches(":focus-visible")) activate(item, { focus: false, reveal: false, words: event.target === item });
  });
  document.body.addEventListener("htmx:afterSwap", (event) => {
    const card = event.target;
    if (!card.matches?.(".item[data-item-id]")) return;
    if (card.dataset.itemId === active.id) card.classList.add("item--active");
    const request = event.detail.requestConfig;
    if (request?.verb === "post" && /\/(decide|reword)\/$/.test(request.path)) afterDecision(card, request);
    else if (request?.elt?.matches?.("[data-cancel]")) activate(card, { words: false });
    else paintMarks([card.dataset.itemId]);
  });
  document.body.addEventListener("prism:remark-removed", (event) => {
    for (const mark of marksOf(event.detail.item)) {
      mark.dataset.items = mark.dataset.items.split(" ").filter((id) => id !== event.detail.item).join(" ");
    }
    paintMarks();
    toast(desk.dataset.textRemoved);
  });
  if (window.location.hash.startsWith("#item-")) {
    const item = document.getElementById(window.location.hash.slice(1));
    if (item) {
      showTab("items");
      activate(item);
    }
  }
}

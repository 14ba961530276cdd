// What others do on this desk appears here: single cards for decisions, the whole desk compared for anything larger.
// Whoever is writing keeps what they write.
import { refresh } from "../background.js";
import { toast } from "../notify.js";
import { applyFilter } from "./item_filter.js";
import { activate, cardOf, paintMarks, showTab } from "./review_desk.js";

const PAUSE_MS = 120;
const MOST_SINGLE = 8;
const OWN_NEWS_MS = 5000;
const AGAIN_MS = 3000;
const waiting = new Set();
const own = new Map();
let timer = null;

function isWriting() {
  return document.querySelector(".item--editing, dialog[open]") !== null;
}

function begin(node) {
  window.htmx.process(node);
  node.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true }));
}

function refreshCard(desk, id) {
  const card = cardOf(id);
  if (!card || card.matches(".item--editing")) return;
  const url = desk.dataset.itemUrl.replace("00000000-0000-0000-0000-000000000000", id);
  refresh(card, url, "outerHTML");
}

// What a card says. A second engine may have found the same thing, which is no new revision.
function saying(card) {
  const parts = card.querySelectorAll(".item__head, .item__description, .item__suggestion, .item__source");
  return [card.dataset.revision, ...[...parts].map((part) => part.textContent)].join("|");
}

function mergeCards(page) {
  for (const group of page.querySelectorAll(".group")) {
    const here = document.getElementById(group.id);
    if (!here) continue;
    let before = here.querySelector(".group__title");
    for (const fresh of group.querySelectorAll(":scope > .item")) {
      const old = cardOf(fresh.dataset.itemId);
      let now = old;
      if (!old || (!old.matches(".item--editing") && saying(old) !== saying(fresh))) {
        now = document.importNode(fresh, true);
        if (old) old.replaceWith(now);
        else before.after(now);
        begin(now);
      }
      before = now;
    }
  }
  for (const card of document.querySelectorAll(".item[data-item-id]")) if (!page.getElementById(card.id)) card.remove();
}

function mergeText(page) {
  for (const section of page.querySelectorAll(".doc-section")) {
    const here = document.getElementById(section.id);
    if (!here || here.textContent !== section.textContent) continue;
    const marks = (root) => [...root.querySelectorAll(".mark")].map((mark) => `${mark.dataset.items}:${mark.textContent}`).join("|");
    if (marks(here) !== marks(section)) here.querySelector(".doc-text").replaceWith(document.importNode(section.querySelector(".doc-text"), true));
  }
}

// Brings the desk to what the server shows now, touching only what differs.
async function reconcile(desk) {
  const answer = await fetch(window.location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer || answer.status >= 500) {
    setTimeout(() => later(desk, "all"), AGAIN_MS);
    return;
  }
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!page.getElementById("desk-items") || !desk.isConnected) return;
  mergeText(page);
  mergeCards(page);
  const counts = document.importNode(page.getElementById("desk-counts"), true);
  document.getElementById("desk-counts").replaceChildren(...counts.childNodes);
  paintMarks();
  applyFilter();
}

function soon(desk) {
  clearTimeout(timer);
  timer = setTimeout(() => {
    const ids = [...waiting];
    waiting.clear();
    if (ids.includes("all") || ids.length > MOST_SINGLE || ids.some((id) => !cardOf(id))) reconcile(desk);
    else ids.forEach((id) => refreshCard(desk, id));
  }, PAUSE_MS);
}

function later(desk, item) {
  waiting.add(item);
  soon(desk);
}

// A decision of this very tab has been drawn already.
function isOwn(desk, data) {
  const count = own.get(data.item_id) ?? 0;
  if (data.decided_by !== desk.dataset.userId || count === 0) return false;
  own.set(data.item_id, count - 1);
  return true;
}

export default function liveDesk(desk) {
  const id = desk.dataset.streamDocument;
  const listen = (type, deed) =>
    document.addEventListener(`stream:${type}`, (event) => {
      if (event.detail.data.document_id === id && desk.isConnected) deed(event.detail.data);
    });
  listen("feedback.decided", (data) => isOwn(desk, data) || later(desk, data.item_id));
  listen("feedback.added", () => later(desk, "all"));
  listen("feedback.removed", () => later(desk, "all"));
  listen("feedback.drafted", () => later(desk, "all"));
  listen("feedback.review_closed", () => {
    if (!isWriting()) return window.location.reload();
    return toast(desk.dataset.textClosed, { deed: desk.dataset.textShow, onDeed: () => window.location.reload() });
  });
  listen("document.analysis.completed", () =>
    toast(desk.dataset.textReady, { deed: desk.dataset.textShow, onDeed: () => window.location.reload() }),
  );
  document.addEventListener("stream:resync", () => later(desk, "all"));
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    const { requestConfig: request } = event.detail;
    const item = /\/items\/([0-9a-f-]+)\/(decide|reword)\/$/.exec(request.path);
    if (request.verb !== "post" || !item) return;
    // The news of a decision may be faster than its answer.
    own.set(item[1], (own.get(item[1]) ?? 0) + 1);
    // A decision that changed nothing, or was refused, has no news: what is not claimed soon is not ours any more.
    setTimeout(() => own.delete(item[1]), OWN_NEWS_MS);
  });
  document.body.addEventListener("prism:remark-added", async (event) => {
    await reconcile(desk);
    const card = cardOf(event.detail.item);
    toast(desk.dataset.textAdded);
    if (!card) return;
    showTab("items");
    activate(card);
  });
  // A card that is no newer than the one on the page stays, with its focus and whatever is unfolded in it.
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const { target, requestConfig, serverResponse } = event.detail;
    if (requestConfig.verb !== "get" || requestConfig.elt !== target || !target.matches?.(".item[data-revision]")) return;
    if (serverResponse.includes(`data-revision="${target.dataset.revision}"`)) event.detail.shouldSwap = false;
  });
}

// Jumps between an item and the exact words it is about, and keeps one of them active.
const active = { item: null };

export function items() {
  return [...document.querySelectorAll(".item[data-item-id]")].filter((item) => !item.hidden);
}

export function activeItem() {
  return active.item?.isConnected ? active.item : (active.item && document.getElementById(active.item.id)) || null;
}

function marksOf(id) {
  return [...document.querySelectorAll("mark[data-items]")].filter((mark) => mark.dataset.items.split(" ").includes(id));
}

export function showTab(name) {
  const desk = document.querySelector(".desk");
  desk.classList.toggle("desk--items", name === "items");
  desk.classList.toggle("desk--text", name === "text");
  for (const tab of desk.querySelectorAll("[data-desk-tab]")) {
    const chosen = tab.dataset.deskTab === name;
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
  }
}

export function activate(item, { focus = true, scrollText = true } = {}) {
  active.item?.classList.remove("item--active");
  document.querySelectorAll(".mark--active").forEach((mark) => mark.classList.remove("mark--active"));
  active.item = item;
  item.classList.add("item--active");
  const marks = marksOf(item.dataset.itemId);
  marks.forEach((mark) => mark.classList.add("mark--active"));
  const place = marks[0] ?? document.getElementById(`section-${item.dataset.sectionId}`);
  if (scrollText) place?.scrollIntoView({ block: "center", behavior: "smooth" });
  if (focus) item.focus({ preventScroll: true });
  item.scrollIntoView({ block: "nearest" });
}

export default function reviewDesk(desk) {
  showTab("text");
  desk.addEventListener("click", (event) => {
    const tab = event.target.closest("[data-desk-tab]");
    if (tab) return showTab(tab.dataset.deskTab);
    const mark = event.target.closest("mark[data-items]");
    if (mark) {
      const item = document.getElementById(`item-${mark.dataset.items.trim().split(" ")[0]}`);
      if (item) {
        showTab("items");
        activate(item, { scrollText: false });
      }
      return undefined;
    }
    const item = event.target.closest(".item[data-item-id]");
    if (item && !event.target.closest("a, button, textarea, summary, input, form")) activate(item, { focus: false });
    return undefined;
  });
  desk.addEventListener("keydown", (event) => {
    const tab = event.target.closest("[data-desk-tab]");
    if (tab && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
      const other = tab.dataset.deskTab === "text" ? "items" : "text";
      showTab(other);
      desk.querySelector(`[data-desk-tab="${other}"]`).focus();
      return;
    }
    if (event.key === "Enter" && event.target.matches("mark[data-items]")) event.target.click();
    if (event.key === "Enter" && event.target.matches(".item[data-item-id]")) activate(event.target, { focus: false });
  });
  document.addEventListener("click", (event) => {
    const jump = event.target.closest("[data-jump-section]");
    if (jump) showTab("text");
  });
  document.body.addEventListener("htmx:afterSwap", () => {
    const fresh = activeItem();
    if (fresh && fresh !== active.item) activate(fresh, { scrollText: false });
  });
  if (window.location.hash.startsWith("#item-")) {
    const item = document.querySelector(CSS.escape ? `#${CSS.escape(window.location.hash.slice(1))}` : window.location.hash);
    if (item) activate(item);
  }
  const id = desk.dataset.streamDocument;
  for (const type of ["feedback.decided", "feedback.added", "feedback.review_closed", "feedback.drafted"]) {
    document.addEventListener(`stream:${type}`, (event) => {
      if (event.detail.data.document_id !== id) return;
      const item = event.detail.data.item_id && document.getElementById(`item-${event.detail.data.item_id}`);
      const isEditing = item?.classList.contains("item--editing");
      if (item && !isEditing) window.htmx.ajax("GET", `/items/${event.detail.data.item_id}/`, { target: item, swap: "outerHTML" });
    });
  }
}

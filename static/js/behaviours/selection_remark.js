// A remark on the words that somebody selected: keeps them for the dialog, and offers a button beside them.
import { selectedSpan } from "../desk_words.js";
import { toast } from "../notify.js";
import { deskOf } from "./review_desk.js";

export default function selectionRemark(text) {
  const dialog = document.getElementById("remark-dialog");
  const pop = document.getElementById("selection-pop");
  if (!dialog || !pop) return;
  const quote = dialog.querySelector("[data-remark-quote]");
  const sectionRow = dialog.querySelector("[data-remark-section]");
  const error = dialog.querySelector("[data-dialog-error]");
  const form = dialog.querySelector("form");
  const help = quote.textContent;
  let span = null;

  const place = () => {
    pop.hidden = span === null || dialog.open;
    if (pop.hidden) return;
    const box = window.getSelection().getRangeAt(0).getBoundingClientRect();
    const left = Math.min(Math.max(box.left + box.width / 2 - pop.offsetWidth / 2, 8), window.innerWidth - pop.offsetWidth - 8);
    const below = box.bottom + 8;
    const top = below + pop.offsetHeight > window.innerHeight ? box.top - pop.offsetHeight - 8 : below;
    pop.style.left = `${left}px`;
    pop.style.top = `${Math.max(top, 8)}px`;
  };
  const onSelection = () => {
    if (!text.isConnected || dialog.open) return;
    span = selectedSpan(text);
    place();
  };
  document.addEventListener("selectionchange", onSelection);
  document.addEventListener("scroll", () => span && place(), { capture: true, passive: true });
  // Pressing a button must not drop the selection before it is used.
  document.addEventListener("mousedown", (event) => {
    if (event.target.closest('[data-dialog="#remark-dialog"]')) event.preventDefault();
  });

  const fill = () => {
    error.hidden = true;
    form.elements.start.value = span?.start ?? 0;
    form.elements.end.value = span?.end ?? 0;
    if (span) form.elements.section.value = span.section.dataset.sectionId;
    sectionRow.hidden = span !== null;
    quote.textContent = span ? span.text : help;
    if (span?.isCut) toast(deskOf().dataset.textOneSection);
    pop.hidden = true;
    form.elements.description.focus();
  };
  new MutationObserver(() => dialog.open && fill()).observe(dialog, { attributes: true, attributeFilter: ["open"] });
  dialog.addEventListener("close", () => {
    span = null;
    pop.hidden = true;
  });
  document.body.addEventListener("prism:remark-added", () => {
    form.reset();
    window.getSelection().removeAllRanges();
    dialog.close();
  });
}

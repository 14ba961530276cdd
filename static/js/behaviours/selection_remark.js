// Keeps the words that somebody selected, as a section and code-point offsets, for the remark dialog.
// The server counts code points; the browser counts UTF-16 units: [...text].length is the bridge.
const points = (text) => [...text].length;

function offsetIn(line, node, offset) {
  const range = document.createRange();
  range.selectNodeContents(line);
  range.setEnd(node, offset);
  return Number(line.dataset.start) + points(range.toString());
}

function lineOf(node) {
  return (node.nodeType === Node.TEXT_NODE ? node.parentElement : node)?.closest("[data-start].doc-line");
}

function selectedSpan() {
  const selection = window.getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const first = lineOf(range.startContainer);
  const last = lineOf(range.endContainer);
  const section = first?.closest("[data-section-id]");
  if (!first || !last || !section || section !== last.closest("[data-section-id]")) return null;
  const start = offsetIn(first, range.startContainer, range.startOffset);
  const end = offsetIn(last, range.endContainer, range.endOffset);
  return end > start ? { section: section.dataset.sectionId, start, end, text: selection.toString() } : null;
}

export default function selectionRemark() {
  const dialog = document.getElementById("remark-dialog");
  if (!dialog) return;
  const quote = dialog.querySelector("[data-remark-quote]");
  const help = quote.textContent;
  const form = dialog.querySelector("form");
  let span = null;
  document.addEventListener("selectionchange", () => {
    if (!dialog.open) span = selectedSpan() ?? (window.getSelection().isCollapsed ? null : span);
  });
  // Opening the dialog drops the selection in some browsers, so it is taken when the opener is pressed.
  document.addEventListener("mousedown", (event) => {
    if (event.target.closest('[data-dialog="#remark-dialog"]')) span = selectedSpan() ?? span;
  });
  new MutationObserver(() => {
    if (!dialog.open) return;
    form.elements.start.value = span?.start ?? 0;
    form.elements.end.value = span?.end ?? 0;
    if (span) form.elements.section.value = span.section;
    quote.textContent = span ? span.text : help;
    form.elements.description.focus();
  }).observe(dialog, { attributes: true, attributeFilter: ["open"] });
  form.elements.section.addEventListener("change", () => {
    form.elements.start.value = 0;
    form.elements.end.value = 0;
    quote.textContent = help;
  });
}

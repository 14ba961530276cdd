// Where words are: code points of a section's text on the server, nodes and UTF-16 units in the browser.
const points = (text) => [...text].length;

function linesOf(section) {
  return [...section.querySelectorAll(".doc-line[data-start]")];
}

function offsetIn(line, node, offset) {
  const range = document.createRange();
  range.selectNodeContents(line);
  range.setEnd(node, offset);
  return Number(line.dataset.start) + points(range.toString());
}

function endOf(line) {
  return Number(line.dataset.start) + points(line.textContent);
}

function placeIn(line, target) {
  const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
  let left = target - Number(line.dataset.start);
  let last = null;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const letters = [...node.data];
    if (left <= letters.length) return { node, offset: letters.slice(0, left).join("").length };
    left -= letters.length;
    last = node;
  }
  return last ? { node: last, offset: last.data.length } : null;
}

// The words start..end of a section as a DOM range, or null.
export function rangeOf(section, start, end) {
  const lines = linesOf(section).filter((line) => Number(line.dataset.start) < Math.max(end, start + 1) && endOf(line) >= start);
  if (!lines.length) return null;
  const from = placeIn(lines[0], Math.max(start, Number(lines[0].dataset.start)));
  const to = placeIn(lines.at(-1), Math.min(end, endOf(lines.at(-1))));
  if (!from || !to) return null;
  const range = document.createRange();
  range.setStart(from.node, from.offset);
  range.setEnd(to.node, to.offset);
  return range;
}

// What is selected, as a section and code points; over several sections the first one counts, and `isCut` says so.
export function selectedSpan(root) {
  const selection = window.getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const touched = [...root.querySelectorAll(".doc-line[data-start]")].filter((line) => range.intersectsNode(line));
  if (!touched.length) return null;
  const section = touched[0].closest("[data-section-id]");
  const lines = touched.filter((line) => line.closest("[data-section-id]") === section);
  const first = lines[0];
  const last = lines.at(-1);
  const start = first.contains(range.startContainer) ? offsetIn(first, range.startContainer, range.startOffset) : Number(first.dataset.start);
  const end = last.contains(range.endContainer) ? offsetIn(last, range.endContainer, range.endOffset) : endOf(last);
  return trimmed({ section, start, end, isCut: lines.length < touched.length });
}

// A span without the white space around it, which a double click or a drag takes along; null when nothing is left.
function trimmed(span) {
  const range = rangeOf(span.section, span.start, span.end);
  if (!range || span.end <= span.start) return null;
  const lines = linesOf(span.section);
  const letters = [];
  for (const line of lines) {
    const begin = Number(line.dataset.start);
    [...line.textContent, "\n"].forEach((letter, place) => {
      if (begin + place >= span.start && begin + place < span.end) letters.push(letter);
    });
  }
  const isSpace = (letter) => letter !== undefined && /\s/u.test(letter);
  let { start, end } = span;
  while (isSpace(letters[0])) {
    letters.shift();
    start += 1;
  }
  while (isSpace(letters.at(-1))) {
    letters.pop();
    end -= 1;
  }
  return end > start ? { ...span, start, end, text: letters.join("") } : null;
}

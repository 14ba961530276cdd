// A swap that was refused, or did not get through, is told in a sentence; nothing fails silently.
import { isBackground } from "../background.js";
import { toast } from "../notify.js";

function sentenceOf(request, text) {
  try {
    return JSON.parse(request.responseText).detail || text;
  } catch {
    return text;
  }
}

function show(source, sentence) {
  const place = source?.closest("dialog")?.querySelector("[data-dialog-error]");
  if (!place) return toast(sentence, { isError: true });
  place.textContent = sentence;
  place.hidden = false;
  return undefined;
}

export default function refusals(body) {
  body.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    // A refusal is never a part of the page, whatever its status.
    if (!(xhr.getResponseHeader("Content-Type") ?? "").startsWith("application/problem+json")) return;
    event.detail.shouldSwap = false;
    event.detail.isError = true;
  });
  body.addEventListener("htmx:responseError", (event) => {
    const { xhr, requestConfig } = event.detail;
    if (xhr.status === 401 || isBackground(requestConfig)) return;
    show(requestConfig.elt, sentenceOf(xhr, body.dataset.textFailed));
  });
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    body.addEventListener(name, (event) => {
      const { requestConfig } = event.detail;
      if (!isBackground(requestConfig)) show(requestConfig.elt, body.dataset.textOffline);
    });
  }
}

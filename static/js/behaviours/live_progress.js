// A job's progress: moves the bar with each piece of news, and draws the part anew when a stage or the job ends.
import { refresh } from "../background.js";

export default function liveProgress(element) {
  const id = element.dataset.documentId;
  const heard = new AbortController();
  const redraw = () => refresh(element, element.dataset.refreshUrl, "outerHTML");
  const listen = (name, deed) => {
    const once = (event) => {
      if (!element.isConnected) return heard.abort();
      if (event.detail.data?.document_id === id) deed(event);
      return undefined;
    };
    document.addEventListener(`stream:document.analysis.${name}`, once, { signal: heard.signal });
  };
  let stage = null;
  const onProgress = (event) => {
    const { done, total, note } = event.detail.data;
    const bar = element.querySelector("progress");
    if ((stage !== null && event.detail.data.stage !== stage) || !bar || !total) return redraw();
    stage = event.detail.data.stage;
    bar.max = total;
    bar.value = done;
    const words = element.querySelector("[data-progress-note]");
    if (words) words.textContent = `${done}/${total}${note ? ` · ${note}` : ""}`;
    return undefined;
  };
  listen("started", redraw);
  listen("progress", onProgress);
  listen("completed", () => (element.dataset.done === "go" ? window.location.replace(element.dataset.doneUrl) : redraw()));
  listen("failed", redraw);
  listen("cancelled", redraw);
  // The first items are there to be decided on while a language model is still being asked.
  if (element.dataset.done === "go") {
    const onDraft = (event) => event.detail.data.document_id === id && element.isConnected && window.location.replace(element.dataset.doneUrl);
    document.addEventListener("stream:feedback.drafted", onDraft, { signal: heard.signal });
  }
  document.addEventListener("stream:resync", redraw, { signal: heard.signal });
  if (element.dataset.state === "completed" && element.dataset.done === "go") window.location.replace(element.dataset.doneUrl);
}

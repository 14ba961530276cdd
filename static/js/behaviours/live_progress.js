// A job's progress: moves the bar with each piece of news, and draws the part anew when a stage or the job ends.
export default function liveProgress(element) {
  const id = element.dataset.documentId;
  const refresh = () => {
    const place = document.querySelector(element.dataset.refreshTarget);
    if (place) window.htmx.ajax("GET", element.dataset.refreshUrl, { target: place, swap: "outerHTML" });
  };
  const mine = (event) => element.isConnected && (event.detail.data.document_id === id || event.detail.data.subject_id === id);
  let stage = "";
  const onProgress = (event) => {
    if (!mine(event)) return;
    const { done, total, note } = event.detail.data;
    const bar = element.querySelector("progress");
    if (event.detail.data.stage !== stage || !bar || !total) {
      stage = event.detail.data.stage;
      return refresh();
    }
    bar.max = total;
    bar.value = done;
    const words = element.querySelector("[data-progress-note]");
    if (words) words.textContent = `${done}/${total}${note ? ` · ${note}` : ""}`;
  };
  const onEnd = (event) => {
    if (!mine(event)) return;
    if (event.type.endsWith("completed")) window.location.assign(element.dataset.doneUrl);
    else refresh();
  };
  document.addEventListener("stream:document.analysis.started", onProgress);
  document.addEventListener("stream:document.analysis.progress", onProgress);
  for (const end of ["completed", "failed", "cancelled"]) document.addEventListener(`stream:document.analysis.${end}`, onEnd);
}

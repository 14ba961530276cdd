// A list that follows the news: it is drawn anew when something in it has changed, and shows how far a review is meanwhile.
const PAUSE_MS = 700;

export default function liveList(list) {
  let timer = null;
  const refresh = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (list.isConnected) window.htmx.ajax("GET", window.location.href, { target: list, swap: "innerHTML" });
    }, PAUSE_MS);
  };
  for (const name of list.dataset.listEvents.split(/\s+/)) document.addEventListener(`stream:${name}`, refresh);
  document.addEventListener("stream:resync", refresh);
  document.addEventListener("stream:document.analysis.progress", (event) => {
    const { document_id: id, done, total } = event.detail.data;
    const share = list.querySelector(`[data-document-id="${id}"] [data-live-share]`);
    if (share && total) share.textContent = `${done}/${total}`;
  });
}

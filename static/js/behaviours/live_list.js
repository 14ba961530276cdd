// A list that follows the news: it is drawn anew when something in it has changed, and shows how far a review is meanwhile.
import { refresh } from "../background.js";

const PAUSE_MS = 700;

export default function liveList(list) {
  let timer = null;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => refresh(list, window.location.href, "innerHTML"), PAUSE_MS);
  };
  for (const name of list.dataset.listEvents.split(/\s+/)) document.addEventListener(`stream:${name}`, soon);
  document.addEventListener("stream:resync", soon);
  document.addEventListener("stream:document.analysis.progress", (event) => {
    const { document_id: id, done, total } = event.detail.data;
    const share = list.querySelector(`[data-document-id="${id}"] [data-live-share]`);
    if (share && total) share.textContent = `${done}/${total}`;
  });
}

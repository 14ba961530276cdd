// Finds elements with data-behaviour and starts each behaviour once, again after a swap.
import confirmBefore from "./behaviours/confirm.js";
import copyText from "./behaviours/copy_text.js";
import dialog from "./behaviours/dialog.js";
import fileDrop from "./behaviours/file_drop.js";
import itemFilter from "./behaviours/item_filter.js";
import liveDesk from "./behaviours/live_desk.js";
import liveList from "./behaviours/live_list.js";
import liveProgress from "./behaviours/live_progress.js";
import liveStream from "./behaviours/live_stream.js";
import lookPreview from "./behaviours/look_preview.js";
import menu from "./behaviours/menu.js";
import pageKeys from "./behaviours/page_keys.js";
import passkey from "./behaviours/passkey.js";
import pointBoard from "./behaviours/point_board.js";
import refusals from "./behaviours/refusals.js";
import reviewDesk from "./behaviours/review_desk.js";
import reviewKeys from "./behaviours/review_keys.js";
import selectionRemark from "./behaviours/selection_remark.js";
import theme from "./behaviours/theme.js";
import writing from "./behaviours/writing.js";

const behaviours = {
  confirm: confirmBefore,
  "copy-text": copyText,
  dialog,
  "file-drop": fileDrop,
  "item-filter": itemFilter,
  "live-desk": liveDesk,
  "live-list": liveList,
  "live-progress": liveProgress,
  "live-stream": liveStream,
  "look-preview": lookPreview,
  menu,
  "page-keys": pageKeys,
  passkey,
  "point-board": pointBoard,
  refusals,
  "review-desk": reviewDesk,
  "review-keys": reviewKeys,
  "selection-remark": selectionRemark,
  theme,
  writing,
};
const started = new WeakMap();

function start(root) {
  const found = root.matches?.("[data-behaviour]") ? [root] : [];
  for (const element of [...found, ...root.querySelectorAll("[data-behaviour]")]) {
    const done = started.get(element) ?? new Set();
    for (const name of element.dataset.behaviour.split(/\s+/)) {
      if (behaviours[name] && !done.has(name)) {
        done.add(name);
        behaviours[name](element);
      }
    }
    started.set(element, done);
  }
}

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = document.querySelector('meta[name="csrf-token"]').content;
});
document.addEventListener("htmx:load", (event) => start(event.target));
start(document.body);
document.documentElement.dataset.ready = "yes";

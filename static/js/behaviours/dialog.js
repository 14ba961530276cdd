// Opens a native dialog: it traps the focus and gives it back. Its own buttons, Escape and a click beside it close it.
export default function dialog(opener) {
  opener.addEventListener("click", (event) => {
    event.preventDefault();
    const found = document.querySelector(opener.dataset.dialog);
    if (!found || found.open) return;
    found.dataset.openedBy = opener.id || "";
    found.showModal();
  });
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-dialog-close]")) event.target.closest("dialog").close();
  else if (event.target.matches("dialog[open]") && event.detail > 0) {
    const box = event.target.getBoundingClientRect();
    const isInside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!isInside) event.target.close();
  }
});

// Opens a native dialog; its own buttons and Escape close it.
export default function dialog(opener) {
  opener.addEventListener("click", () => document.querySelector(opener.dataset.dialog)?.showModal());
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-dialog-close]")) event.target.closest("dialog").close();
});

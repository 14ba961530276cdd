// Keys of every page: "/" goes to the search, "?" shows the list of keys. Silent while somebody types, or when turned off.
export function isQuiet(event) {
  return (
    document.body.dataset.keysEnabled === "no" ||
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    document.querySelector("dialog[open]") !== null ||
    event.target.closest?.("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]") !== null
  );
}

export default function pageKeys() {
  document.addEventListener("keydown", (event) => {
    if (isQuiet(event)) return;
    if (event.key === "?") {
      event.preventDefault();
      document.getElementById("keys-dialog")?.showModal();
    } else if (event.key === "/") {
      const search = document.querySelector("[data-search-focus]");
      if (!search) return;
      event.preventDefault();
      search.dispatchEvent(new CustomEvent("prism:reveal", { bubbles: true }));
      search.focus();
      search.select();
    }
  });
}

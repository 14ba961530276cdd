// The scorecard: a cell opens the evidence of its point below the board and goes to the words in the document.
import { jump, showTab } from "./review_desk.js";
import { setFilter } from "./item_filter.js";

export default function pointBoard(board) {
  const cells = (number) => board.querySelectorAll(`a[href="#point-${number}"]`);
  let opener = null;
  const close = () => {
    board.querySelectorAll(".evidence--open").forEach((one) => one.classList.remove("evidence--open"));
    board.querySelectorAll("[aria-current]").forEach((cell) => cell.removeAttribute("aria-current"));
    board.classList.remove("board--open");
  };
  const open = (number, { isQuiet = false } = {}) => {
    close();
    const evidence = board.querySelector(`#point-${CSS.escape(number)}`);
    if (!evidence) return;
    evidence.classList.add("evidence--open");
    board.classList.add("board--open");
    cells(number).forEach((cell) => cell.setAttribute("aria-current", "true"));
    const words = evidence.querySelector("[data-jump-section]");
    // On a narrow page the document is behind another tab: there the evidence's own link leads to it.
    const isBeside = document.getElementById("desk-text").checkVisibility?.() ?? true;
    if (words && isBeside && !isQuiet) jump(words.dataset.jumpSection, Number(words.dataset.jumpStart), Number(words.dataset.jumpEnd));
    if (!isQuiet) evidence.focus({ preventScroll: true });
    evidence.scrollIntoView({ block: "nearest" });
  };
  board.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#point-"]');
    const items = event.target.closest("[data-filter-point]");
    if (link) {
      event.preventDefault();
      opener = link;
      const isOpen = link.getAttribute("aria-current") === "true";
      if (isOpen) close();
      else open(link.hash.slice("#point-".length));
    } else if (event.target.closest("[data-board-close]")) {
      event.preventDefault();
      close();
      opener?.focus();
    } else if (items) {
      event.preventDefault();
      setFilter({ point: items.dataset.filterPoint });
      showTab("items");
      document.getElementById("desk-items").scrollTo({ top: 0 });
      document.getElementById("item-point").focus({ preventScroll: true });
    }
  });
  board.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !board.matches(".board--open")) return;
    close();
    opener?.focus();
  });
  if (window.location.hash.startsWith("#point-")) {
    showTab("rail");
    open(window.location.hash.slice("#point-".length), { isQuiet: true });
  }
}

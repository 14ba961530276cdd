// Short news at the foot of the page. It is read out once, stays while it is pointed at or focused, and can carry one deed.
const SHOWN_MS = 10000;
// On a phone a pile of them would cover what one is working on.
const mostShown = () => (matchMedia("(max-width: 40rem)").matches ? 1 : 3);

export function toast(text, { deed = "", onDeed = null, isError = false } = {}) {
  const list = document.getElementById("toasts");
  if (!list) return;
  const body = document.body.dataset;
  const box = document.createElement("div");
  box.className = isError ? "toast-box toast-box--error" : "toast-box";
  if (isError) box.setAttribute("role", "alert");
  const words = document.createElement("span");
  words.textContent = text;
  box.append(words);
  let timer = null;
  const leave = () => {
    clearTimeout(timer);
    box.remove();
  };
  if (onDeed) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "toast-box__deed";
    button.textContent = deed;
    button.addEventListener("click", () => {
      leave();
      onDeed();
    });
    box.append(button);
  }
  const close = document.createElement("button");
  close.type = "button";
  close.className = "toast-box__close";
  close.setAttribute("aria-label", body.textClose);
  close.textContent = "×";
  close.addEventListener("click", leave);
  box.append(close);
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => (box.matches(":hover, :focus-within") ? wait() : leave()), SHOWN_MS);
  };
  while (list.childElementCount >= mostShown()) list.firstElementChild.remove();
  list.append(box);
  wait();
}

// Selects the whole of a text that is shown once, so that one key copies it.
export default function copyText(input) {
  input.addEventListener("focus", () => input.select());
}

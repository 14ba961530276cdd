// Words that somebody is writing: Ctrl+Enter saves them, and the page is not left with them unsaved without a question.
const WRITING = ".item--editing textarea, #remark-dialog textarea";

function isUnsaved(field) {
  // After a refusal the form comes back with the words already in it.
  return field.value !== field.defaultValue || field.closest(".item--editing")?.querySelector("[role=alert]");
}

export default function writing() {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing || !event.target.matches(WRITING)) return;
    event.preventDefault();
    event.target.form.requestSubmit();
  });
  window.addEventListener("beforeunload", (event) => {
    if ([...document.querySelectorAll(WRITING)].some(isUnsaved)) event.preventDefault();
  });
}

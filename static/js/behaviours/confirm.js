// Asks before a form is sent that cannot easily be taken back.
function ask(text, yesText) {
  const words = document.body.dataset;
  const dialog = document.createElement("dialog");
  dialog.className = "dialog dialog--confirm";
  const question = document.createElement("p");
  question.id = "confirm-question";
  question.textContent = text;
  dialog.setAttribute("aria-labelledby", question.id);
  const deeds = document.createElement("div");
  deeds.className = "dialog__deeds";
  const yes = document.createElement("button");
  yes.type = "button";
  yes.className = "btn btn-primary";
  yes.textContent = yesText || words.textYes;
  const no = document.createElement("button");
  no.type = "button";
  no.className = "btn";
  no.textContent = words.textCancel;
  no.autofocus = true;
  deeds.append(yes, no);
  dialog.append(question, deeds);
  document.body.append(dialog);
  return new Promise((resolve) => {
    yes.addEventListener("click", () => dialog.close("yes"));
    no.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    dialog.showModal();
  });
}

export default function confirmBefore(form) {
  const { confirm: text, confirmYes: yes } = form.dataset;
  if (form.hasAttribute("hx-post")) {
    form.addEventListener("htmx:confirm", async (event) => {
      event.preventDefault();
      if (await ask(text, yes)) event.detail.issueRequest(true);
    });
    return;
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    // submit() raises no second event.
    if (await ask(text, yes)) form.submit();
  });
}

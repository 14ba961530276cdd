// Asks before a form is sent that cannot be taken back.
export default function confirmBefore(form) {
  form.addEventListener("submit", (event) => {
    if (!window.confirm(form.dataset.confirm)) event.preventDefault();
  });
}

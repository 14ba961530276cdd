// Switches between light and dark at once, and keeps the choice with the person.
export default function theme(button) {
  button.addEventListener("click", async () => {
    const root = document.documentElement;
    const next = root.dataset.bsTheme === "dark" ? "light" : "dark";
    root.dataset.bsTheme = next;
    root.dataset.theme = next;
    const csrf = document.querySelector('meta[name="csrf-token"]').content;
    await fetch(button.dataset.themeUrl, { method: "POST", headers: { "X-CSRFToken": csrf }, body: new URLSearchParams({ theme: next }), keepalive: true });
  });
}

// Runs before the first paint: "automatic" follows the device without a flash, and what needs scripts is shown.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  if (root.dataset.theme === "auto") {
    root.dataset.bsTheme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  }
})();

// Runs before the first paint, so that "automatic" does not flash: the device decides.
(() => {
  const root = document.documentElement;
  if (root.dataset.theme === "auto") {
    root.dataset.bsTheme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  }
})();

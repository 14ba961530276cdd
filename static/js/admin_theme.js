// The administration looks as the person chose in the profile; "auto" follows the device.
(() => {
  const chosen = document.querySelector('meta[name="prism-theme"]').content;
  const isDark = chosen === "auto" ? matchMedia("(prefers-color-scheme: dark)").matches : chosen === "dark";
  const root = document.documentElement;
  root.dataset.theme = isDark ? "dark" : "light";
  root.dataset.bsTheme = root.dataset.theme;
})();

// Draws the API's description. Calls that are tried go out with the session and its CSRF token.
const root = document.documentElement;
const place = document.getElementById("api-docs");
const token = document.querySelector('meta[name="csrf-token"]').content;

// Swagger UI has a dark set of colours of its own, behind its own class.
root.classList.toggle("dark-mode", root.dataset.bsTheme === "dark");

// What Swagger UI leaves unnamed or out of the keyboard's reach.
function mend() {
  for (const select of place.querySelectorAll("select:not([aria-label])")) {
    const row = select.closest("tr[data-param-name]");
    select.setAttribute("aria-label", row?.dataset.paramName ?? place.dataset.textChoice);
  }
  for (const field of place.querySelectorAll("textarea:not([aria-label])")) field.setAttribute("aria-label", place.dataset.textBody);
  for (const code of place.querySelectorAll("pre:not([tabindex])")) code.setAttribute("tabindex", "0");
}

window.SwaggerUIBundle({
  url: place.dataset.schema,
  domNode: place,
  presets: [window.SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  // Deep links are links inside buttons, which a screen reader cannot tell apart.
  deepLinking: false,
  docExpansion: "list",
  // Its colours for code are set on each word and are too faint to read.
  syntaxHighlight: { activated: false },
  defaultModelsExpandDepth: -1,
  requestInterceptor: (request) => {
    if (request.method && request.method !== "GET" && new URL(request.url, location.href).origin === location.origin) {
      request.headers["X-CSRFToken"] = token;
    }
    return request;
  },
});
new MutationObserver(mend).observe(place, { childList: true, subtree: true });

// Draws the API's description. Calls that are tried go out with the session and its CSRF token.
const place = document.getElementById("api-docs");
const token = document.querySelector('meta[name="csrf-token"]').content;

window.SwaggerUIBundle({
  url: place.dataset.schema,
  domNode: place,
  presets: [window.SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  deepLinking: true,
  docExpansion: "none",
  requestInterceptor: (request) => {
    if (request.method && request.method !== "GET" && new URL(request.url, location.href).origin === location.origin) {
      request.headers["X-CSRFToken"] = token;
    }
    return request;
  },
});

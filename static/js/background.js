// Draws a part of the page anew because of news, not because of a person: it says nothing when it fails, and tries again.
const AGAIN_MS = 3000;
const HEADER = "Prism-Background";
const wanted = new WeakMap();

export function isBackground(request) {
  return request?.headers?.[HEADER] === "yes";
}

export function refresh(target, url, swap) {
  if (!target.isConnected) return;
  wanted.set(target, { url, swap });
  window.htmx.ajax("GET", url, { target, source: target, swap, headers: { [HEADER]: "yes" } });
}

function again(event) {
  const { requestConfig: request, xhr } = event.detail;
  const known = isBackground(request) && wanted.get(request.elt);
  // What is refused now is refused again: only what broke is worth another try.
  if (!known || (xhr.status >= 400 && xhr.status < 500)) return;
  setTimeout(() => refresh(request.elt, known.url, known.swap), AGAIN_MS);
}

for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) document.addEventListener(name, again);

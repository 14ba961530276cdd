// Asks the browser for a passkey and sends what it answers with its form: the page stays a plain form, and the server answers a page.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const listed = (credentials = []) => credentials.map((one) => ({ ...one, id: bytes(one.id) }));

function readable(options) {
  const asked = { ...options, challenge: bytes(options.challenge) };
  if (options.user) asked.user = { ...options.user, id: bytes(options.user.id) };
  if (options.excludeCredentials) asked.excludeCredentials = listed(options.excludeCredentials);
  if (options.allowCredentials) asked.allowCredentials = listed(options.allowCredentials);
  return asked;
}

function written({ id, type, rawId, response }) {
  const parts = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) parts[name] = text(response[name]);
  }
  return JSON.stringify({ id, type, rawId: text(rawId), response: parts });
}

async function optionsFrom(form) {
  const answer = await fetch(form.dataset.optionsUrl, {
    method: "POST",
    headers: { Accept: "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
  });
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.detail);
  return readable(body);
}

export default function passkey(form) {
  const fault = form.querySelector("[data-passkey-fault]");
  const button = form.querySelector("button[type=submit]");
  const tell = (words) => {
    fault.textContent = words;
    fault.hidden = false;
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    fault.hidden = true;
    if (!window.PublicKeyCredential) {
      tell(form.dataset.textUnsupported);
      return;
    }
    button.disabled = true;
    try {
      const publicKey = await optionsFrom(form);
      const made = await navigator.credentials[form.dataset.ceremony]({ publicKey });
      form.elements.credential.value = written(made);
      // submit() raises no second event.
      form.submit();
    } catch (error) {
      // The browser's own refusals are in no language of ours, and do not say more than that nothing came of it.
      tell(error instanceof DOMException || error instanceof TypeError ? form.dataset.textFailed : error.message);
    } finally {
      button.disabled = false;
    }
  });
}

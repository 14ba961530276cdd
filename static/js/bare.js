// Pages without a menu: signing in needs no more than this.
import passkey from "./behaviours/passkey.js";

for (const form of document.querySelectorAll("[data-behaviour=passkey]")) passkey(form);
document.documentElement.dataset.ready = "yes";

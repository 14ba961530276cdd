// Several files at once, dropped anywhere on the page: each is sent on its own, a few at a time, and its review is followed in its row.
const AT_ONCE = 3;
const queue = [];
let sending = 0;

function row(list, file) {
  const line = document.createElement("li");
  line.className = "drop__file";
  const name = document.createElement("span");
  name.className = "drop__name";
  name.textContent = file.name;
  const bar = document.createElement("progress");
  bar.max = 100;
  bar.value = 0;
  bar.setAttribute("aria-label", file.name);
  const state = document.createElement("span");
  state.className = "drop__state";
  state.setAttribute("role", "status");
  line.append(name, bar, state);
  list.prepend(line);
  return { line, name, bar, state };
}

function problemOf(request, text) {
  try {
    return JSON.parse(request.responseText).detail || text.textFailed;
  } catch {
    return text.textFailed;
  }
}

function remover(parts, text) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "drop__remove";
  button.setAttribute("aria-label", `${text.textRemove}: ${parts.name.textContent}`);
  button.textContent = "×";
  button.addEventListener("click", () => parts.line.remove());
  parts.line.append(button);
}

// What is said of a file is said once a change, not once a percent.
function say(parts, text) {
  if (parts.state.textContent !== text) parts.state.textContent = text;
}

function fail(parts, text, sentence) {
  parts.line.classList.add("drop__file--failed");
  parts.bar.hidden = true;
  say(parts, sentence);
  remover(parts, text);
}

function next() {
  while (sending < AT_ONCE && queue.length) {
    sending += 1;
    send(queue.shift());
  }
}

function send({ file, zone, parts }) {
  const text = zone.dataset;
  const request = new XMLHttpRequest();
  request.open("POST", text.url);
  request.setRequestHeader("Accept", "application/json");
  request.setRequestHeader("X-CSRFToken", document.querySelector('meta[name="csrf-token"]').content);
  say(parts, text.textUploading);
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) parts.bar.value = (event.loaded / event.total) * 100;
  });
  request.addEventListener("error", () => fail(parts, text, text.textNetwork));
  request.addEventListener("load", () => {
    if (request.status !== 201) return fail(parts, text, `${text.textFailed}: ${problemOf(request, text)}`);
    const made = JSON.parse(request.responseText);
    const link = document.createElement("a");
    link.href = made.url;
    link.textContent = made.name;
    parts.name.replaceChildren(link);
    parts.bar.removeAttribute("value");
    say(parts, text.textReviewing);
    return follow(made, parts, text);
  });
  request.addEventListener("loadend", () => {
    sending -= 1;
    next();
  });
  const form = new FormData();
  form.append("file", file);
  request.send(form);
}

function follow(made, parts, text) {
  const heard = new AbortController();
  const listen = (name, deed) => {
    const mine = (event) => event.detail.data?.document_id === made.id && deed(event.detail.data);
    document.addEventListener(`stream:document.analysis.${name}`, mine, { signal: heard.signal });
  };
  listen("progress", ({ done, total }) => {
    if (!total) return;
    parts.bar.max = total;
    parts.bar.value = done;
  });
  listen("completed", () => {
    heard.abort();
    parts.bar.hidden = true;
    parts.line.classList.add("drop__file--done");
    say(parts, text.textReady);
    const link = document.createElement("a");
    link.href = made.url;
    link.className = "btn btn-sm btn-primary";
    link.textContent = text.textOpen;
    parts.line.append(link);
    remover(parts, text);
  });
  listen("failed", () => {
    heard.abort();
    fail(parts, text, text.textAttention);
  });
}

export default function fileDrop(zone) {
  const list = zone.querySelector(".drop__files");
  const input = zone.querySelector("input[type=file]");
  const take = (files) => {
    for (const file of files) {
      const parts = row(list, file);
      say(parts, zone.dataset.textWaiting);
      queue.push({ file, zone, parts });
    }
    next();
  };
  input.addEventListener("change", () => {
    take(input.files);
    input.value = "";
  });
  const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
  document.addEventListener("dragover", (event) => {
    if (!hasFiles(event) || !zone.isConnected) return;
    event.preventDefault();
    zone.classList.add("drop--over");
  });
  document.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) zone.classList.remove("drop--over");
  });
  document.addEventListener("drop", (event) => {
    if (!hasFiles(event) || !zone.isConnected) return;
    event.preventDefault();
    zone.classList.remove("drop--over");
    take(event.dataTransfer.files);
  });
  window.addEventListener("beforeunload", (event) => {
    if (sending || queue.length) event.preventDefault();
  });
}

// Several files at once: each is sent on its own, with its upload and then its review shown in its row.
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
  line.append(name, bar, state);
  list.append(line);
  return { line, name, bar, state };
}

function problemOf(request, text) {
  try {
    const body = JSON.parse(request.responseText);
    return body.detail || text.failed;
  } catch {
    return text.failed;
  }
}

function send(file, zone, list) {
  const text = {
    uploading: zone.dataset.textUploading,
    reviewing: zone.dataset.textReviewing,
    open: zone.dataset.textOpen,
    failed: zone.dataset.textFailed,
    network: zone.dataset.textNetwork,
    attention: zone.dataset.textAttention,
  };
  const { line, name, bar, state } = row(list, file);
  const fail = (sentence) => {
    line.classList.add("drop__file--failed");
    bar.hidden = true;
    state.textContent = `${text.failed}: ${sentence}`;
  };
  const request = new XMLHttpRequest();
  request.open("POST", zone.dataset.url);
  request.setRequestHeader("Accept", "application/json");
  request.setRequestHeader("X-CSRFToken", document.querySelector('meta[name="csrf-token"]').content);
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) bar.value = (event.loaded / event.total) * 100;
    state.textContent = text.uploading;
  });
  request.addEventListener("error", () => fail(text.network));
  request.addEventListener("load", () => {
    if (request.status !== 201) return fail(problemOf(request, text));
    const made = JSON.parse(request.responseText);
    const link = document.createElement("a");
    link.href = made.url;
    link.textContent = made.name;
    name.replaceChildren(link);
    bar.removeAttribute("value");
    state.textContent = text.reviewing;
    follow(made, { bar, state, line, text });
  });
  const form = new FormData();
  form.append("file", file);
  request.send(form);
}

function follow(made, { bar, state, line, text }) {
  const mine = (event) => event.detail.data.document_id === made.id || event.detail.data.subject_id === made.id;
  document.addEventListener("stream:document.analysis.progress", (event) => {
    if (!mine(event) || !event.detail.data.total) return;
    bar.max = event.detail.data.total;
    bar.value = event.detail.data.done;
    state.textContent = `${text.reviewing} ${event.detail.data.done}/${event.detail.data.total}`;
  });
  document.addEventListener("stream:document.analysis.completed", (event) => {
    if (!mine(event)) return;
    bar.max = 1;
    bar.value = 1;
    const link = document.createElement("a");
    link.href = made.url;
    link.className = "btn btn-sm btn-primary";
    link.textContent = text.open;
    state.replaceChildren(link);
    window.htmx?.ajax("GET", window.location.href, { target: "#library-list", swap: "innerHTML" });
  });
  document.addEventListener("stream:document.analysis.failed", (event) => {
    if (!mine(event)) return;
    bar.hidden = true;
    line.classList.add("drop__file--failed");
    state.textContent = text.attention;
  });
}

export default function fileDrop(zone) {
  const list = zone.querySelector(".drop__files");
  const input = zone.querySelector("input[type=file]");
  const take = (files) => [...files].forEach((file) => send(file, zone, list));
  input.addEventListener("change", () => {
    take(input.files);
    input.value = "";
  });
  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.classList.add("drop--over");
  });
  zone.addEventListener("dragleave", () => zone.classList.remove("drop--over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("drop--over");
    take(event.dataTransfer.files);
  });
}

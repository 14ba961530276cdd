// One socket a tab. The page says up to where it knows the stream; everything after that comes in order, none twice.
// Without a socket it asks every three seconds. Several tabs, a restarted server and a broken network lose nothing.
import { toast } from "../notify.js";

const POLL_EVERY_MS = 3000;
const LONGEST_PAUSE_MS = 20000;
const NOBODY = [4401, 4403];
let lastSeq = null;
let pause = 500;
let polling = null;
let isOver = false;

function tell(type, detail) {
  document.dispatchEvent(new CustomEvent(`stream:${type}`, { detail }));
}

function take(envelope) {
  if (envelope.type === "ready" || envelope.type === "resync") lastSeq = envelope.seq;
  else if (typeof envelope.seq === "number") {
    if (envelope.seq <= lastSeq) return;
    lastSeq = envelope.seq;
  }
  tell(envelope.type, envelope);
}

function showState(text) {
  const place = document.getElementById("live-state");
  if (place && place.textContent !== text) place.textContent = text;
}

function signedOut() {
  if (isOver) return;
  isOver = true;
  const words = document.body.dataset;
  stopPolling();
  toast(words.textSignedOut, { deed: words.textSignIn, onDeed: () => window.location.assign(words.signInUrl), isError: true });
}

async function poll() {
  try {
    const answer = await fetch(`/stream/?after=${lastSeq}`, { headers: { Accept: "application/json" } });
    if (answer.status === 401) return signedOut();
    if (!answer.ok) return undefined;
    const body = await answer.json();
    if (body.resync) return take({ type: "resync", seq: body.last_seq, data: {} });
    body.events.forEach(take);
    if (body.last_seq > lastSeq) lastSeq = body.last_seq;
  } catch {
    // The next round tries again.
  }
  return undefined;
}

function startPolling() {
  if (polling !== null) return;
  showState(document.body.dataset.textReconnecting);
  polling = setInterval(poll, POLL_EVERY_MS);
  poll();
}

function stopPolling() {
  clearInterval(polling);
  polling = null;
  showState("");
}

function connect() {
  if (isOver) return;
  const scheme = window.location.protocol === "https:" ? "wss" : "ws";
  const socket = new WebSocket(`${scheme}://${window.location.host}/ws/`);
  socket.addEventListener("open", () => {
    pause = 500;
    stopPolling();
    socket.send(JSON.stringify({ type: "resume", last_seq: lastSeq }));
  });
  socket.addEventListener("message", (event) => take(JSON.parse(event.data)));
  socket.addEventListener("close", (event) => {
    if (NOBODY.includes(event.code)) return signedOut();
    startPolling();
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    setTimeout(connect, pause * (0.5 + Math.random() / 2));
    return undefined;
  });
}

export default function liveStream(body) {
  // A page that does not say where it stands, such as an answer to a refused form, hears of what comes from now on.
  if (!document.querySelector(".menu")) return;
  lastSeq = body.dataset.streamSeq === "" ? null : Number(body.dataset.streamSeq);
  if (lastSeq === null) {
    fetch("/stream/", { headers: { Accept: "application/json" } })
      .then((answer) => answer.json())
      .then((known) => {
        lastSeq = known.last_seq;
        connect();
      })
      .catch(() => {});
  } else connect();
}

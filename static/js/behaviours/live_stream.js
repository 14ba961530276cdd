// One socket a tab. It says how far it has read and gets the rest in order; without a socket it asks every three seconds.
const POLL_EVERY_MS = 3000;
const LONGEST_PAUSE_MS = 20000;
let lastSeq = null; // null: from now on; the page itself was drawn a moment ago
let pause = 500;
let polling = null;

function take(envelope) {
  if (typeof envelope.seq === "number" && envelope.seq > 0) {
    if (lastSeq !== null && envelope.seq <= lastSeq) return;
    lastSeq = envelope.seq;
  }
  document.dispatchEvent(new CustomEvent(`stream:${envelope.type}`, { detail: envelope }));
}

async function poll() {
  try {
    const answer = await fetch(`/stream/?after=${lastSeq ?? 0}`, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const body = await answer.json();
    // The first answer without a socket only tells how far the stream is: its past is on the page already.
    if (lastSeq !== null) body.events.forEach(take);
    if (body.last_seq > (lastSeq ?? -1)) lastSeq = body.last_seq;
  } catch {
    // The next round tries again.
  }
}

function startPolling() {
  polling ??= setInterval(poll, POLL_EVERY_MS);
}

function stopPolling() {
  clearInterval(polling);
  polling = null;
}

function connect() {
  const scheme = window.location.protocol === "https:" ? "wss" : "ws";
  const socket = new WebSocket(`${scheme}://${window.location.host}/ws/`);
  socket.addEventListener("open", () => {
    pause = 500;
    stopPolling();
    socket.send(JSON.stringify({ type: "resume", last_seq: lastSeq }));
  });
  socket.addEventListener("message", (event) => take(JSON.parse(event.data)));
  socket.addEventListener("close", (event) => {
    if (event.code === 4401 || event.code === 4403) return;
    startPolling();
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    setTimeout(connect, pause * (0.5 + Math.random() / 2));
  });
}

export default function liveStream() {
  if (!document.querySelector(".menu")) return;
  connect();
}

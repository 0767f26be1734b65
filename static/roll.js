// Keeps ticking who is there when the connection is lost: a tick waits on the phone and is sent when there is one again.
// It shows as well what others tick meanwhile. Without this script every button sends its form and loads the page.
const place = location.pathname;
const store = `roll:${place}`;
const state = document.getElementById("roll-state");
let sending = false;

const waiting = () => JSON.parse(localStorage.getItem(store) ?? "[]");
const keep = (ticks) => ticks.length ? localStorage.setItem(store, JSON.stringify(ticks)) : localStorage.removeItem(store);

function tell(sentence) {
  state.hidden = !sentence;
  if (state.textContent !== sentence) state.textContent = sentence;
}

// Puts the roll of an answer in the place of the one that is shown, and keeps the finger's place.
function show(text) {
  const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("roll");
  if (!fresh) return false;
  const held = document.activeElement?.id;
  document.getElementById("roll").replaceWith(document.adoptNode(fresh));
  if (held) document.getElementById(held)?.focus({ preventScroll: true });
  return true;
}

async function send() {
  if (sending) return;
  sending = true;
  try {
    for (let ticks = waiting(); ticks.length; ticks = waiting()) {
      const [tick] = ticks;
      const answer = await fetch(tick.url, { method: "POST", body: new URLSearchParams(tick.fields) });
      if (answer.status >= 500) throw new Error("later");
      const shown = show(await answer.text());
      if (!shown && answer.status < 400) {
        tell(`サインインが切れています。ページを開き直してサインインすると、まだの${ticks.length}件を送ります。`);
        return;
      }
      // What was ticked for the same group meanwhile stays.
      keep(waiting().filter((other) => JSON.stringify(other) !== JSON.stringify(tick)));
    }
    tell("");
  } catch {
    tell(`つながりません。付けた${waiting().length}件はこの端末に残っていて、つながったら送ります。このまま続けてください。`);
  } finally {
    sending = false;
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-tick]");
  if (!form) return;
  event.preventDefault();
  const fields = [...new FormData(form, event.submitter)];
  keep([...waiting().filter((tick) => tick.url !== form.action), { url: form.action, fields }]);
  tell("送っています。");
  send();
});

async function look() {
  if (sending || document.hidden || waiting().length) return;
  try {
    const answer = await fetch(place);
    if (answer.ok && !waiting().length) show(await answer.text());
  } catch {
    // The next look tries again.
  }
}

addEventListener("online", send);
setInterval(() => (waiting().length ? send() : look()), 8000);
send();

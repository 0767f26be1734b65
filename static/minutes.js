// Saves each part of the minutes while it is written, and keeps what could not be saved on this device until it can.
// Without this script every part has its own button.
for (const form of document.querySelectorAll("form[data-saves]")) {
  const text = form.elements.text;
  const version = form.elements.version;
  const state = form.querySelector("[data-state]");
  const store = `minutes:${form.action}`;
  let timer = 0;
  let saving = false;
  let saved = JSON.stringify(values());

  function values() {
    return [...new FormData(form)].filter(([name]) => name !== "version");
  }

  function later(seconds) {
    clearTimeout(timer);
    timer = setTimeout(save, seconds * 1000);
  }

  async function save() {
    const now = JSON.stringify(values());
    if (saving || now === saved) return;
    saving = true;
    try {
      const body = new URLSearchParams([...values(), ["version", version.value], ["auto", "1"]]);
      const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" });
      if (answer.status === 200) {
        version.value = await answer.text();
        saved = now;
        localStorage.removeItem(store);
        state.textContent = `${new Date().toLocaleTimeString("ja-JP", { hour: "2-digit", minute: "2-digit" })} に保存しました。`;
      } else if (answer.status === 409) {
        state.textContent = "ほかの方が、この部分を書きかえました。「保存する」を押すと、両方を見比べられます。";
      } else if (answer.status === 410) {
        state.textContent = "議事録が公開されたため、保存できません。";
      } else if (answer.status === 422) {
        state.textContent = "長すぎるため、保存できません。";
      } else {
        throw new Error("later");
      }
    } catch {
      localStorage.setItem(store, JSON.stringify({ text: text.value, version: version.value }));
      state.textContent = "まだ保存できていません。書いた文は、この端末に残っています。";
      later(10);
    } finally {
      saving = false;
    }
    if (JSON.stringify(values()) !== now) later(2);
  }

  // With the version it was made from, so that what others wrote since then is not written over.
  const left = JSON.parse(localStorage.getItem(store) ?? "null");
  if (left && left.text === text.value) localStorage.removeItem(store);
  else if (left) {
    text.value = left.text;
    version.value = left.version;
    state.textContent = "前に保存できなかった文を、もどしました。";
    later(1);
  }
  form.addEventListener("input", () => later(2));
  form.addEventListener("submit", () => clearTimeout(timer));
}

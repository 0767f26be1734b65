// Shows the copy buttons and lets each put the text of the field it names on the clipboard.
// Without this script the button stays hidden and the field can be selected by hand.
for (const button of document.querySelectorAll("button[data-copies]")) {
  const field = document.getElementById(button.dataset.copies);
  const answer = document.getElementById(button.dataset.answers);
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(field.value);
      answer.textContent = "コピーしました。";
    } catch {
      // Plain http pages and refused permissions have no clipboard.
      field.focus();
      field.select();
      answer.textContent = "アドレスを選びました。選んだ部分をコピーしてください。";
    }
  });
}

// Small comforts; every page works without them.
"use strict";

// A form that came back: bring its summary of errors into focus, so that screen readers start there.
document.getElementById("error-summary")?.focus();

// Buttons that copy a value; hidden until this script can serve them.
for (const button of document.querySelectorAll("button[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const before = button.textContent;
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = button.dataset.copied;
    setTimeout(() => { button.textContent = before; }, 2500);
  });
}

// Buttons that print the page.
for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// How many characters have been typed, under a text with a limit.
for (const counter of document.querySelectorAll("[data-counts]")) {
  const field = document.getElementById(counter.dataset.counts);
  const show = () => {
    const typed = [...field.value.normalize("NFC").trim()].length;
    counter.textContent = counter.dataset.words.replace("0", typed.toLocaleString(document.documentElement.lang));
  };
  field.addEventListener("input", show);
  show();
}

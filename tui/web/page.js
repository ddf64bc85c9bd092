// The keyboard belongs to the terminal as soon as it draws, and whenever the reader comes back to the page.
"use strict";

function focusTerminal() {
  const keys = document.querySelector(".xterm-helper-textarea");
  if (keys && !document.body.classList.contains("-closed")) {
    keys.focus();
  }
}

window.addEventListener("focus", focusTerminal);
window.addEventListener("load", () => {
  new MutationObserver(focusTerminal).observe(document.body, { attributes: true, attributeFilter: ["class"] });
  focusTerminal();
});

// Buttons that copy the text below them.
"use strict";

(() => {
  const SAID_FOR = 2500;

  /** For pages that may not write to the clipboard themselves: what a reader would do, in their place. */
  const copySelected = (source) => {
    const selection = window.getSelection();
    const before = selection.rangeCount > 0 ? selection.getRangeAt(0) : null;
    selection.selectAllChildren(source);
    const done = document.execCommand("copy");
    selection.removeAllRanges();
    if (before) {
      selection.addRange(before);
    }
    return done;
  };

  const copy = async (source) => {
    try {
      await navigator.clipboard.writeText(source.textContent);
      return true;
    } catch {
      return copySelected(source);
    }
  };

  for (const button of document.querySelectorAll("button.copy")) {
    const source = button.closest("figure").querySelector("code");
    const status = button.parentElement.querySelector("[role=status]");
    let timer = 0;
    button.hidden = false;
    button.addEventListener("click", async () => {
      status.textContent = (await copy(source)) ? "Copied" : "Select it and copy by hand";
      window.clearTimeout(timer);
      timer = window.setTimeout(() => status.replaceChildren(), SAID_FOR);
    });
  }
})();

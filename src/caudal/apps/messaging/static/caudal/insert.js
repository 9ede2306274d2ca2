// Puts what a [data-insert] button names where the cursor last was in the subject or the text.
(() => {
  const form = document.querySelector("main form");
  let field = form.querySelector("textarea");
  field.setSelectionRange(field.value.length, field.value.length);
  form.addEventListener("focusin", ({ target }) => { if (target.matches("textarea, input[type=text]")) field = target; });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-insert]");
    if (!button) return;
    field.setRangeText(button.dataset.insert, field.selectionStart, field.selectionEnd, "end");
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
})();

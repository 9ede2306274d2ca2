// Choosing rows of a list: how many, the whole page, or all that the filter finds.
(() => {
  const picks = () => [...document.querySelectorAll("input[name=pick][form=bulk]")];
  const show = () => {
    const bar = document.querySelector("[data-bulk]");
    if (!bar) return;
    const all = bar.querySelector("[data-bulk-all]");
    const chosen = picks().filter((box) => box.checked).length;
    if (!chosen) all.checked = false;
    bar.querySelector("[data-bulk-count]").textContent = all.checked ? "✓" : chosen;
    bar.querySelector("[data-bulk-some]").hidden = !chosen;
    bar.querySelector("[data-bulk-page]").checked = chosen > 0 && chosen === picks().length;
  };
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-bulk-page]")) picks().forEach((box) => { box.checked = event.target.checked; });
    if (event.target.matches("[data-bulk-page], [data-bulk-all], input[name=pick]")) show();
  });
  addEventListener("pageshow", show);
  document.addEventListener("htmx:afterSettle", show);
})();

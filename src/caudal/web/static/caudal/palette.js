// The search everywhere: a combobox over what the server finds. Asking, waiting and dropping old
// questions is htmx's; here are the keys, the choice and what this person looked at last.
(() => {
  const KEPT = 8;
  const dialog = document.getElementById("palette");
  if (!dialog) return;
  const box = document.getElementById("find");
  const status = document.getElementById("find-status");
  const options = () => [...dialog.querySelectorAll("[role=option]")];
  const name = `caudal.recent.${document.body.dataset.person}`;

  // Only addresses are kept here: names come from the server, if this person may see them.
  const recent = () => { try { return JSON.parse(localStorage.getItem(name)) || []; } catch { return []; } };
  const remember = (path) => {
    const paths = [path, ...recent().filter((each) => each !== path)].slice(0, KEPT);
    try { localStorage.setItem(name, JSON.stringify(paths)); } catch { /* private mode */ }
  };
  if (/\/\d+\/$/.test(location.pathname)) remember(location.pathname);

  // What the hits answer, and whether Enter waits for the hits of what was typed since.
  let answered = null;
  let waits = false;

  const choose = (option) => {
    options().forEach((each) => each.setAttribute("aria-selected", String(each === option)));
    if (!option) { box.removeAttribute("aria-activedescendant"); return; }
    box.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };
  const chosen = () => options().find((each) => each.getAttribute("aria-selected") === "true");
  const step = (by) => {
    const all = options();
    if (all.length) choose(all[(all.indexOf(chosen()) + by + all.length) % all.length]);
  };

  const open = () => {
    if (dialog.open) return;
    box.value = "";
    waits = false;
    dialog.showModal();
    box.focus();
    htmx.trigger(box, "find");
  };
  document.addEventListener("click", (event) => {
    const opener = event.target.closest?.("[data-palette]");
    if (opener && !event.ctrlKey && !event.metaKey) { event.preventDefault(); open(); }
    if (event.target === dialog || event.target.closest?.("[data-palette-close]")) dialog.close();
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
  });
  document.addEventListener("caudal:search", open);

  box.addEventListener("keydown", (event) => {
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in moves) { event.preventDefault(); step(moves[event.key]); }
    if (event.key === "Home" && event.ctrlKey) { event.preventDefault(); choose(options()[0]); }
    if (event.key === "End" && event.ctrlKey) { event.preventDefault(); choose(options().at(-1)); }
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    if (answered !== box.value) { waits = true; return; }
    if (event.ctrlKey || event.metaKey) window.open(chosen()?.href, "_blank", "noopener");
    else chosen()?.click();
  });
  dialog.addEventListener("htmx:configRequest", (event) => { event.detail.parameters.recent = recent().join(","); });
  box.addEventListener("input", () => { waits = false; });
  dialog.addEventListener("htmx:afterSwap", (event) => {
    answered = event.detail.requestConfig.parameters.q ?? "";
    const all = options();
    all.forEach((each) => { each.tabIndex = -1; });
    choose(all[0]);
    status.textContent = all.length === 0 ? status.dataset.none : all.length === 1 ? status.dataset.one : status.dataset.many.replace("{}", all.length);
    if (waits && answered === box.value) chosen()?.click();
    waits = false;
  });
})();

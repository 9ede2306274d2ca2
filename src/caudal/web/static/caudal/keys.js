// Keys instead of the mouse. Single keys work only outside of fields and can be switched off by
// each person (WCAG 2.1.4); Ctrl+K is palette.js's and always works.
(() => {
  const WAIT_MS = 1500;
  const dialog = document.getElementById("keys");
  const isOn = () => document.body.dataset.shortcuts === "on";
  const WRITTEN = "textarea, select, [contenteditable], .ts-wrapper, input:not([type=checkbox], [type=radio], [type=button], [type=submit])";
  const NEW = "main .page-header a[href$='/new/'], main a.btn[href$='/new/']";
  // Something new of the list, not something for the one row that the page is of.
  const fresh = [...document.querySelectorAll(NEW)].find((link) => !/\/\d+\//.test(link.pathname));
  let began = 0; // when "g" was pressed

  const rows = () => [...document.querySelectorAll("main [data-list] tbody tr, main table.list tbody tr")]
    .filter((row) => row.offsetParent && linkOf(row));
  const linkOf = (row) => row.querySelector(".who a[href], a[href]");
  const step = (by) => {
    const all = rows();
    const at = all.findIndex((row) => row.contains(document.activeElement));
    const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)];
    if (!next) return;
    linkOf(next).focus();
    next.scrollIntoView({ block: "nearest" });
  };
  const goto = (key) => document.querySelector(`#sidebar a[data-keys="g ${CSS.escape(key)}"]`)?.click();
  const showKeys = () => {
    if (!dialog || dialog.open) return;
    dialog.showModal();
    htmx.trigger(dialog, "show");
  };
  const ACTS = {
    "/": () => document.dispatchEvent(new CustomEvent("caudal:search")),
    "?": showKeys,
    n: () => (fresh || document.querySelector("#sidebar a[data-keys='g a']"))?.click(),
    j: () => step(1),
    k: () => step(-1),
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape") {
      const side = document.querySelector(".offcanvas.show");
      if (side) tabler.Offcanvas.getInstance(side)?.hide();
      return;
    }
    const isWriting = event.target.closest?.(WRITTEN);
    if (!isOn() || isWriting || document.querySelector("dialog[open], .modal.show")) return;
    const second = began && event.timeStamp - began < WAIT_MS;
    began = 0;
    if (second && /^[a-z]$/.test(event.key)) { event.preventDefault(); goto(event.key); return; }
    if (event.key === "g") { began = event.timeStamp; return; }
    if (event.key in ACTS) { event.preventDefault(); ACTS[event.key](); }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-keys-open]")) showKeys();
    if (dialog && (event.target === dialog || event.target.closest?.("[data-keys-close]"))) dialog.close();
  });
  if (isOn() && fresh) {
    fresh.setAttribute("aria-keyshortcuts", "n");
    fresh.title = `${fresh.textContent.trim()} (n)`;
  }
})();

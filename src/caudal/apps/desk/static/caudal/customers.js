// The customers list: what a row opens, columns in order, and buttons that go along with the address.
(() => {
  const inert = "a, button, input, label, select, .dropdown-menu";

  // A click on a row that is on nothing else opens its details beside the list.
  document.addEventListener("click", (event) => {
    const row = event.target.closest("tr[data-side]");
    if (!row || event.target.closest(inert) || String(getSelection())) return;
    row.querySelector("[data-bs-target='#side'][hx-get$='/side/']")?.click();
  });

  // A row's tools come after their menu has found its place: with them in it, it finds it anew.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (!event.target.matches?.(".row-tools .dropdown-menu")) return;
    tabler.Dropdown.getInstance(event.target.previousElementSibling)?.update();
  });

  // Views and columns are asked with the list's present address.
  document.addEventListener("htmx:configRequest", (event) => {
    if (!event.detail.elt.matches("[data-with-address]")) return;
    new URLSearchParams(location.search).forEach((value, name) => { event.detail.parameters[name] = value; });
  });

  // Columns: up, down, and those that are ticked join the end of the order.
  document.addEventListener("click", (event) => {
    const mover = event.target.closest("[data-column-up], [data-column-down]");
    if (!mover) return;
    const item = mover.closest("li");
    if (mover.matches("[data-column-up]")) item.previousElementSibling?.before(item); else item.nextElementSibling?.after(item);
    mover.focus();
  });
  document.addEventListener("htmx:afterSettle", () => {
    document.querySelectorAll("a[data-shown]").forEach((link) => {
      const query = new URLSearchParams(location.search);
      query.set("file_columns", "shown");
      link.search = query.toString();
    });
  });
})();

// Forms in which a person is typed in: rows of phones, who looks alike, the keyboard.
(() => {
  const closest = (event, selector) => event.target.closest?.(selector);
  const inForm = (event) => closest(event, "form[data-typing]");
  const fire = (element, name) => element?.dispatchEvent(new Event(name, { bubbles: true }));

  // Phones and e-mails: a row more, a row less.
  const add = (rows) => {
    const most = Number(rows.dataset.most);
    const taken = new Set([...rows.querySelectorAll("[data-contact] input[name]")].map((input) => input.name));
    let number = 2;
    while (taken.has(`${rows.dataset.contacts}_${number}`)) number += 1;
    if (number > most) return;
    const row = rows.querySelector("template").content.firstElementChild.cloneNode(true);
    row.querySelectorAll("[name]").forEach((input) => { input.name = input.name.replace("___", `_${number}`); });
    rows.querySelector("[data-contact-add]").before(row);
    row.querySelector("input").focus();
  };
  document.addEventListener("click", (event) => {
    const rows = closest(event, "[data-contacts]");
    if (!rows) return;
    if (closest(event, "[data-contact-add]")) add(rows);
    const removed = closest(event, "[data-contact-remove]") && closest(event, "[data-contact]");
    if (!removed) return;
    removed.remove();
    fire(rows.querySelector("input"), "change");
    rows.querySelector("[data-contact-add]").focus();
  });

  // Who looks alike: asked for while one types what tells people apart.
  const TELLING = /^(document_number|address|mac|phones(_\d+)?)$/;
  const look = (event) => {
    if (inForm(event) && TELLING.test(event.target.name)) fire(document.getElementById("duplicates"), "look");
  };
  document.addEventListener("input", look);
  document.addEventListener("change", look);
  document.addEventListener("htmx:afterSettle", () => {
    const link = document.querySelector("[data-alike-link]");
    if (link) link.hidden = !Number(document.getElementById("duplicates")?.dataset.alike);
  });

  // A field that is needed and was left empty is told at once; a document again with its kind.
  document.addEventListener("focusout", (event) => {
    if (inForm(event) && event.target.required && !event.target.value) fire(event.target, "change");
  });
  document.addEventListener("change", (event) => {
    if (!inForm(event) || event.target.name !== "document_type") return;
    const number = event.target.form.elements.document_number;
    if (number?.value) fire(number, "change");
  });

  // Enter goes to the next field, Ctrl+Enter saves.
  const reachable = (form) => [...form.elements].filter((each) => each.matches("input, select, textarea, button[data-once]")
    && each.type !== "hidden" && !each.disabled && each.offsetParent);
  document.addEventListener("keydown", (event) => {
    const form = inForm(event);
    if (!form || event.key !== "Enter" || event.isComposing) return;
    if (event.ctrlKey || event.metaKey) { event.preventDefault(); form.requestSubmit(); return; }
    if (!event.target.matches("input:not([type=submit]):not([type=button]), select")) return;
    event.preventDefault();
    const fields = reachable(form);
    const next = fields[fields.indexOf(event.target) + 1];
    next?.focus();
    next?.select?.();
  });

  document.addEventListener("DOMContentLoaded", () => {
    const form = document.querySelector("form[data-typing]");
    if (!form) return;
    const wrong = form.querySelector(".is-invalid");
    if (wrong) { wrong.focus(); return; }
    if (matchMedia("(pointer: fine)").matches && form.matches("[data-registration]")) {
      [...form.elements].find((each) => each.matches("[name=name], [name=first_name]") && each.offsetParent)?.focus();
    }
  });
})();

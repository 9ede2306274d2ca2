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

  // Localities that fit an address box; choosing one completes the boxes beside it.
  const prefix = (name) => (name.startsWith("legal_") ? "legal_" : "");
  const shut = () => document.querySelectorAll("[data-suggestions]").forEach((list) => list.remove());
  const fill = (input, values, over) => {
    Object.entries(values).forEach(([name, value]) => {
      const box = input.form.elements[prefix(input.name) + name];
      if (!box || box === input && !over || !over && box.value || box.value === value) return;
      box.value = value;
      fire(box, "change");
    });
  };
  let waiting = 0;
  const suggest = async (input) => {
    const query = new URLSearchParams({ field: input.name.replace(/^legal_/, ""), text: input.value });
    const code = input.form.elements[`${prefix(input.name)}postal_code`];
    if (code && code !== input) query.set("postal_code", code.value);
    const answer = await fetch(`${input.dataset.suggest}?${query}`, { headers: { "HX-Request": "true" } });
    if (!answer.ok || document.activeElement !== input) return;
    shut();
    const list = document.createElement("div");
    list.className = "suggestions dropdown-menu show";
    list.dataset.suggestions = input.id;
    list.innerHTML = await answer.text();
    fill(input, JSON.parse(list.firstElementChild.dataset.shared), false);
    if (list.querySelector("button")) input.after(list);
  };
  document.addEventListener("input", (event) => {
    if (!event.target.dataset?.suggest) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => suggest(event.target), 250);
  });
  document.addEventListener("click", (event) => {
    const chosen = closest(event, "[data-fills]");
    if (!chosen) { if (!closest(event, "[data-suggestions]")) shut(); return; }
    const input = document.getElementById(closest(event, "[data-suggestions]").dataset.suggestions);
    fill(input, JSON.parse(chosen.dataset.fills), true);
    shut();
    input.focus();
  });
  document.addEventListener("focusin", (event) => {
    const list = document.querySelector("[data-suggestions]");
    if (list && !list.contains(event.target) && event.target.id !== list.dataset.suggestions) shut();
  });
  document.addEventListener("keydown", (event) => {
    const list = document.querySelector("[data-suggestions]");
    if (!list) return;
    if (event.key === "Escape") { document.getElementById(list.dataset.suggestions).focus(); shut(); return; }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const all = [document.getElementById(list.dataset.suggestions), ...list.querySelectorAll("button")];
    event.preventDefault();
    all[(all.indexOf(document.activeElement) + step + all.length) % all.length]?.focus();
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

  // A position that only the server can read becomes plain coordinates, and the pin follows.
  const PLAIN = /^\s*[+-]?\d{1,3}(\.\d+)?\s*[,;\s]\s*[+-]?\d{1,3}(\.\d+)?\s*$/;
  const place = (text) => {
    const box = document.getElementById("id_position");
    if (!text || !box) return;
    box.value = text;
    fire(box, "input");
    fire(box, "change");
  };
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (!inForm(event) || box.id !== "id_position" || !box.value || PLAIN.test(box.value)) return;
    const values = { ...Object.fromEntries(new FormData(box.form)), refresh: "position" };
    htmx.ajax("POST", box.form.action, { source: box.form, target: "#spot", swap: "outerHTML", values })
      .then(() => place(document.getElementById("spot")?.dataset.spot));
  });
  document.addEventListener("click", (event) => {
    const chosen = closest(event, "[data-place]");
    if (chosen) place(chosen.dataset.place);
  });

  // Enter goes to the next field that is open, past those that are right for most; Ctrl+Enter saves.
  const PASSED = "[name$=_purpose], [name=document_type]";
  const reachable = (form) => [...form.elements].filter((each) => each.matches("input, select, textarea, button[data-once]")
    && each.type !== "hidden" && !each.disabled && each.offsetParent && !each.closest("details:not([open])"));
  document.addEventListener("keydown", (event) => {
    const form = inForm(event);
    if (!form || event.key !== "Enter" || event.isComposing) return;
    if (event.ctrlKey || event.metaKey) { event.preventDefault(); form.requestSubmit(); return; }
    if (!event.target.matches("input:not([type=submit]):not([type=button]), select")) return;
    event.preventDefault();
    const fields = reachable(form);
    const next = fields.slice(fields.indexOf(event.target) + 1).find((each) => !each.matches(PASSED));
    next?.focus();
    next?.select?.();
  });

  document.addEventListener("DOMContentLoaded", () => {
    const form = document.querySelector("form[data-typing]");
    if (!form) return;
    const wrong = form.querySelector(".is-invalid");
    if (wrong) { wrong.focus(); return; }
    if (document.getElementById("form-errors")) return;
    if (matchMedia("(pointer: fine)").matches && form.matches("[data-registration]")) {
      [...form.elements].find((each) => each.matches("[name=name], [name=first_name]") && each.offsetParent)?.focus();
    }
  });
})();

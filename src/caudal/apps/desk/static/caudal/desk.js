// The desk's pages: filters that open, forms that remember what was typed, fields that depend on others.
(() => {
  const find = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // Customer's page: what stands above a part is loaded before one is taken there, or it would move away.
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".customer-jump a");
    const target = link && find(link.hash);
    if (!target) return;
    event.preventDefault();
    const before = (panel) => panel === target || panel.compareDocumentPosition(target) & Node.DOCUMENT_POSITION_FOLLOWING;
    const waiting = all("[data-waiting]").map((body) => body.closest("[data-panel]")).filter(before);
    const go = () => target.scrollIntoView({ block: "start" });
    go();
    waiting.forEach((panel) => {
      panel.addEventListener("htmx:afterSettle", go, { once: true });
      htmx.trigger(panel, "show");
    });
    history.replaceState(null, "", link.hash);
  });

  // Customers list: the filters come when they are opened; links to the export follow the filter.
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-filters]");
    if (!opener) return;
    const fields = document.getElementById("filters");
    fields.hidden = !fields.hidden;
    opener.setAttribute("aria-expanded", String(!fields.hidden));
  });
  document.addEventListener("htmx:afterSettle", () => {
    all("[data-export]").forEach((link) => { link.search = location.search; });
    all("[data-list-form] > [name=sort], [data-list-form] > [name=cols]").forEach((kept) => {
      kept.value = new URLSearchParams(location.search).get(kept.name) || "";
    });
  });
  document.addEventListener("htmx:configRequest", (event) => {
    // An address that people share names only the filters in force.
    if (!event.detail.elt.matches("[data-list-form]")) return;
    const typed = event.detail.parameters;
    Object.keys(typed).forEach((name) => { if (typed[name] === "") delete typed[name]; });
  });

  // The free-address picker stands beside the box of the address.
  const showPicker = () => {
    const template = find("template[data-address-picker]");
    const input = document.getElementById("id_ip_address");
    if (!template || !input || input.closest(".input-group")) return;
    const group = document.createElement("div");
    group.className = "input-group";
    input.replaceWith(group);
    group.append(input, template.content.cloneNode(true));
  };
  document.addEventListener("click", (event) => {
    const picked = event.target.closest("[data-fill]");
    if (!picked) return;
    const input = document.getElementById(picked.dataset.fill);
    input.value = picked.dataset.value;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });

  // Zone, plan, router, kind of person: what depends on them is asked for again with what was typed.
  document.addEventListener("change", (event) => {
    const name = event.target.dataset?.refresh;
    const form = event.target.form;
    if (!name || !form) return;
    ask(form, name, event.target.dataset.refreshTarget || "#service-fields");
  });
  // Whoever types faster than the answer comes keeps what he typed meanwhile.
  const ask = (form, what, target) => {
    const sent = Object.fromEntries(new FormData(form));
    const later = {};
    const note = () => {
      for (const [name, value] of new FormData(form)) if (value !== sent[name]) later[name] = value;
    };
    form.addEventListener("htmx:beforeSwap", note);
    const values = { ...sent, refresh: what };
    return htmx.ajax("POST", form.action, { source: form, target, swap: "outerHTML", values }).then(() => {
      form.removeEventListener("htmx:beforeSwap", note);
      Object.entries(later).forEach(([name, value]) => {
        const field = form.elements[name];
        if (field && "value" in field && field.type !== "checkbox") field.value = value;
      });
    });
  };

  document.addEventListener("DOMContentLoaded", () => {
    showPicker();
    if (!find(".is-invalid")) find("#form-errors")?.focus();
  });
  document.addEventListener("htmx:afterSettle", showPicker);
})();

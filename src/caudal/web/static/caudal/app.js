// The little that the panel's pages do by themselves; everything else is links, forms and htmx.
(() => {
  const root = document.documentElement;
  const keep = (name, value) => { try { localStorage.setItem(name, value); } catch { /* private mode */ } };
  const closest = (event, selector) => event.target.closest && event.target.closest(selector);

  // Theme and menu.
  let menuOpener = null;
  const showMenu = (open, opener) => {
    root.classList.toggle("menu-open", open);
    document.querySelector(".sidebar-shade").hidden = !open;
    document.querySelectorAll(".page-wrapper, .footbar").forEach((each) => { each.inert = open; });
    document.querySelectorAll("[data-menu-open]").forEach((each) => each.setAttribute("aria-expanded", String(open)));
    if (open) { menuOpener = opener; document.querySelector("#sidebar a.nav-link")?.focus(); } else menuOpener?.focus();
  };
  // A long menu shows where one is.
  const here = document.querySelector("#sidebar .active");
  const rail = document.getElementById("sidebar-menu");
  if (here && rail && here.offsetTop + here.offsetHeight > rail.clientHeight) rail.scrollTop = here.offsetTop - rail.clientHeight / 2;

  document.addEventListener("click", (event) => {
    if (closest(event, "[data-theme-switch]")) {
      root.dataset.bsTheme = root.dataset.bsTheme === "dark" ? "light" : "dark";
      keep("caudal.theme", root.dataset.bsTheme);
      document.dispatchEvent(new CustomEvent("caudal:theme"));
    } else if (closest(event, "[data-fold]")) {
      keep("caudal.menu", root.classList.toggle("menu-folded") ? "folded" : "open");
    } else if (closest(event, "[data-menu-open]")) {
      showMenu(!root.classList.contains("menu-open"), closest(event, "[data-menu-open]"));
    } else if (closest(event, "[data-menu-close]")) {
      showMenu(false);
    } else if (closest(event, "[data-toast-close]")) {
      closest(event, "[data-toast]").remove();
    } else if (closest(event, "[data-copy]")) {
      navigator.clipboard?.writeText(closest(event, "[data-copy]").dataset.copy);
    } else if (closest(event, "[data-print]")) {
      print();
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && root.classList.contains("menu-open")) showMenu(false);
  });

  // Toasts: errors stay until closed, the rest goes by itself.
  const fade = (toast) => { if (!toast.matches(".notice-error, .notice-warning")) setTimeout(() => toast.remove(), 6000); };
  const toast = (text, level = "success") => {
    const fresh = document.getElementById("toast-template")?.content.firstElementChild.cloneNode(true);
    if (!fresh) return;
    fresh.classList.add(`notice-${level}`);
    fresh.querySelector("span").textContent = text;
    document.getElementById("toasts").append(fresh);
    fade(fresh);
  };
  document.querySelectorAll("[data-toast]").forEach(fade);
  document.body.addEventListener("toast", (event) => toast(event.detail.text, event.detail.level));

  // A question before what cannot be taken back easily.
  document.addEventListener("click", (event) => {
    const asked = closest(event, "[data-confirm]");
    if (asked && !confirm(asked.dataset.confirm)) { event.preventDefault(); event.stopPropagation(); }
  }, true);

  // A form is sent once; a filter form by itself when something in it changes.
  document.addEventListener("submit", (event) => {
    if (event.target.dataset.sent) { event.preventDefault(); return; }
    if (event.target.querySelector("[data-once]") && !event.target.hasAttribute("hx-post")) {
      event.target.dataset.sent = "1";
      event.target.querySelectorAll("[data-once]").forEach((button) => button.classList.add("btn-loading"));
    }
  });
  addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    form.querySelectorAll("[data-once]").forEach((button) => button.classList.remove("btn-loading"));
  }));
  document.addEventListener("change", (event) => {
    if (closest(event, "[data-submit-on-change]")) closest(event, "form").requestSubmit();
  });

  // A table that is larger than its box is scrolled with the keyboard too.
  const makeReachable = () => document.querySelectorAll(".table-responsive").forEach((box) => {
    const scrolls = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight;
    if (scrolls) box.tabIndex = 0; else box.removeAttribute("tabindex");
  });
  ["DOMContentLoaded", "htmx:afterSettle"].forEach((name) => document.addEventListener(name, makeReachable));
  addEventListener("resize", makeReachable);

  // A form that came back wrong is gone on with at its first wrong field.
  document.addEventListener("DOMContentLoaded", () => {
    if (document.activeElement === document.body) document.querySelector("main [aria-invalid=true]")?.focus();
  });

  // htmx: say what went wrong, and tell assistive technology which field is wrong.
  const fail = (event, name) => {
    const text = document.body.dataset[name];
    const panel = event.detail.elt?.closest?.("[data-panel]");
    if (panel && event.detail.elt === panel) {
      const body = panel.querySelector(".card-body");
      if (body) { body.textContent = text; body.classList.remove("placeholder-glow"); body.removeAttribute("aria-busy"); return; }
    }
    toast(text, "error");
  };
  document.addEventListener("htmx:responseError", (event) => fail(event, event.detail.xhr.status === 403 ? "textDenied" : "textBroken"));
  document.addEventListener("htmx:afterSettle", (event) => {
    // Another page of a list is read from its top.
    const list = event.target.closest?.("[data-list]");
    if (list && event.detail.pathInfo?.requestPath.includes("cursor=")) list.scrollIntoView({ block: "start" });
  });
  // Whoever had the focus in what is swapped away goes on in what comes instead, not at the top.
  let wasInside = false;
  document.addEventListener("htmx:beforeSwap", (event) => { wasInside = event.detail.target.contains(document.activeElement); });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (!wasInside || document.activeElement !== document.body) return;
    wasInside = false;
    if (!event.target.hasAttribute("tabindex")) event.target.tabIndex = -1;
    event.target.focus({ preventScroll: true });
  });
  // Who presses a button that sends the form is answered by the page that comes. A field that asked
  // at that moment would move the button away from under the pointer, and the press would be lost.
  let isSending = false;
  document.addEventListener("pointerdown", (event) => { isSending = Boolean(event.target.closest?.("form button:not([type=button])")); });
  ["pointerup", "pointercancel"].forEach((name) => document.addEventListener(name, () => { isSending = false; }));
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (isSending && event.detail.elt.matches("[data-field]")) event.preventDefault();
  });
  document.addEventListener("htmx:sendError", (event) => fail(event, "textOffline"));
  document.addEventListener("htmx:afterSwap", (event) => {
    const field = event.target.closest?.("[data-field]");
    if (!field) return;
    const wrong = Boolean(field.querySelector(".field-errors")?.childElementCount);
    field.querySelectorAll("input, select, textarea").forEach((input) => {
      input.classList.toggle("is-invalid", wrong && input.type !== "file");
      if (wrong) input.setAttribute("aria-invalid", "true"); else input.removeAttribute("aria-invalid");
    });
  });
})();

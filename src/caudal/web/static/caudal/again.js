// A form that could not be taken, because its session had ended, is not typed twice.
(() => {
  const KEPT = "caudal.typed";
  const SIGN_IN = /\/staff\/login\//;
  const MOST = 100_000; // characters: more is a paste that nobody types again
  const told = document.body?.dataset.textTyped;

  // Who has signed in meanwhile, in another tab too, has a new token: the form takes that one.
  const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
  document.addEventListener("submit", (event) => {
    const field = event.target.querySelector("[name=csrfmiddlewaretoken]");
    if (field && token()) field.value = token();
  }, true);
  document.addEventListener("htmx:configRequest", (event) => {
    if (token()) event.detail.headers["X-CSRFToken"] = token();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-back]")) { event.preventDefault(); history.back(); }
  });

  const WORDS = "input:not([type=hidden], [type=password], [type=file], [type=checkbox], [type=radio], [type=submit]), select, textarea";
  const typed = (form) => [...form.querySelectorAll(WORDS)].filter((field) => field.name && !field.disabled);
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || SIGN_IN.test(location.pathname)) return;
    const text = JSON.stringify({ at: location.pathname, fields: typed(form).map((field) => [field.name, field.value]) });
    if (text.length < MOST) try { sessionStorage.setItem(KEPT, text); } catch { /* private mode */ }
  });

  // The page after the sign-in is the form again: what was typed goes back into it.
  const bringBack = () => {
    if (SIGN_IN.test(location.pathname)) return;
    let kept = null;
    try { kept = JSON.parse(sessionStorage.getItem(KEPT)); sessionStorage.removeItem(KEPT); } catch { /* none */ }
    if (!kept || kept.at !== location.pathname || !SIGN_IN.test(document.referrer)) return;
    const names = new Set(kept.fields.map(([name]) => name));
    const form = [...document.querySelectorAll("main form[method=post]")].find((each) => typed(each).some((field) => names.has(field.name)));
    if (!form) return;
    const waiting = [...kept.fields];
    typed(form).forEach((field) => {
      const at = waiting.findIndex(([name]) => name === field.name);
      if (at < 0) return;
      const [, value] = waiting.splice(at, 1)[0];
      if (field.value === value || field.closest("[data-submit-on-change]")) return;
      field.value = value;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
    document.body.dispatchEvent(new CustomEvent("toast", { detail: { text: told, level: "warning" } }));
  };
  document.addEventListener("DOMContentLoaded", bringBack);
})();

// What is typed into a form is kept on the server, so that a closed tab loses nothing.
(() => {
  const form = document.querySelector("form[data-draft-at]");
  if (!form) return;
  const AFTER = 1500;
  let timer = 0;
  let waits = false;
  let isSent = false;

  const body = () => new FormData(form);
  const keep = () => {
    clearTimeout(timer);
    if (!waits || isSent) return;
    waits = false;
    fetch(form.dataset.draftAt, { method: "POST", body: body(), keepalive: true, credentials: "same-origin" })
      .then((answer) => { if (!answer.ok) waits = true; }, () => { waits = true; });
  };
  const touched = () => {
    waits = true;
    clearTimeout(timer);
    timer = setTimeout(keep, AFTER);
  };
  form.addEventListener("input", touched);
  form.addEventListener("change", touched);
  form.addEventListener("submit", () => { isSent = true; clearTimeout(timer); });
  // The last letters before the tab is closed, or the phone shows something else.
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") keep(); });
  addEventListener("pagehide", keep);
  addEventListener("pageshow", (event) => { if (event.persisted) isSent = false; });
})();

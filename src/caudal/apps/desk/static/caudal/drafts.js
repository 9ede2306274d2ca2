// What is typed into a form is kept on the server, so that a closed tab loses nothing.
(() => {
  const form = document.querySelector("form[data-draft-at]");
  if (!form) return;
  const AFTER = 1500;
  let timer = 0;
  let waits = false;
  let isSent = false;
  let asking = new AbortController();

  const typed = () => JSON.stringify([...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken"));
  let kept = typed();
  const keep = () => {
    clearTimeout(timer);
    const now = typed();
    // Scripts that tidy an input up are nobody's typing.
    if (!waits || isSent || now === kept) return;
    waits = false;
    asking = new AbortController();
    fetch(form.dataset.draftAt, { method: "POST", body: new FormData(form), keepalive: true, signal: asking.signal })
      .then((answer) => { if (answer.status === 204) kept = now; else waits = true; }, () => { waits = true; });
  };
  const touched = () => {
    waits = true;
    clearTimeout(timer);
    timer = setTimeout(keep, AFTER);
  };
  form.addEventListener("input", touched);
  form.addEventListener("change", touched);
  // What was on its way must not arrive after the form itself.
  form.addEventListener("submit", () => { isSent = true; clearTimeout(timer); asking.abort(); });
  // The last letters before the tab is closed, or the phone shows something else.
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") keep(); });
  addEventListener("pagehide", keep);
  addEventListener("pageshow", (event) => { if (event.persisted) isSent = false; });
})();

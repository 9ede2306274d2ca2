// Documents of a customer: sent as soon as they are chosen, dropped or photographed, with progress.
(() => {
  const form = (event) => event.target.closest?.("[data-drop]");
  const mark = (area, on) => area?.classList.toggle("is-over", on);

  document.addEventListener("change", (event) => {
    if (event.target.type === "file" && form(event) && event.target.files.length) form(event).requestSubmit();
  });
  document.addEventListener("dragover", (event) => {
    if (!form(event)) return;
    event.preventDefault();
    mark(form(event), true);
  });
  document.addEventListener("dragleave", (event) => mark(form(event), false));
  document.addEventListener("drop", (event) => {
    const area = form(event);
    if (!area) return;
    event.preventDefault();
    mark(area, false);
    const input = area.querySelector("input[type='file']");
    input.files = event.dataTransfer.files;
    if (input.files.length) area.requestSubmit();
  });
  document.addEventListener("htmx:xhr:progress", (event) => {
    const bar = event.target.querySelector?.(".drop-progress");
    if (!bar || !event.detail.lengthComputable) return;
    bar.hidden = false;
    bar.value = Math.round(100 * event.detail.loaded / event.detail.total);
  });
})();

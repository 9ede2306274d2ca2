// Rows of lines: add one, take one away, and fill in what a button proposes.
(() => {
  const tell = () => document.body.dispatchEvent(new Event("lines"));
  document.addEventListener("click", (event) => {
    const add = event.target.closest("[data-lines-add]");
    if (add) {
      const box = add.closest("[data-lines]");
      const total = box.querySelector("[name$=TOTAL_FORMS]");
      const holder = document.createElement("div");
      holder.innerHTML = box.querySelector("template").innerHTML.replaceAll("__prefix__", total.value);
      const row = holder.firstElementChild;
      box.querySelector("[data-lines-rows]").append(row);
      total.value = Number(total.value) + 1;
      row.querySelector("select, input:not([type=hidden])").focus();
    }
    const fill = event.target.closest("[data-fill]");
    if (fill) {
      Object.entries(JSON.parse(fill.dataset.fill)).forEach(([name, value]) => {
        const field = document.querySelector(`#id_${name}`);
        if (field) field.value = value;
      });
      tell();
    }
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-line] [name$=DELETE]")) {
      event.target.closest("[data-line]").classList.toggle("line-gone", event.target.checked);
    }
  });
})();

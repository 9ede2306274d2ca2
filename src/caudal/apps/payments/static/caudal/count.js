// The count of a drawer: notes and coins add up to the cash while one types.
(() => {
  const form = document.querySelector("[data-count]");
  if (!form) return;
  const faces = [...form.querySelectorAll("[data-face]")];
  form.addEventListener("input", (event) => {
    if (!event.target.matches("[data-face]")) return;
    const cents = faces.reduce((all, each) => all + Math.round(Number(each.dataset.face) * 100) * (Number(each.value) || 0), 0);
    form.querySelector("[data-counted]").value = (cents / 100).toFixed(2);
  });
  (faces[0] || form.querySelector("[data-counted]")).focus();
})();

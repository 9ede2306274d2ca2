// The cash desk by keyboard: arrows among the customers found, parts, their sum, and the change.
(() => {
  const cents = (text, factor) => Math.round(Number(String(text || 0).replace(",", ".")) * factor) || 0;

  // Searching: arrows walk through what was found, Enter opens it; among several it steps to the first.
  const search = document.querySelector("[data-till-search]");
  if (search) {
    const rows = () => [...search.querySelectorAll("[data-found]")];
    search.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
      const all = rows();
      if (!all.length) return;
      event.preventDefault();
      const at = all.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
      if (at < 0) search.querySelector("input").focus(); else all[Math.min(at, all.length - 1)].focus();
    });
    search.addEventListener("submit", (event) => {
      const list = search.querySelector("[data-typed]");
      if (!list || list.dataset.typed !== search.querySelector("input").value || rows().length < 2) return;
      event.preventDefault();
      rows()[0].focus();
    });
  }
  document.addEventListener("keydown", (event) => {
    const key = { F9: "[data-print-ticket]", Escape: "[data-next]" }[event.key];
    const link = key && document.querySelector(key);
    if (link) { event.preventDefault(); link.click(); }
  });

  // Of the boxes only those are offered where money of that form goes; the usual one is proposed.
  const offer = ({ kinds, boxes, proposed }, method, box, choose) => {
    [...box.options].forEach((option) => { option.hidden = option.disabled = !(kinds[method] || []).includes(boxes[option.value]); });
    if (choose || box.selectedOptions[0]?.disabled) box.value = proposed[method] || "";
  };
  const plain = document.querySelector("[data-plain-payment]");
  if (plain && plain.querySelector("#id_method")) {
    const [method, box] = [plain.querySelector("#id_method"), plain.querySelector("#id_cash_box")];
    const choice = JSON.parse(plain.dataset.choice);
    method.addEventListener("change", () => offer(choice, method.value, box, true));
    offer(choice, method.value, box, false);
  }

  const form = document.querySelector("[data-till]");
  if (!form) return;
  const factor = 10 ** Number(form.dataset.decimals);
  const choice = JSON.parse(form.dataset.choice);
  const parts = [...form.querySelectorAll("[data-part]")];
  const shown = () => parts.filter((part) => !part.hidden);
  const input = (part, name) => part.querySelector(`[name$="-${name}"]`);
  const typed = (part) => cents(input(part, "amount").value, factor);
  const write = (amount) => (amount / factor).toFixed(Number(form.dataset.decimals));
  // Amounts as the server writes them: the sign and the separators come from a sample of 1,234,567.
  const [, before, group, , after] = form.dataset.sample.match(/^(\D*)1(\D*)234(\D*)567(.*)$/);
  const point = after.match(/^[.,]/)?.[0] || "";
  const shownAs = (amount) => {
    const [whole, rest] = write(amount).split(".");
    return before + whole.replace(/\B(?=(\d{3})+$)/g, group) + (rest ? point + rest : "");
  };

  const sum = () => {
    const total = shown().reduce((all, part) => all + typed(part), 0);
    const cash = shown().filter((part) => input(part, "method").value === "cash").reduce((all, part) => all + typed(part), 0);
    const received = cents(form.querySelector("[data-received]").value, factor);
    form.querySelector("[data-total]").textContent = shownAs(total);
    form.querySelectorAll("[data-cash-only]").forEach((each) => { each.hidden = !cash; });
    form.querySelector("[data-change]").textContent = received > cash ? shownAs(received - cash) : "—";
    return total;
  };

  // A cheque has its paper instead of a box.
  const dress = (part, choose) => {
    const method = input(part, "method").value;
    part.querySelectorAll("[data-cheque]").forEach((each) => { each.hidden = method !== "cheque"; });
    part.querySelectorAll("[data-not-cheque]").forEach((each) => { each.hidden = method === "cheque"; });
    offer(choice, method, input(part, "cash_box"), choose);
  };
  parts.forEach((part, at) => {
    if (at && (typed(part) || part.querySelector(".is-invalid"))) part.hidden = false;
    dress(part, false);
    input(part, "method").addEventListener("change", () => { dress(part, true); sum(); });
  });

  // What is asked: the invoices ticked, less what is in favour, and the months ahead.
  const months = form.querySelector("[data-months]");
  const asked = () => {
    const ticked = [...form.querySelectorAll("[data-remaining]:checked")].reduce((all, each) => all + cents(each.dataset.remaining, factor), 0);
    if (!months) return ticked;
    const ahead = Number(months.value) * cents(months.dataset.months, factor);
    const rest = cents(months.dataset.beyond, factor) - cents(months.dataset.favour, factor);
    return Math.max(ticked + rest + ahead, 0);
  };
  const ask = () => {
    const others = shown().slice(1).reduce((all, part) => all + typed(part), 0);
    const rest = asked() - others;
    input(parts[0], "amount").value = rest > 0 ? write(rest) : "";
    sum();
  };
  form.querySelectorAll("[data-remaining], [data-months]").forEach((each) => each.addEventListener("change", ask));
  form.addEventListener("input", (event) => { if (event.target.matches("[data-amount], [data-received]")) sum(); });

  const add = form.querySelector("[data-add-part]");
  add.addEventListener("click", () => {
    const next = parts.find((part) => part.hidden);
    if (!next) return;
    const rest = asked() - sum();
    next.hidden = false;
    if (rest > 0) input(next, "amount").value = write(rest);
    add.hidden = !parts.some((part) => part.hidden);
    dress(next, true);
    input(next, "method").focus();
    sum();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "+" || !event.target.matches("[data-amount]") || add.hidden) return;
    event.preventDefault();
    add.click();
  });
  sum();
  const first = form.querySelector(".is-invalid") || input(parts[0], "amount");
  first.focus();
  if (first.select) first.select();
})();

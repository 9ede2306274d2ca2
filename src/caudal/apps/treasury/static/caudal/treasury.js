// The workbench by keyboard: arrows go from line to line, Enter accepts the first proposal.
(() => {
  const lines = () => [...document.querySelectorAll("[data-lines] [data-line]")];
  let place = 0;
  const go = (to) => {
    const all = lines();
    if (!all.length) return;
    place = Math.max(0, Math.min(to, all.length - 1));
    all[place].focus();
    all[place].scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("focusin", (event) => {
    const line = event.target.closest?.("[data-line]");
    if (line) place = lines().indexOf(line);
  });
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const onLine = event.target.matches?.("[data-line]");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!onLine && event.target !== document.body) return;
      event.preventDefault();
      go(onLine ? place + (event.key === "ArrowDown" ? 1 : -1) : place);
    } else if (event.key === "Enter" && onLine) {
      event.preventDefault();
      event.target.querySelector("[data-accept]")?.click();
    }
  });
  // The line that was just decided is another element: the next one takes the focus.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (!event.target.closest?.("[data-lines]") || !event.target.matches("[data-line]")) return;
    const open = lines().slice(place).findIndex((line) => line.querySelector("[data-accept]"));
    go(open < 0 ? place : place + open);
  });
})();

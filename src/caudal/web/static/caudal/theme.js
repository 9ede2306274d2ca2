// Runs before the page is drawn, so that neither the colours nor the menu jump.
(() => {
  const root = document.documentElement;
  const kept = (name) => { try { return localStorage.getItem(name); } catch { return null; } };
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.bsTheme = kept("caudal.theme") || (dark ? "dark" : "light");
  if (kept("caudal.menu") === "folded") root.classList.add("menu-folded");
  // Paper is white.
  let shown = "";
  addEventListener("beforeprint", () => { shown = root.dataset.bsTheme; root.dataset.bsTheme = "light"; });
  addEventListener("afterprint", () => { root.dataset.bsTheme = shown; });
})();

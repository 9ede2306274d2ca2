// Draws every <canvas data-chart='{"labels": [...], "series": [{"name", "values"}]}'> as bars.
(() => {
  const draw = (canvas) => {
    const data = JSON.parse(canvas.dataset.chart);
    const style = getComputedStyle(document.documentElement);
    const color = (name) => style.getPropertyValue(name).trim();
    const text = color("--tblr-secondary"), line = color("--caudal-line");
    const fills = [color("--tblr-primary"), "#e67700", "#5f3dc4", "#868e96"];
    Chart.getChart(canvas)?.destroy();
    new Chart(canvas, {
      type: "bar",
      data: {
        labels: data.labels,
        datasets: data.series.map((series, at) => ({
          label: series.name, data: series.values.map(Number), backgroundColor: fills[at % fills.length],
          borderRadius: 5, maxBarThickness: 44,
        })),
      },
      options: {
        maintainAspectRatio: false,
        animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? false : { duration: 250 },
        plugins: { legend: { display: data.series.length > 1, labels: { color: text } } },
        scales: {
          x: { grid: { display: false }, ticks: { color: text } },
          y: { beginAtZero: true, grid: { color: line }, border: { display: false }, ticks: { color: text, maxTicksLimit: 6 } },
        },
      },
    });
  };
  const all = (root) => root.querySelectorAll("canvas[data-chart]").forEach(draw);
  all(document);
  document.addEventListener("htmx:afterSettle", (event) => all(event.detail.target));
  document.addEventListener("caudal:theme", () => all(document));
})();

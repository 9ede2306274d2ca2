// Draws every <canvas data-chart='{"kind", "labels": [...], "series": [{"name", "values"}]}'> as bars
// ("across": lying ones), or as a line.
(() => {
  const draw = (canvas) => {
    const data = JSON.parse(canvas.dataset.chart);
    const style = getComputedStyle(document.documentElement);
    const color = (name) => style.getPropertyValue(name).trim();
    const text = color("--tblr-secondary"), line = color("--caudal-line");
    const fills = [color("--tblr-primary"), "#e67700", "#5f3dc4", "#868e96"];
    Chart.getChart(canvas)?.destroy();
    new Chart(canvas, {
      type: data.kind ?? "bar",
      data: {
        labels: data.labels,
        datasets: data.series.map((series, at) => ({
          label: series.name, data: series.values.map(Number), backgroundColor: fills[at % fills.length],
          borderRadius: 5, maxBarThickness: 44, borderColor: fills[at % fills.length], borderWidth: data.kind ? 2 : 0, pointRadius: 0, pointHitRadius: 12,
        })),
      },
      options: {
        maintainAspectRatio: false,
        indexAxis: data.across ? "y" : "x",
        animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? false : { duration: 250 },
        plugins: { legend: { display: data.series.length > 1, labels: { color: text } } },
        scales: {
          x: { grid: { display: false }, ticks: { color: text, maxTicksLimit: data.kind ? 8 : 24, maxRotation: 0, ...(data.across ? { precision: 0 } : {}) } },
          y: { beginAtZero: !data.kind, min: data.floor, grid: { color: line }, border: { display: false }, ticks: { color: text, ...(data.across ? { autoSkip: false } : { maxTicksLimit: 6 }) } },
        },
      },
    });
  };
  const all = (root) => root.querySelectorAll("canvas[data-chart]").forEach(draw);
  all(document);
  document.addEventListener("htmx:afterSettle", (event) => all(event.detail.target));
  document.addEventListener("caudal:theme", () => all(document));
})();

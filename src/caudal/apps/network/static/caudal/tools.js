// Streams of tools (ping, way, live traffic), their tabs, choosing all rows, and picking an address.
(() => {
  const open = new Map();
  const stop = (box) => { open.get(box)?.close(); open.delete(box); };
  const error = (box, text) => {
    const line = document.createElement("p");
    line.className = "stream-error"; line.setAttribute("role", "alert"); line.textContent = text;
    box.append(line);
  };
  const watch = (url, box, onSample, onEnd) => {
    stop(box);
    const source = new EventSource(url);
    open.set(box, source);
    source.addEventListener("add", (event) => box.insertAdjacentHTML("beforeend", event.data));
    source.addEventListener("put", (event) => { box.innerHTML = event.data; });
    source.addEventListener("sample", (event) => onSample?.(JSON.parse(event.data)));
    const end = () => { stop(box); onEnd?.(); };
    source.addEventListener("end", end);
    source.addEventListener("error", (event) => {
      error(box, event.data || document.body.dataset.textOffline);
      end();
    });
  };

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-stream]");
    if (!form) return;
    event.preventDefault();
    const box = document.querySelector(form.dataset.into), button = form.querySelector("button");
    box.textContent = "";
    button.classList.add("btn-loading");
    const query = new URLSearchParams(new FormData(form));
    watch(`${form.dataset.stream}?${query}`, box, null, () => button.classList.remove("btn-loading"));
  });

  // Live traffic: a chart of the last minute, in megabits.
  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const line = (label, name) => ({ label, data: [], borderColor: color(name), backgroundColor: color(name), borderWidth: 2, pointRadius: 0, tension: 0.25 });
  const chartOf = (canvas) => {
    Chart.getChart(canvas)?.destroy();
    const text = color("--tblr-secondary"), grid = color("--caudal-line");
    return new Chart(canvas, {
      type: "line",
      data: { labels: [], datasets: [line(canvas.dataset.down, "--caudal-blue"), line(canvas.dataset.up, "--caudal-amber")] },
      options: {
        maintainAspectRatio: false, animation: false,
        plugins: { legend: { labels: { color: text } } },
        scales: {
          x: { grid: { display: false }, ticks: { color: text, maxTicksLimit: 7 } },
          y: { beginAtZero: true, suggestedMax: 1, grid: { color: grid }, ticks: { color: text, callback: (value) => `${value} Mbps` } },
        },
      },
    });
  };
  const shown = (bits) => `${(bits / 1e6).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 2 })} Mbps`;
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-live]");
    if (!button) return;
    const area = button.closest("[data-live-area]"), canvas = area.querySelector("canvas"), box = area.querySelector("[data-live-log]");
    if (open.has(box)) { stop(box); button.textContent = button.dataset.start; return; }
    area.classList.add("is-live");
    const chart = chartOf(canvas);
    let second = 0;
    box.textContent = "";
    button.textContent = button.dataset.stop;
    watch(button.dataset.live, box, (sample) => {
      second += 1;
      chart.data.labels.push(`${second} s`);
      chart.data.datasets[0].data.push(sample.down / 1e6);
      chart.data.datasets[1].data.push(sample.up / 1e6);
      chart.update();
      area.querySelector("[data-live-down]").textContent = shown(sample.down);
      area.querySelector("[data-live-up]").textContent = shown(sample.up);
    }, () => { button.textContent = button.dataset.start; });
  });

  document.addEventListener("click", (event) => {
    const tool = event.target.closest("[data-tool]");
    if (tool) tool.closest("[data-tools]").querySelectorAll("[data-tool]").forEach((each) => each.setAttribute("aria-pressed", String(each === tool)));
    const offer = event.target.closest("[data-pick]");
    if (offer) {
      const field = document.querySelector(offer.dataset.into || "[name=address]");
      field.value = offer.dataset.pick;
      field.dispatchEvent(new Event("change", { bubbles: true }));
      field.focus();
    }
  });
  document.addEventListener("change", (event) => {
    const all = event.target.closest("[data-check-all]");
    if (all) all.closest("form").querySelectorAll(`input[name="${all.dataset.checkAll}"]`).forEach((each) => { each.checked = all.checked; });
  });
  addEventListener("pagehide", () => open.forEach((source) => source.close()));
})();

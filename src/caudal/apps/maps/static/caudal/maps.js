// The map's page: asks for what is in view, shows cards beside it, and lets pins be put right.
(() => {
  const place = document.getElementById("chart");
  if (!place || !window.L) return;
  const { dataset } = place;
  const pins = window.caudalPins;
  const panel = document.getElementById("map-panel");
  const failed = document.querySelector("[data-map-failed]");
  const state = () => document.querySelector("#map-state [data-query]");
  const sides = (text) => (text ? text.split(",").map(Number) : null);
  const spot = (text) => { const parts = (text || "").split(/[,;]\s*|\s+/).filter(Boolean).map(Number); return parts.length === 2 && parts.every(Number.isFinite) ? parts : null; };
  const AGAIN_S = { sites: 30, points: 60 };
  const SITE_MARKS = { up: "▲", poor: "~", failing: "?", down: "✕", unreachable: "!", unknown: "▲" };

  pins.readColours();
  const map = L.map(place, { attributionControl: Boolean(dataset.tiles), maxZoom: 19, zoomAnimation: !matchMedia("(prefers-reduced-motion: reduce)").matches });
  const canvas = L.canvas({ padding: 0.4, tolerance: 6 });
  const shown = L.layerGroup().addTo(map);
  const layers = { sites: L.layerGroup(), coverage: L.layerGroup(), links: L.layerGroup() };
  Object.entries(layers).forEach(([name, layer]) => { if (document.querySelector(`[data-layer=${name}]`)?.checked) layer.addTo(map); });
  const lines = L.layerGroup().addTo(map);
  L.control.scale({ imperial: false }).addTo(map);

  // The ground: tiles where the provider has chosen some, else a grid that moves along.
  if (dataset.tiles) {
    const escaped = document.createElement("span");
    escaped.textContent = dataset.attribution;
    L.tileLayer(dataset.tiles, { maxZoom: 19, attribution: escaped.innerHTML }).addTo(map);
    map.getPane("tilePane").classList.add("has-pictures");
  } else {
    const Grid = L.GridLayer.extend({ createTile() { const square = document.createElement("div"); square.className = "chart-square"; return square; } });
    new Grid({ tileSize: 128 }).addTo(map);
  }
  if (spot(dataset.office)) siteMarker(spot(dataset.office), "office", dataset.textOffice, "⌂").addTo(map);

  // -- customers

  let asked = null, drawnFor = "", loadedAt = 0;
  const viewText = (bounds) => [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()].map((each) => each.toFixed(6)).join(",");
  const load = async (force) => {
    const query = state()?.dataset.query || "";
    const key = `${map.getZoom()}|${query}`;
    if (!force && drawnFor === key && asked?.area?.contains(map.getBounds())) return;
    asked?.abort();
    const area = map.getBounds().pad(0.4);
    asked = Object.assign(new AbortController(), { area });
    try {
      const answer = await fetch(`${dataset.points}?${query}&view=${viewText(area)}&zoom=${Math.round(map.getZoom())}`, { signal: asked.signal, headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(answer.status);
      draw(await answer.json());
      drawnFor = key;
      loadedAt = Date.now();
      failed.hidden = true;
    } catch (error) {
      if (error.name === "AbortError") return;
      failed.textContent = dataset.textFailed;
      failed.hidden = false;
    }
  };
  const draw = ({ pins: flat = [], cells = [] }) => {
    shown.clearLayers();
    // What asks for attention is drawn last, so that nothing covers it.
    for (let kind = pins.CODES.length - 1; kind >= 0; kind -= 1) {
      for (let at = 0; at < flat.length; at += 4) if (flat[at + 3] === kind) addPin([flat[at + 1], flat[at + 2]], flat[at], kind);
    }
    cells.forEach(([lat, lon, counts, id]) => {
      if (id) addPin([lat, lon], id, counts.findIndex(Boolean));
      else pins.cell([lat, lon], counts, canvas).on("click", () => zoomInto([lat, lon])).addTo(shown);
    });
    place.dataset.drawn = String(shown.getLayers().length);
    document.dispatchEvent(new CustomEvent("caudal:map-drawn"));
  };
  const addPin = (at, id, kind) => pins.pin(at, id, kind, canvas).on("click", (event) => openPin(event, at, id)).addTo(shown);
  // Neighbours of one building stand on one another: then all of them are listed.
  const openPin = (event, at, id) => {
    const here = map.latLngToLayerPoint(at);
    const heap = shown.getLayers().filter((each) => !each.options.counts && map.latLngToLayerPoint(each.getLatLng()).distanceTo(here) < 5);
    if (heap.length > 1) listHere(L.latLngBounds(heap.map((each) => each.getLatLng())).pad(0.01)); else openCard(dataset.customer, id);
  };
  const zoomInto = (at) => { if (map.getZoom() >= 18) listHere(L.latLng(at).toBounds(40)); else map.setView(at, Math.min(map.getZoom() + 2, 19)); };

  // -- cards beside the map

  let before = null;
  const fill = (url) => htmx.ajax("GET", url, { target: "#map-panel", swap: "innerHTML" }).then(() => { panel.hidden = false; panel.focus(); map.invalidateSize({ pan: false }); });
  const openCard = (address, id) => { if (panel.hidden) before = document.activeElement; return fill(address.replace("/0/", `/${id}/`)); };
  const listHere = (bounds) => { if (panel.hidden) before = document.activeElement; return fill(`${dataset.here}?${state()?.dataset.query || ""}&view=${viewText(bounds)}`); };
  const closePanel = () => { panel.hidden = true; panel.replaceChildren(); lines.clearLayers(); map.invalidateSize({ pan: false }); (before?.isConnected ? before : place).focus(); };
  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest(selector);
    if (on("[data-panel-close]")) closePanel();
    else if (on("[data-open]")) openCard(dataset.customer, on("[data-open]").dataset.open);
    else if (on("[data-here]") && on("button")) listHere(map.getBounds());
    else if (on("[data-router]")) toggleLines(on("[data-router]"));
    else if (on("[data-locate]")) map.locate({ setView: true, maxZoom: 16 });
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && !panel.hidden && !document.querySelector(".offcanvas.show")) closePanel(); });

  // -- a pin is put right: drawn on the map, or written as coordinates

  let drawn = null;
  const showPlace = () => {
    drawn?.remove(); drawn = null; lines.clearLayers();
    const card = panel.querySelector("[data-card]");
    if (!card) return;
    const ends = (card.dataset.line || "").split("; ").map(spot);
    if (ends.length === 2 && ends.every(Boolean)) L.polyline(ends, { weight: 2, dashArray: "6 6", color: "currentColor", className: "pin-line" }).addTo(lines);
    const at = spot(card.dataset.at);
    if (at && !map.getBounds().contains(at)) map.setView(at, Math.max(map.getZoom(), 14));
    panel.querySelector("[data-place-form]")?.addEventListener("toggle", (event) => {
      drawn?.remove(); drawn = null;
      if (!event.target.open) return;
      const input = event.target.querySelector("[data-place]");
      drawn = L.marker(spot(input.value) || map.getCenter(), { draggable: true, autoPan: true, icon: L.divIcon({ className: "site site-office", html: "✥", iconSize: [30, 30] }), alt: "" }).addTo(map);
      // On a phone the panel lies on the map: the pin is brought to what is left of it.
      if (getComputedStyle(panel).position === "absolute") map.panBy(map.latLngToContainerPoint(drawn.getLatLng()).subtract([map.getSize().x / 2, map.getSize().y * 0.14]), { animate: false });
      drawn.on("drag", () => { const { lat, lng } = drawn.getLatLng().wrap(); input.value = `${lat.toFixed(6)}, ${lng.toFixed(6)}`; });
      input.addEventListener("change", () => { const to = spot(input.value); if (to) { drawn.setLatLng(to); map.panTo(to); } });
    });
  };
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target === panel) {
      showPlace();
      if (panel.querySelector("[data-moved]")) { load(true); loadSites(); }
    } else if (event.target.id === "map-state") { fit(); load(true); }
  });

  // -- sites, their coverage and links

  function siteMarker(at, kind, name, mark) {
    const icon = L.divIcon({ className: `site site-${kind}`, html: `<span aria-hidden="true">${mark}</span>`, iconSize: [26, 26] });
    return L.marker(at, { icon, title: name, alt: name, zIndexOffset: 500, keyboard: kind !== "office" });
  }
  const loadSites = async () => {
    if (!dataset.sites) return;
    try {
      const answer = await fetch(dataset.sites);
      if (answer.ok) drawSites((await answer.json()).features);
    } catch { /* the next turn tries again */ }
  };
  const drawSites = (features) => {
    const held = document.activeElement?.getAttribute("aria-label");
    Object.values(layers).forEach((layer) => layer.clearLayers());
    const tint = (kind) => getComputedStyle(document.documentElement).getPropertyValue(`--pin-${{ up: "active", down: "cut", unreachable: "cut", poor: "held", failing: "held" }[kind] || "none"}`).trim();
    features.forEach(({ geometry, properties: site }) => {
      if (geometry.type === "LineString") {
        const way = geometry.coordinates.map(([lon, lat]) => [lat, lon]);
        L.polyline(way, { color: tint(site.state), weight: 3, dashArray: site.state === "up" ? null : "8 6", interactive: false }).addTo(layers.links);
        return;
      }
      const at = [Number(geometry.coordinates[1]), Number(geometry.coordinates[0])];
      if (site.radius_m) L.circle(at, { radius: site.radius_m, color: tint(site.state), weight: 1.5, fillOpacity: 0.06, interactive: false }).addTo(layers.coverage);
      const marker = siteMarker(at, site.state, site.label || site.name, SITE_MARKS[site.state]).addTo(layers.sites);
      const open = () => openCard(dataset.site, site.id);
      marker.on("click", open).on("keypress", ({ originalEvent: { key } }) => { if (key === "Enter" || key === " ") open(); });
      const element = marker.getElement();
      element?.setAttribute("aria-label", site.label || site.name);
      if (held && element?.getAttribute("aria-label") === held) element.focus();
    });
    place.dataset.sitesDrawn = String(features.length);
  };
  const toggleLines = async (button) => {
    const on = button.getAttribute("aria-pressed") !== "true";
    lines.clearLayers();
    panel.querySelectorAll("[data-router]").forEach((each) => each.setAttribute("aria-pressed", String(on && each === button)));
    if (!on) return;
    const answer = await fetch(dataset.lines.replace("/0/", `/${button.dataset.router}/`));
    if (!answer.ok) return;
    const { from, to } = await answer.json();
    if (from && to.length) L.polyline(to.map((end) => [from, end]), { renderer: canvas, weight: 1, opacity: 0.7, color: "#0b7285", interactive: false }).addTo(lines);
    place.dataset.lines = String(to.length);
  };
  document.querySelectorAll("[data-layer]").forEach((box) => box.addEventListener("change", () => { if (box.checked) layers[box.dataset.layer].addTo(map); else layers[box.dataset.layer].remove(); }));

  // -- where the map begins, and what keeps it fresh

  const fit = () => {
    const around = sides(state()?.dataset.bounds);
    if (around) map.fitBounds([[around[1], around[0]], [around[3], around[2]]], { padding: [24, 24], maxZoom: 16, animate: false });
    else if (!map._loaded) map.setView(spot(dataset.office) || [15, -75], dataset.office ? 13 : 3);
  };
  const begin = () => {
    const kept = /^#(\d+)\/(-?[\d.]+)\/(-?[\d.]+)$/.exec(location.hash);
    if (kept) map.setView([Number(kept[2]), Number(kept[3])], Number(kept[1])); else fit();
  };
  map.on("moveend", () => {
    const { lat, lng } = map.getCenter();
    history.replaceState(history.state, "", `${location.pathname}${location.search}#${Math.round(map.getZoom())}/${lat.toFixed(5)}/${lng.toFixed(5)}`);
    clearTimeout(map.waits);
    map.waits = setTimeout(() => load(false), 120);
  });
  document.addEventListener("caudal:theme", () => { pins.readColours(); load(true); loadSites(); });
  new ResizeObserver(() => map.invalidateSize({ pan: false })).observe(place);
  setInterval(() => { if (!document.hidden) loadSites(); }, AGAIN_S.sites * 1000);
  setInterval(() => { if (!document.hidden && Date.now() - loadedAt > AGAIN_S.points * 500) load(true); }, AGAIN_S.points * 1000);
  if (isSecureContext && navigator.geolocation) document.querySelector("[data-locate]").hidden = false;
  begin();
  load(true);
  loadSites();
  place.map = map;
})();

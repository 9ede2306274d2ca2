// One pin on a map, in step with a box of coordinates; works without tiles, on a plain ground.
(() => {
  // What people paste; the server reads more of them and has the last word.
  const NUMBER = "([+-]?\\d{1,3}(?:\\.\\d+)?)";
  const SHAPES = [
    `^\\s*\\(?${NUMBER}\\s*[,;\\s]\\s*${NUMBER}\\)?\\s*$`, `!3d${NUMBER}!4d${NUMBER}`, `[?&]mlat=${NUMBER}&mlon=${NUMBER}`,
    `[?&](?:q|query|ll)=${NUMBER},\\s*${NUMBER}`, `@${NUMBER},${NUMBER}`, `#map=\\d+/${NUMBER}/${NUMBER}`,
  ].map((shape) => new RegExp(shape));
  const pair = (text) => {
    const plain = (text || "").replaceAll("%2C", ",");
    const found = SHAPES.map((shape) => shape.exec(plain)).find(Boolean);
    if (!found) return null;
    const [lat, lon] = [Number(found[1]), Number(found[2])];
    return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? [lat, lon] : null;
  };

  const draw = (place) => {
    if (place.dataset.drawn || !window.L) return;
    place.dataset.drawn = "1";
    const input = document.getElementById(place.dataset.input);
    const start = pair(input?.value) || pair(place.dataset.pin) || pair(place.dataset.centre);
    const map = L.map(place, { attributionControl: Boolean(place.dataset.tiles), scrollWheelZoom: false });
    map.setView(start || [15, -75], start ? 15 : 3);
    if (place.dataset.tiles) L.tileLayer(place.dataset.tiles, { maxZoom: 19, attribution: "© OpenStreetMap" }).addTo(map);
    const drop = "<svg viewBox='0 0 24 24' width='32' height='32' aria-hidden='true'><path fill='currentColor' d='M12 2a8 8 0 0 0-8 8c0 5.5 8 12 8 12s8-6.5 8-12a8 8 0 0 0-8-8zm0 11a3 3 0 1 1 0-6 3 3 0 0 1 0 6z'/></svg>";
    const icon = L.divIcon({ className: "pin", html: drop, iconSize: [32, 32], iconAnchor: [16, 30] });
    let pin = null;  // no stop of the keyboard: it is moved by typing in the box beside it
    const show = (spot, move) => {
      if (!spot) { pin?.remove(); pin = null; return; }
      if (!pin) {
        pin = L.marker(spot, { draggable: Boolean(input), icon, keyboard: false }).addTo(map);
        pin.on("dragend", () => write(pin.getLatLng()));
      } else pin.setLatLng(spot);
      if (move) map.setView(spot, Math.max(map.getZoom(), 15));
    };
    const write = ({ lat, lng }) => {
      input.value = `${lat.toFixed(6)}, ${lng.toFixed(6)}`;
      show([lat, lng], false);
      input.dispatchEvent(new Event("change", { bubbles: true }));
    };
    if (input) {
      map.on("click", (event) => write(event.latlng.wrap()));
      input.addEventListener("input", () => show(pair(input.value), true));
    }
    if (pair(input?.value) || pair(place.dataset.pin)) show(start, false);
    new ResizeObserver(() => map.invalidateSize()).observe(place);
  };
  const drawAll = () => document.querySelectorAll("[data-map]").forEach(draw);
  document.addEventListener("DOMContentLoaded", drawAll);
  document.addEventListener("htmx:afterSettle", drawAll);
})();

// What stands on the map, drawn on one canvas: pins by state, and cells of many as rings of their states.
(() => {
  const CODES = ["cut", "held", "active", "pending", "none"];
  const TURN = 2 * Math.PI;
  let colours = {};
  const readColours = () => {
    const style = getComputedStyle(document.documentElement);
    const read = (name) => style.getPropertyValue(`--pin-${name}`).trim();
    colours = { edge: read("edge"), ground: read("ground"), ink: read("ink"), states: CODES.map(read) };
  };

  // Each state has a shape of its own, so that colour alone never tells them apart.
  const SHAPES = [
    (c, x, y, r) => { c.moveTo(x, y - r * 1.1); c.lineTo(x + r * 1.1, y + r * 0.85); c.lineTo(x - r * 1.1, y + r * 0.85); c.closePath(); },
    (c, x, y, r) => { c.rect(x - r * 0.85, y - r * 0.85, r * 1.7, r * 1.7); },
    (c, x, y, r) => { c.arc(x, y, r * 0.9, 0, TURN); },
    (c, x, y, r) => { c.moveTo(x, y - r * 1.15); c.lineTo(x + r * 1.15, y); c.lineTo(x, y + r * 1.15); c.lineTo(x - r * 1.15, y); c.closePath(); },
    (c, x, y, r) => { const a = r * 0.35; [[-r, -r + a], [-r + a, -r], [0, -a], [r - a, -r], [r, -r + a], [a, 0], [r, r - a], [r - a, r], [0, a], [-r + a, r], [-r, r - a], [-a, 0]].forEach(([i, j], n) => (n ? c.lineTo(x + i, y + j) : c.moveTo(x + i, y + j))); c.closePath(); },
  ];

  const drawPin = (c, { x, y }, r, state) => {
    c.beginPath();
    SHAPES[state](c, x, y, r);
    c.fillStyle = colours.states[state];
    c.strokeStyle = colours.edge;
    c.lineWidth = 1.5;
    c.fill();
    c.stroke();
  };

  // A ring shared by the states as they are among the customers of the cell, and how many they are.
  const drawCell = (c, { x, y }, r, counts) => {
    const many = counts.reduce((sum, n) => sum + n, 0);
    c.beginPath(); c.arc(x, y, r, 0, TURN); c.fillStyle = colours.ground; c.fill();
    let from = -TURN / 4;
    counts.forEach((n, state) => {
      if (!n) return;
      // What asks for attention is seen however few they are.
      const to = from + TURN * n / many;
      c.beginPath(); c.arc(x, y, r - 3, from, to); c.lineWidth = 6; c.strokeStyle = colours.states[state]; c.stroke();
      from = to;
    });
    if (counts[0]) drawPin(c, { x: x + r * 0.72, y: y - r * 0.72 }, 6, 0);
    c.fillStyle = colours.ink; c.font = "600 12px Inter, system-ui, sans-serif"; c.textAlign = "center"; c.textBaseline = "middle";
    c.fillText(many < 10000 ? many : `${Math.round(many / 1000)}k`, x, y + 0.5);
  };

  L.Canvas.include({
    _updatePin(layer) {
      if (!this._drawing || layer._empty()) return;
      const { state, counts } = layer.options;
      if (counts) drawCell(this._ctx, layer._point, layer._radius, counts); else drawPin(this._ctx, layer._point, layer._radius, state);
    },
  });
  const Pin = L.CircleMarker.extend({ _updatePath() { this._renderer._updatePin(this); } });

  const sizeOf = (many) => Math.min(15 + 3 * Math.log10(many) * 2, 32);
  window.caudalPins = {
    CODES,
    readColours,
    pin: (at, id, state, renderer) => new Pin(at, { renderer, radius: 8, id, state }),
    cell: (at, counts, renderer) => new Pin(at, { renderer, radius: sizeOf(counts.reduce((sum, n) => sum + n, 0)), counts }),
  };
})();

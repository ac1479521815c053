// Paints the land of the first view before Leaflet is fetched, as and where map.js will show it.
(function () {
  "use strict";
  const setup = JSON.parse(document.body.dataset.setup || "null");
  if (!setup) return;
  const MARGIN = 8, CLOSEST = 7.4; // pixels and a zoom level: fit() in map.js
  const SCREEN_DARK = matchMedia("(prefers-color-scheme: dark)");
  const place = document.getElementById("map");
  // `fetched`: shapes that are on their way, by address; `end` takes the painting away.
  const first = { fetched: {}, end: () => {} };
  window.edition = { first: first };

  // Browsers fetch nothing for a page that was opened as a file.
  if (location.protocol === "file:") {
    document.getElementById("as-file").hidden = false;
    document.documentElement.classList.add("as-file");
    return;
  }

  function map() { document.head.append(Object.assign(document.createElement("script"), { src: setup.map })); }

  function boundsOf(shapes) {
    let [south, west, north, east] = [Infinity, Infinity, -Infinity, -Infinity];
    Object.values(shapes).forEach((polygons) => polygons.forEach((rings) => rings[0].forEach((at) => {
      south = Math.min(south, at.lat);
      north = Math.max(north, at.lat);
      west = Math.min(west, at.lng);
      east = Math.max(east, at.lng);
    })));
    return [[south, west], [north, east]];
  }

  // From metres to pixels, rounded as Leaflet rounds.
  function placer([[south, west], [north, east]], wide, high) {
    const { metres, corner } = coverageGround;
    const scale = Math.min((wide - 2 * MARGIN) / (east - west), (high - 2 * MARGIN) / (north - south), 2 ** CLOSEST / metres);
    const across = (x) => (x - corner[0]) * scale, down = (y) => (corner[1] - y) * scale;
    const left = Math.round(across((west + east) / 2) - wide / 2), top = Math.round(down((south + north) / 2) - high / 2);
    return (at) => [Math.round(across(at.lng) - left), Math.round(down(at.lat) - top)];
  }

  function line(points, at) {
    let last = [NaN, NaN];
    const kept = [];
    points.map(at).forEach((point) => {
      if (point[0] === last[0] && point[1] === last[1]) return;
      kept.push(point.join(" "));
      last = point;
    });
    return `M${kept.join("L")}`;
  }

  function land(picture, ground, view, drawing, at) {
    const defs = coverageLooks.svg("defs", {}, picture), lookOf = {};
    Object.entries(view.shapes).forEach(([look, ids]) => ids.split(" ").forEach((id) => { lookOf[id] = Number(look); }));
    view.looks.forEach((sent, number) => {
      const own = Object.keys(ground.shapes).filter((id) => (id in lookOf ? lookOf[id] : view.rest) === number);
      const rings = own.flatMap((id) => ground.shapes[id]).flat();
      if (!rings.length) return;
      const look = { ...drawing.plain, ...sent };
      const stroke = sent.pattern ? { stroke: look.line, "stroke-width": look.weight, "stroke-linejoin": "round" } : {};
      if (sent.pattern && look.dashed) stroke["stroke-dasharray"] = drawing.dashes.join(" ");
      coverageLooks.svg("path", {
        d: rings.map((ring) => `${line(ring, at)}Z`).join(""), fill: coverageLooks.paint(sent, drawing, defs, "first"),
        "fill-opacity": look.opacity, "fill-rule": "evenodd", ...stroke
      }, picture);
    });
    return (id) => view.looks[id in lookOf ? lookOf[id] : view.rest];
  }

  function borders(picture, ground, drawing, lookOf, at) {
    const kinds = { coast: [], kommune: [], between: [] };
    const solid = (id) => lookOf(id).line === drawing.paper;
    ground.borders.forEach((one) => {
      const [a, b] = one.beside;
      kinds[b === undefined ? "coast" : solid(a) && solid(b) ? "between" : "kommune"].push(one.line);
    });
    Object.entries(kinds).forEach(([kind, lines]) => {
      const look = drawing.borders[kind];
      coverageLooks.svg("path", {
        d: lines.map((one) => line(one, at)).join(""), fill: "none", stroke: look.line, "stroke-width": look.weight,
        "stroke-opacity": look.opacity, "stroke-linecap": "round", "stroke-linejoin": "round"
      }, picture);
    });
  }

  function paint(sent) {
    const wide = place.clientWidth, high = place.clientHeight;
    if (!wide || !high) return;
    const dyed = (thing) => SCREEN_DARK.matches ? coverageLooks.inDark(thing, coverageFirst.dark) : thing;
    const ground = coverageGround.unpack(sent), view = dyed(setup.first), drawing = dyed(coverageFirst.drawing);
    const at = placer(view.bounds || boundsOf(ground.shapes), wide, high);
    const picture = coverageLooks.svg("svg", { id: "first", width: wide, height: high, "aria-hidden": "true" });
    borders(picture, ground, drawing, land(picture, ground, view, drawing, at), at);
    place.append(picture);
    first.end = () => picture.remove();
  }

  // An address that names a view has another map.
  if (location.search) {
    map();
    return;
  }
  const url = setup.geometry[setup.first.year].overview;
  // Leaflet would take its share of a narrow line: it is asked for when the shapes begin to come.
  const coming = fetch(url, { credentials: "same-origin" }).finally(map).then((answer) => {
    if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
    return answer.json();
  });
  first.fetched[url] = coming;
  coming.then(paint).catch(() => { delete first.fetched[url]; }); // map.js asks again, and says what fails
})();

// The map inside its iframe. Geometry is fetched once by URL; each rerun sends only the look of
// each shape. All text arrives as data and is set as text content, never as HTML.
(function () {
  "use strict";
  var SVG = "http://www.w3.org/2000/svg";
  var DETAIL_FROM_ZOOM = [[6.4, "fine"], [4.4, "normal"], [-Infinity, "overview"]];
  // The mainland with some sea around: as far as one can move the map. North and east in metres.
  var REACH = [[5800000, -980000], [8600000, 2020000]];
  var START = [[6440000, -80000], [7945000, 1125000]]; // until the shapes are here
  var TINY_PIXELS = 5;
  var state = null;

  function el(tag, className, text) {
    var node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  }

  function svg(tag, attributes, parent) {
    var node = document.createElementNS(SVG, tag);
    Object.keys(attributes).forEach(function (key) { node.setAttribute(key, attributes[key]); });
    if (parent) parent.appendChild(node);
    return node;
  }

  // Messages that no view changes came with this file, in every language.
  function words() { return window.coverageMap.words[state.view.lang]; }

  // -- looks: colour, pattern and outline; the same in map and legend -------------------------

  // How looks are drawn (geo/base/looks.json) came with this file too.
  function drawing() { return window.coverageMap.drawing; }

  function drawPattern(p, look, pattern) {
    var inks = { fill: look.fill, pale: look.fill, paper: drawing().paper };
    var ink = inks[pattern.ink];
    var tile = drawing().tile;
    svg("rect", { width: tile, height: tile, fill: inks[pattern.ground], "fill-opacity": pattern.ground === "pale" ? drawing().pale : 1 }, p);
    if (pattern.strokes) svg("path", { d: pattern.strokes, stroke: ink, "stroke-width": pattern.width }, p);
    (pattern.dots || []).forEach(function (dot) {
      svg("circle", { cx: dot[0], cy: dot[1], r: pattern.radius, fill: ink }, p);
    });
  }

  function paint(look) {
    if (!look.pattern) return look.fill;
    var pattern = drawing().patterns[look.pattern];
    if (!pattern) throw new Error("unknown pattern: " + look.pattern);
    var id = "p-" + look.pattern + "-" + look.fill.replace("#", "");
    if (!document.getElementById(id)) {
      var tile = drawing().tile;
      drawPattern(svg("pattern", { id: id, width: tile, height: tile, patternUnits: "userSpaceOnUse" }, state.defs), look, pattern);
    }
    return "url(#" + id + ")";
  }

  function pathStyle(sent, chosen) {
    var look = Object.assign({}, drawing().plain, sent);
    var over = drawing().over_tiles;
    var strong = sent.pattern || look.weight > drawing().plain.weight;
    return {
      fillColor: paint(sent),
      fillOpacity: state.tiles ? look.opacity * (strong ? over.strong : over.plain) : look.opacity,
      color: chosen ? drawing().chosen.line : look.line,
      weight: chosen ? drawing().chosen.weight : look.weight,
      dashArray: look.dashed && !chosen ? drawing().dashes.join(" ") : null
    };
  }

  function swatch(look) {
    var box = svg("svg", { width: 26, height: 16, "aria-hidden": "true", "class": "swatch" });
    if (look.pattern === "hub") {
      svg("path", { d: "M13,2 l6,6 l-6,6 l-6,-6 z", fill: look.fill, stroke: look.line, "stroke-width": 1.5 }, box);
    } else if (look.pattern === "line") {
      svg("path", { d: "M2,8 h22", stroke: look.fill, "stroke-width": 2 }, box);
    } else if (look.pattern === "none") {
      svg("text", { x: 13, y: 13, "text-anchor": "middle", "font-size": 15, fill: look.fill }, box).textContent = look.sign || "";
    } else {
      var rect = svg("rect", { x: 1, y: 1, width: 24, height: 14, fill: paint(look), stroke: look.line || drawing().plain.line, "stroke-width": 1.2 }, box);
      if (look.dashed) rect.setAttribute("stroke-dasharray", drawing().dashes.join(" "));
    }
    return box;
  }

  // -- the frame: title, map, legend and source, all in one picture ---------------------------

  function frame(id) {
    var mapDiv = document.getElementById(id);
    var shell = el("div", "frame");
    var header = el("header", "frame-header");
    var title = el("h2", "frame-title");
    header.appendChild(title);
    var footer = el("footer", "frame-footer");
    mapDiv.parentNode.insertBefore(shell, mapDiv);
    shell.appendChild(header);
    shell.appendChild(mapDiv);
    shell.appendChild(footer);
    var defs = svg("defs", {}, svg("svg", { width: 0, height: 0, "class": "patterns", "aria-hidden": "true" }, shell));
    return { shell: shell, title: title, footer: footer, map: mapDiv, defs: defs };
  }

  function drawLegend(view) {
    var details = el("details", "legend");
    details.open = state.legendOpen !== false;
    details.addEventListener("toggle", function () {
      state.legendOpen = details.open;
    });
    details.appendChild(el("summary", "", words().legend));
    var list = el("ul");
    view.legend.forEach(function (entry) {
      var item = el("li");
      item.appendChild(swatch(typeof entry.look === "number" ? view.looks[entry.look] : entry.look));
      item.appendChild(el("span", "", entry.label));
      if (entry.count !== undefined) item.appendChild(el("b", "", entry.count));
      list.appendChild(item);
    });
    details.appendChild(list);
    return details;
  }

  function drawTexts(view) {
    state.parts.title.textContent = view.title;
    document.documentElement.lang = view.lang;
    var footer = state.parts.footer;
    footer.textContent = "";
    footer.appendChild(drawLegend(view));
    view.notes.forEach(function (note) { footer.appendChild(el("p", "note", note)); });
    var source = el("p", "source", view.source + " ");
    // Imported borders may be somebody else's: then the credit is theirs and leads nowhere.
    var ofKartverket = view.attribution.indexOf("Kartverket") >= 0;
    var credit = el(ofKartverket ? "a" : "span", "", view.attribution);
    if (ofKartverket) {
      credit.href = "https://www.kartverket.no/";
      credit.rel = "noreferrer noopener";
      credit.target = "_blank";
    }
    source.appendChild(credit);
    if (!state.tiles) source.appendChild(document.createTextNode(". " + words().neighbours));
    footer.appendChild(source);
  }

  // -- geometry --------------------------------------------------------------------------------

  function getJson(url, priority) {
    return fetch(url, { credentials: "same-origin", priority: priority || "auto" }).then(function (answer) {
      if (!answer.ok) throw new Error(url + ": " + answer.status);
      return answer.json();
    });
  }

  function addShapes(ground) {
    state.shapes = {};
    state.names = ground.names;
    state.borders = ground.borders;
    var layer = L.featureGroup();
    Object.keys(ground.shapes).forEach(function (id) {
      var shape = L.polygon(ground.shapes[id]);
      shape.id = id;
      shape.extent = extent(shape.getBounds());
      state.shapes[id] = shape.addTo(layer);
    });
    layer.on("click", function (event) { choose(event.layer.id); });
    layer.bindTooltip(function (shape) { return tooltip(shape.id); }, { sticky: true });
    return layer;
  }

  function extent(bounds) {
    // The longer side in pixels at zoom 0; it doubles with each zoom level.
    var a = state.map.project(bounds.getNorthWest(), 0);
    var b = state.map.project(bounds.getSouthEast(), 0);
    return Math.max(b.x - a.x, b.y - a.y);
  }

  function geometry(detail, priority) {
    state.asked[detail] = state.asked[detail] || getJson(state.urls[detail], priority).then(coverageGround.unpack);
    return state.asked[detail];
  }

  function fetchNextWhileIdle() {
    // Users zoom in next, or choose a fylke. Skipped if the browser is set to save data.
    if (!state.ahead || (navigator.connection && navigator.connection.saveData)) return;
    var later = window.requestIdleCallback || function (run) { setTimeout(run, 500); };
    later(function () {
      geometry("normal", "low").catch(function () { delete state.asked.normal; });
    });
  }

  function load(detail) {
    if (state.detail === detail || state.loading === detail) return;
    state.loading = detail;
    geometry(detail).then(function (ground) {
      if (state.layer) state.map.removeLayer(state.layer);
      state.layer = addShapes(ground);
      // Position and style the shapes before they are added, so that they are drawn once.
      if (!state.detail) fit();
      dress();
      state.layer.addTo(state.map);
      state.detail = detail;
      if (state.fylkeOf) counties();
      restyle();
      state.parts.shell.setAttribute("data-ready", detail);
      if (state.neighbours) afterPaint(neighbours);
      state.loading = null;
      refine();
      fetchNextWhileIdle();
    }).catch(function (error) {
      delete state.asked[detail];
      state.parts.title.textContent = state.view ? words().failed : String(error);
    }).then(function () { state.loading = null; });
  }

  function afterPaint(run) {
    requestAnimationFrame(function () { setTimeout(run, 0); });
  }

  // The countries around, once the map itself is there.
  function neighbours() {
    var mine = state, url = state.neighbours;
    mine.neighbours = "";
    getJson(url, "low").then(coverageGround.unpack).then(function (ground) {
      var look = drawing().neighbours;
      Object.keys(ground.shapes).forEach(function (id) {
        L.polygon(ground.shapes[id], { pane: "neighbours", interactive: false, color: look.line, weight: look.weight, fillColor: look.fill, fillOpacity: 1 }).addTo(mine.map);
      });
      mine.parts.shell.setAttribute("data-neighbours", "drawn");
    }).catch(function () { mine.neighbours = url; }); // the next level of detail asks again
  }

  function refine() {
    // The coarse shapes are drawn first; finer ones follow at zoom levels where they show.
    var zoom = state.map.getZoom();
    var wanted = DETAIL_FROM_ZOOM.find(function (pair) { return zoom >= pair[0]; })[1];
    var order = ["overview", "normal", "fine"];
    if (order.indexOf(wanted) > order.indexOf(state.detail)) load(wanted);
  }

  function fit() {
    var bounds = state.view && state.view.bounds;
    state.map.fitBounds(bounds || state.layer.getBounds(), { padding: [8, 8], maxZoom: 7.4, animate: false });
  }

  // One may zoom out a little beyond the whole country, whatever the map's size.
  function limitZoom() {
    state.map.options.minZoom = 0; // or the zoom that fits would not be below the earlier limit
    state.map.setMinZoom(state.map.getBoundsZoom(START) - 0.3);
  }

  function tooltip(id) {
    var view = state.view;
    var box = el("div", "tip");
    box.appendChild(el("strong", "", state.renamed[id] || state.names[id]));
    box.appendChild(el("div", "", lookOf(id).label));
    if (view.extra[id]) box.appendChild(el("div", "", view.extra[id]));
    return box;
  }

  function choose(id) {
    state.clicks += 1;
    state.tell({ shape: id, click: state.clicks });
  }

  // -- each rerun ------------------------------------------------------------------------------

  function lookOf(id) {
    var index = state.view.lookOf[id];
    return state.view.looks[index === undefined ? state.view.rest : index];
  }

  function dress() {
    var view = state.view;
    if (!view) return;
    Object.keys(state.shapes).forEach(function (id) {
      var chosen = view.chosen.indexOf(id) >= 0;
      var look = lookOf(id);
      var now = JSON.stringify(look) + chosen;
      var shape = state.shapes[id];
      if (shape.look === now) return;
      shape.look = now;
      shape.setStyle(pathStyle(look, chosen));
    });
  }

  function restyle() {
    var view = state.view;
    if (!view || !state.detail) return;
    dress();
    view.chosen.forEach(function (id) { if (state.shapes[id]) state.shapes[id].bringToFront(); });
    marks();
    overlays();
    state.parts.shell.setAttribute("data-painted", view.id);
  }

  function marks() {
    state.marks.clearLayers();
    var scale = Math.pow(2, state.map.getZoom());
    Object.keys(state.shapes).forEach(function (id) {
      var empty = !lookOf(id).pattern && lookOf(id).weight < drawing().plain.weight;
      if (state.shapes[id].extent * scale >= (empty ? TINY_PIXELS : TINY_PIXELS * 2)) return;
      var centre = state.shapes[id].getBounds().getCenter();
      var chosen = state.view.chosen.indexOf(id) >= 0;
      var dot = L.circleMarker(centre, Object.assign({ radius: empty ? 3.5 : TINY_PIXELS }, pathStyle(lookOf(id), chosen), { weight: chosen ? 3 : 1.2 }));
      // The visible marker is small; the one for clicks is as large as a fingertip.
      var hit = L.circleMarker(centre, { radius: 12, stroke: false, fillOpacity: 0, className: "hit" });
      [dot, hit].forEach(function (mark) {
        mark.on("click", function () { choose(id); });
        mark.bindTooltip(function () { return tooltip(id); });
        state.marks.addLayer(mark);
      });
    });
  }

  function overlays() {
    var view = state.view;
    state.lines.clearLayers();
    state.hubs.clearLayers();
    var served = drawing().service_lines;
    view.lines.forEach(function (line) {
      L.polyline(line.points, { color: served.line, weight: served.weight, opacity: served.opacity, dashArray: line.assumed ? served.dashes.join(" ") : null, interactive: false }).addTo(state.lines);
    });
    view.hubs.forEach(function (hub) {
      // Hollow where the seat is a guess.
      var inks = hub[4] ? [drawing().hub.line, drawing().hub.fill] : [drawing().hub.fill, drawing().hub.line];
      var icon = L.divIcon({ className: "hub", iconSize: [18, 18], html: '<svg width="18" height="18" aria-hidden="true"><path d="M9,1 l8,8 l-8,8 l-8,-8 z" fill="' + inks[0] + '" stroke="' + inks[1] + '" stroke-width="2"/></svg>' });
      var marker = L.marker([hub[2], hub[3]], { icon: icon, keyboard: false, alt: hub[0] });
      marker.bindTooltip(function () {
        var box = el("div", "tip");
        box.appendChild(el("strong", "", hub[0]));
        box.appendChild(el("div", "", words().sits_in.split("{place}").join(hub[1])));
        return box;
      });
      marker.addTo(state.hubs);
    });
    if (state.yearUrl === view.counties) return;
    state.yearUrl = view.counties;
    getJson(view.counties).then(function (year) {
      if (state.yearUrl !== view.counties) return;
      state.renamed = year.names;
      state.fylkeOf = {};
      Object.keys(year.fylker).forEach(function (nr) {
        year.fylker[nr].split(" ").forEach(function (id) { state.fylkeOf[id] = nr; });
      });
      counties();
    });
  }

  function counties() {
    var border = drawing().counties;
    var between = state.borders.filter(function (one) {
      return one.beside.length === 2 && state.fylkeOf[one.beside[0]] !== state.fylkeOf[one.beside[1]];
    });
    if (state.counties) state.map.removeLayer(state.counties);
    state.counties = L.polyline(between.map(function (one) { return one.line; }), { pane: "counties", interactive: false, color: border.line, weight: border.weight, opacity: border.opacity }).addTo(state.map);
  }

  function update(view) {
    // streamlit-folium keeps every earlier layer in this list; only the newest is ours.
    window.feature_group = [];
    var before = state.view;
    view.lookOf = {};
    Object.keys(view.shapes).forEach(function (look) {
      view.shapes[look].split(" ").forEach(function (id) { view.lookOf[id] = look; });
    });
    state.view = view;
    drawTexts(view);
    if (before && before.focus !== view.focus && state.layer) fit();
    restyle();
    return L.layerGroup();
  }

  function quietTouch(map) {
    // One finger scrolls the page, two pan the map; the wheel zooms only with Ctrl pressed.
    if (L.Browser.mobile) map.dragging.disable();
    var hint = el("div", "hint");
    map.getContainer().appendChild(hint);
    var timer = null;
    map.getContainer().addEventListener("touchmove", function (event) {
      if (event.touches.length > 1 || !state.view) return;
      hint.textContent = words().two_fingers;
      hint.classList.add("shown");
      clearTimeout(timer);
      timer = setTimeout(function () { hint.classList.remove("shown"); }, 1200);
    }, { passive: true });
    map.getContainer().addEventListener("wheel", function (event) {
      if (!event.ctrlKey) return;
      event.preventDefault();
      map.setZoomAround(map.mouseEventToLatLng(event), map.getZoom() - Math.sign(event.deltaY) * 0.5);
    }, { passive: false });
  }

  function tellStreamlit(value) { window.Streamlit.setComponentValue(value); }

  function layTiles(map) {
    // The tile URLs have the row before the column. No referrer is sent to Kartverket.
    L.tileLayer(state.tiles, { maxZoom: 18, bounds: coverageGround.bounds, referrerPolicy: "no-referrer" }).addTo(map);
    var credit = el("a", "tile-credit", "© Kartverket");
    credit.href = "https://www.kartverket.no/";
    credit.rel = "noreferrer noopener";
    credit.target = "_blank";
    map.getContainer().appendChild(credit);
  }

  // `options.tell` receives clicks, `options.ahead` false turns prefetching off, `options.tiles` is
  // the URL template of background tiles, `options.neighbours` that of the countries around.
  function create(id, urls, options) {
    var parts = frame(id);
    var map = L.map(id, {
      crs: coverageGround.crs, zoomSnap: 0, maxZoom: 11, maxBounds: REACH, maxBoundsViscosity: 0.8,
      scrollWheelZoom: false, attributionControl: false, renderer: L.svg({ padding: 0.3 }), keyboard: false
    });
    map.fitBounds(START, { animate: false });
    [["neighbours", 210], ["counties", 420]].forEach(function (pane) {
      map.createPane(pane[0]).style.zIndex = pane[1];
      map.getPane(pane[0]).style.pointerEvents = "none";
    });
    L.control.scale({ imperial: false, maxWidth: 110 }).addTo(map);
    state = { parts: parts, map: map, urls: urls, defs: parts.defs, clicks: 0, shapes: {}, asked: {}, detail: null, renamed: {} };
    Object.assign(state, { tell: tellStreamlit, ahead: true }, options);
    if (state.tiles) layTiles(map);
    state.lines = L.layerGroup().addTo(map);
    state.marks = L.layerGroup().addTo(map);
    state.hubs = L.layerGroup().addTo(map);
    map.on("zoomend", function () {
      if (!state.detail || !state.view) return;
      afterPaint(function () {
        marks();
        refine();
      });
    });
    new ResizeObserver(function () {
      map.invalidateSize();
      limitZoom();
      if (state.layer && !state.touched) fit();
    }).observe(parts.map);
    map.on("dragstart zoomstart", function (event) { if (event.originalEvent) state.touched = true; });
    quietTouch(map);
    load("overview");
    return map;
  }

  // For pages that change the map's size at once, as for printing.
  function resize() {
    state.map.invalidateSize({ animate: false });
    limitZoom();
    if (state.layer) fit();
  }

  window.coverageMap = { create: create, update: update, resize: resize };
})();

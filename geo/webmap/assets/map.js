// The map inside its iframe. Geometry is fetched once by URL; each rerun sends only the look of
// each shape. All text arrives as data and is set as text content, never as HTML.
(function () {
  "use strict";
  var DETAIL_FROM_ZOOM = [[6.4, "fine"], [4.4, "normal"], [-Infinity, "overview"]];
  // The mainland with some sea around: as far as one can move the map. North and east in metres.
  var REACH = [[5800000, -980000], [8600000, 2020000]];
  var START = [[6440000, -80000], [7945000, 1125000]]; // until the shapes are here
  var TINY_PIXELS = 5;
  var SMOOTH = 0.5; // pixels; the same for shapes and borders, so that they meet
  var AROUND = 0.8; // of a chosen kommune's size, on each side
  var CALM = matchMedia("(prefers-reduced-motion: reduce)");
  var DARK = matchMedia("(prefers-color-scheme: dark)");
  var printing = false;
  var LEAST_HIGH = 360, MOST_HIGH = 620; // pixels: the map in a frame whose height follows it
  var ROOMY = 800; // pixels: a narrower map that stands alone has its legend folded
  var state = null, dyed = null;

  function el(tag, className, text) {
    var node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  }

  var svg = coverageLooks.svg;

  // Messages that no view changes came with this file, in every language.
  function words() { return window.coverageMap.words[state.view.lang]; }

  // -- looks: colour, pattern and outline; the same in map and legend -------------------------

  // How looks are drawn (geo/base/looks.json) came with this file too.
  function drawing() {
    if (!isDark()) return window.coverageMap.drawing;
    dyed = dyed || inDark(window.coverageMap.drawing);
    return dyed;
  }

  // Background tiles and paper are light whatever the screen.
  function isDark() { return DARK.matches && !printing && !(state && state.tiles); }

  // The table of colours on screens set to dark came along, too.
  function inDark(thing) { return coverageLooks.inDark(thing, window.coverageMap.dark); }

  function mixed(colour, share) { return coverageLooks.mixed(colour, share, drawing().paper); }

  function paint(look) { return coverageLooks.paint(look, drawing(), state.defs, "p"); }

  function pathStyle(sent) {
    var look = Object.assign({}, drawing().plain, sent);
    var over = drawing().over_tiles;
    var strong = sent.pattern || look.weight >= drawing().plain.weight;
    return {
      fillColor: paint(sent),
      fillOpacity: state.tiles ? look.opacity * (strong ? over.strong : over.plain) : look.opacity,
      color: look.line,
      weight: look.weight,
      stroke: Boolean(sent.pattern), // the lines between all others are borders(), drawn once
      dashArray: look.dashed ? drawing().dashes.join(" ") : null
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
      if (look.sign) svg("text", { x: 13, y: 8, dy: "0.35em", "text-anchor": "middle", "font-size": 11, fill: look.fill }, box).textContent = look.sign;
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
    mapDiv.setAttribute("role", "application"); // keys go to the map, not to the screen reader
    mapDiv.tabIndex = 0;
    var said = el("div", "said");
    said.setAttribute("aria-live", "polite");
    shell.appendChild(said);
    return { shell: shell, title: title, footer: footer, map: mapDiv, defs: defs, said: said };
  }

  function drawLegend(view) {
    var details = el("details", "legend");
    details.open = state.legendOpen === undefined ? Boolean(state.legend) || innerWidth >= ROOMY : state.legendOpen;
    details.addEventListener("toggle", function () {
      state.legendOpen = details.open;
    });
    details.appendChild(el("summary", "", words().legend));
    var list = el("ul");
    view.legend.forEach(function (entry) {
      var item = el("li");
      item.appendChild(swatch(typeof entry.look === "number" ? view.looks[entry.look] : entry.look));
      item.appendChild(el("span", "", entry.label));
      // Beside a page's headline, which has said some of them.
      if (entry.count !== undefined && !(state.legend && entry.told)) item.appendChild(el("b", "", entry.count));
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
    if (state.legend) state.legend.replaceChildren(drawLegend(view));
    else footer.appendChild(drawLegend(view));
    view.notes.forEach(function (note) { footer.appendChild(el("p", "note", note)); });
    var source = el("p", "source");
    source.appendChild(el("span", "", view.source + " "));
    // Imported borders may be somebody else's: then the credit is theirs and leads nowhere.
    var ofKartverket = view.attribution.indexOf("Kartverket") >= 0;
    var credit = el(ofKartverket ? "a" : "span", "", view.attribution);
    if (ofKartverket) {
      credit.href = "https://www.kartverket.no/";
      credit.rel = "noreferrer noopener";
      credit.target = "_blank";
    }
    source.appendChild(credit);
    if (!state.tiles) source.appendChild(el("i", "", ". " + words().neighbours));
    if (!state.bare) source.appendChild(wayToWhole());
    footer.appendChild(source);
  }

  // From a map that stands alone, maybe in somebody else's page, to the page it is of.
  function wayToWhole() {
    var whole = new URL((window.Streamlit ? parent : window).location.href);
    whole.searchParams.delete("brief");
    var link = el("a", "whole", words().open_whole);
    link.href = whole.href;
    link.target = "_blank";
    link.rel = "noopener";
    return link;
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
      var shape = L.polygon(ground.shapes[id], { smoothFactor: SMOOTH });
      shape.id = id;
      shape.box = shape.getBounds();
      shape.extent = extent(shape.box);
      shape.on("add", function () { this.getElement().setAttribute("data-shape", id); });
      state.shapes[id] = shape.addTo(layer);
    });
    layer.on("click", function (event) {
      L.DomEvent.stopPropagation(event);
      var id = event.layer.id, mark = meant(event, id);
      choose(mark && mark.shapes.indexOf(id) < 0 ? mark.shapes[0] : id, mark && mark.nr);
    });
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
    return shapesOf(state.view.ground, detail, priority);
  }

  function shapesOf(ground, detail, priority) {
    var url = urlOf(ground, detail);
    var coming = state.fetched[url];
    delete state.fetched[url];
    state.asked[url] = state.asked[url] || (coming || getJson(url, priority)).then(coverageGround.unpack).catch(function (error) {
      delete state.asked[url];
      throw error;
    });
    return state.asked[url];
  }

  // A view names its ground, or has its addresses by level of detail.
  function urlOf(ground, detail) {
    return ground[detail] || state.geometry.replace("{set}", ground).replace("{detail}", detail);
  }

  function fetchNextWhileIdle() {
    // Users zoom in next, or choose a fylke. Skipped if the browser is set to save data.
    if (!state.ahead || (navigator.connection && navigator.connection.saveData)) return;
    var later = window.requestIdleCallback || function (run) { setTimeout(run, 500); };
    later(function () {
      geometry("normal", "low").catch(function () {});
    });
  }

  function load(detail) {
    if (state.detail === detail || state.loading === detail) return;
    state.loading = detail;
    busy(1);
    var mine = state.view.ground;
    var replaced = function () { return state.view.ground !== mine; };
    geometry(detail).then(function (ground) {
      if (replaced()) return;
      var first = !state.layer;
      if (state.layer) state.map.removeLayer(state.layer);
      state.layer = addShapes(ground);
      // Position and style the shapes before they are added, so that they are drawn once.
      if (first) lookAtView();
      dress();
      state.layer.addTo(state.map);
      state.detail = detail;
      restyle();
      state.parts.shell.setAttribute("data-ready", detail);
      if (state.neighbours) afterPaint(neighbours);
      afterPaint(state.painted);
      state.loading = null;
      refine();
      fetchNextWhileIdle();
    }).catch(function (error) {
      if (replaced()) return;
      state.parts.title.textContent = state.view ? words().failed : String(error);
      state.parts.shell.classList.remove("bare"); // what went wrong is said in any case
    }).then(function () {
      if (!replaced()) state.loading = null;
      busy(-1);
    });
  }

  // Says for how long more is on its way: shapes, what a year adds, names.
  function busy(more) {
    state.waiting += more;
    state.parts.shell.toggleAttribute("data-busy", state.waiting > 0);
  }

  // Other borders, where a year has its own: the place that one looks at stays.
  function onOtherGround() {
    Object.assign(state, { detail: null, loading: null, fylkeOf: null, yearUrl: "" });
    load(state.layer ? detailFor(state.map.getZoom()) : "overview");
  }

  function detailFor(zoom) {
    return DETAIL_FROM_ZOOM.find(function (pair) { return zoom >= pair[0]; })[1];
  }

  function afterPaint(run) {
    requestAnimationFrame(function () { setTimeout(run, 0); });
  }

  // The countries around, once the map itself is there.
  function neighbours() {
    var mine = state, url = state.neighbours;
    mine.neighbours = "";
    getJson(url, "low").then(coverageGround.unpack).then(function (ground) {
      mine.around = Object.keys(ground.shapes).map(function (id) {
        return L.polygon(ground.shapes[id], { pane: "neighbours", interactive: false, fillOpacity: 1 }).addTo(mine.map);
      });
      dressNeighbours();
      mine.parts.shell.setAttribute("data-neighbours", "drawn");
    }).catch(function () { mine.neighbours = url; }); // the next level of detail asks again
  }

  function dressNeighbours() {
    var look = drawing().neighbours;
    (state.around || []).forEach(function (land) { land.setStyle({ color: look.line, weight: look.weight, fillColor: look.fill }); });
  }

  function refine() {
    // The coarse shapes are drawn first; finer ones follow at zoom levels where they show.
    var wanted = detailFor(state.map.getZoom());
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
    var least = state.map.getBoundsZoom(START) - 0.3;
    // Leaflet would do it in steps that end after, and undo, what is looked at next.
    if (state.map.getZoom() < least) state.map.setZoom(least, { animate: false });
    state.map.setMinZoom(least);
  }

  function tip(name, lines) {
    var box = el("div", "tip");
    box.appendChild(el("strong", "", name));
    lines.forEach(function (line) { box.appendChild(el("div", "", line)); });
    return box;
  }

  function written(n) { return String(n).replace(/\B(?=(\d{3})+$)/g, words().group); }

  function filled(text, values) {
    return text.replace(/\{(\w+)\}/g, function (whole, key) { return key in values ? values[key] : whole; });
  }

  // State, hubs and people of a kommune; `look` is its own, as its mark or shape has it.
  function linesOf(nr, look) {
    var kommune = state.year && state.year.byNr[nr];
    var hubs = state.view.served.filter(function (one) { return one[1].split(" ").indexOf(nr) >= 0; });
    var lines = [look.label];
    if (hubs.length) lines.push(filled(words().served_by, { hubs: hubs.map(function (one) { return one[0]; }).join(", ") }));
    if (kommune && kommune.people) lines.push(filled(words().people, { people: written(kommune.people), year: state.view.year }));
    return lines;
  }

  function membersOf(id) { return (state.year && state.year.ofShape[id]) || []; }

  function ownLook(nr, id) {
    var mark = state.view.marks.find(function (one) { return one[0] === nr && one[6] === 0; });
    return mark ? state.view.looks[mark[4]] : lookOf(id);
  }

  function tooltip(id) {
    var members = membersOf(id);
    if (members.length === 1) return tip(members[0].label, linesOf(members[0].nr, lookOf(id)));
    var looks = members.map(function (one) { return ownLook(one.nr, id).label; });
    var alike = looks.every(function (look) { return look === looks[0]; });
    return tip(state.renamed[id] || state.names[id], alike ? [lookOf(id).label] : members.map(function (one, place) {
      return one.label + ": " + looks[place];
    }));
  }

  // `year` says that a click was on the other side of the swipe.
  function choose(id, kommune, year) {
    state.clicks += 1;
    state.tell(Object.assign({ shape: id, kommune: kommune || null, click: state.clicks }, year ? { year: year } : {}));
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
      var look = lookOf(id), now = JSON.stringify(look), shape = state.shapes[id];
      if (shape.look === now) return;
      shape.look = now;
      shape.setStyle(pathStyle(look));
    });
  }

  function restyle() {
    var view = state.view;
    if (!view || !state.detail) return;
    dress();
    tiny();
    marks();
    overlays();
    borders();
    outlines();
    label();
    state.swipe.show(view.beside, state.detail);
    state.parts.shell.setAttribute("data-painted", view.id);
  }

  // The chosen kommune, and where the keyboard is: a line around, white beneath it.
  function outlines() {
    var ids = state.view.chosen, ring = drawing().chosen, here = state.stop;
    state.rings.clearLayers();
    function around(latlngs, colour, weight) {
      L.polygon(latlngs, { pane: "rings", interactive: false, fill: false, color: colour, weight: weight, smoothFactor: SMOOTH }).addTo(state.rings);
    }
    function twice(shapes, colour) {
      var latlngs = [].concat.apply([], shapes.map(function (id) { return state.shapes[id] ? state.shapes[id].getLatLngs() : []; }));
      if (!latlngs.length) return;
      around(latlngs, ring.casing, ring.casing_weight);
      around(latlngs, colour, ring.weight);
    }
    twice(ids, ring.line);
    if (!here) return;
    if (!here.mark && here.shapes[0] !== ids[0]) twice(here.shapes, ring.focus);
    L.circleMarker(here.at, { pane: "rings", interactive: false, fill: false, radius: 13, color: ring.casing, weight: ring.casing_weight }).addTo(state.rings);
    L.circleMarker(here.at, { pane: "rings", interactive: false, fill: false, radius: 13, color: ring.focus, weight: ring.weight, className: "focus" }).addTo(state.rings);
  }

  // Islands of a few pixels get a dot that can be seen and hit.
  function tiny() {
    state.tiny.clearLayers();
    state.dots = [];
    var scale = Math.pow(2, state.map.getZoom());
    Object.keys(state.shapes).forEach(function (id) {
      var empty = !lookOf(id).pattern && lookOf(id).weight < drawing().plain.weight;
      if (state.shapes[id].extent * scale >= (empty ? TINY_PIXELS : TINY_PIXELS * 2)) return;
      var centre = state.shapes[id].getBounds().getCenter();
      var chosen = state.view.chosen.indexOf(id) >= 0, radius = empty ? 3.5 : TINY_PIXELS, ring = drawing().chosen.line;
      var line = lookOf(id).line === drawing().paper ? lookOf(id).fill : lookOf(id).line;
      var dot = L.circleMarker(centre, Object.assign({ radius: radius }, pathStyle(lookOf(id)), { stroke: true, color: chosen ? ring : line, weight: chosen ? 3 : 1.2, fillColor: markFill(lookOf(id), radius) }));
      state.dots.push({ id: id, at: centre, radius: radius });
      // The visible marker is small; the one for clicks is as large as a fingertip.
      var hit = L.circleMarker(centre, { radius: 12, stroke: false, fillOpacity: 0, className: "hit" });
      [dot, hit].forEach(function (mark) {
        mark.on("click", function () { choose(id); });
        mark.bindTooltip(function () { return tooltip(id); });
        state.tiny.addLayer(mark);
      });
    });
  }

  // -- marks: a kommune of a shape for several, or a part of one (geo.webmap.marks) -------------

  function marksOf(view) {
    return view.marks.map(function (sent) {
      var part = sent[6] === 1;
      return {
        nr: sent[0], name: sent[1], place: L.latLng(sent[2], sent[3]), look: view.looks[sent[4]], shapes: sent[5].split(" "),
        part: part, picked: !part && view.picked.indexOf(sent[0]) >= 0
      };
    });
  }

  function metresPerPixel() { return coverageGround.metres / Math.pow(2, state.map.getZoom()); }

  // Push points apart until each is `gap` from the next, and off what stays where it is.
  function spread(points, gap, fixed, off) {
    function away(from, to, least) {
      var step = from.subtract(to), far = Math.hypot(step.x, step.y);
      if (far >= least) return L.point(0, 0);
      return far ? step.multiplyBy((least - far) / far) : L.point(least, 0);
    }
    for (var round = 0; round < 12; round += 1) {
      points.forEach(function (point, place) {
        fixed.forEach(function (seat) { points[place] = points[place].add(away(points[place], seat, off)); });
        for (var other = 0; other < place; other += 1) {
          var half = away(points[place], points[other], gap).divideBy(2);
          points[place] = points[place].add(half);
          points[other] = points[other].subtract(half);
        }
      });
    }
    return points;
  }

  function markFill(look, radius) {
    var pattern = drawing().patterns[look.pattern];
    if (!pattern || !pattern.sign) return paint(look);
    // One sign in the middle, however small the mark.
    var id = ["m", look.pattern, look.fill.slice(1), Math.round(radius * 10)].join("-");
    if (!document.getElementById(id)) {
      var p = svg("pattern", { id: id, width: 1, height: 1 }, state.defs);
      svg("rect", { width: 2 * radius + 2, height: 2 * radius + 2, fill: mixed(look.fill, pattern.ground) }, p);
      svg("text", { x: radius, y: radius, dy: "0.35em", "text-anchor": "middle", "font-size": 1.5 * radius, "font-weight": 600, fill: look.fill }, p).textContent = pattern.sign;
    }
    return "url(#" + id + ")";
  }

  function markStyle(mark, radius) {
    var given = drawing().marks, look = mark.look, picked = mark.picked;
    var hue = look.pattern || look.line === drawing().paper ? look.fill : given.line;
    return {
      pane: "marks", radius: radius, className: "mark", fillColor: markFill(look, radius), fillOpacity: 1,
      color: picked ? drawing().chosen.line : hue, weight: picked ? drawing().chosen.weight : given.weight,
      dashArray: look.dashed && !picked ? given.dashes.join(" ") : null, bubblingMouseEvents: false
    };
  }

  // The marks of a view where they are drawn, and their size; none from afar.
  function arranged(view) {
    var given = drawing().marks, map = state.map, metres = metresPerPixel();
    if (metres > given.from) return { radius: 0, marks: [] };
    var radius = Math.min(given.most, given.least + Math.log2(given.from / metres) * given.growth);
    var all = marksOf(view);
    var points = all.map(function (mark) { return map.latLngToLayerPoint(mark.place); });
    var seats = state.view.hubs.map(function (hub) { return map.latLngToLayerPoint([hub[2], hub[3]]); });
    spread(points, 2 * radius + given.gap, seats, radius + given.off_seats);
    all.forEach(function (mark, place) { mark.at = map.layerPointToLatLng(points[place]); });
    return { radius: radius, marks: all };
  }

  function marks() {
    state.marks.clearLayers();
    state.shownMarks = [];
    var found = arranged(state.view);
    found.marks.forEach(function (mark) { drawMark(mark, found.radius); });
  }

  function drawMark(mark, radius) {
    L.circleMarker(mark.at, { pane: "marks", radius: radius + drawing().marks.collar, stroke: false, fillColor: drawing().paper, fillOpacity: 1, interactive: false }).addTo(state.marks);
    var circle = L.circleMarker(mark.at, markStyle(mark, radius)).addTo(state.marks);
    circle.on("click", function () { choose(mark.shapes[0], mark.nr); });
    circle.bindTooltip(function () {
      return tip(mark.name, mark.part ? [mark.look.label] : linesOf(mark.nr, mark.look));
    });
    mark.radius = radius;
    mark.element = circle.getElement();
    mark.element.setAttribute("data-mark", mark.name + ": " + mark.look.label);
    state.shownMarks.push(mark);
  }

  // Whom a click means: the mark within reach, unless the shape is that of another covered kommune;
  // or else the kommune of the shape that has its people nearest. Null where the shape stands for one.
  function meant(event, id) {
    var touch = event.originalEvent && event.originalEvent.pointerType === "touch";
    var reach = touch ? drawing().marks.reach_touch : drawing().marks.reach;
    var members = marksOf(state.view).filter(function (mark) { return !mark.part && mark.shapes.indexOf(id) >= 0; });
    if (id !== undefined && !members.length && covered(lookOf(id))) return null;
    var close = nearest(state.shownMarks, event.latlng);
    if (close && state.map.latLngToLayerPoint(close.at).distanceTo(state.map.latLngToLayerPoint(event.latlng)) <= reach) return close;
    return nearest(members, event.latlng);
  }

  function covered(look) {
    var pattern = drawing().patterns[look.pattern];
    return look.line === drawing().paper || (pattern !== undefined && !pattern.sign);
  }

  function nearest(among, latlng) {
    function far(mark) { return state.map.distance(mark.at || mark.place, latlng); }
    return among.reduce(function (best, mark) { return best && far(best) <= far(mark) ? best : mark; }, null);
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
      marker.bindTooltip(function () { return tip(hub[0], [filled(words().sits_in, { place: hub[1] })]); });
      marker.addTo(state.hubs);
    });
    if (state.yearUrl === view.counties) return;
    state.yearUrl = view.counties;
    state.year = null; // numbers mean something else in another year
    busy(1);
    getJson(view.counties).then(function (sent) {
      if (state.yearUrl !== view.counties) return;
      state.renamed = sent.names;
      state.fylkeOf = {};
      Object.keys(sent.fylker).forEach(function (nr) {
        sent.fylker[nr].split(" ").forEach(function (id) { state.fylkeOf[id] = nr; });
      });
      state.year = coverageGround.kommuner(sent.kommuner);
      borders();
      label();
    }).catch(function () { state.yearUrl = ""; }).then(function () { busy(-1); });
  }

  // -- borders, each drawn once ------------------------------------------------------------------

  function borders() {
    var kinds = { coast: [], kommune: [], between: [], fylke: [] };
    function solid(id) { return isSolid(lookOf(id)); }
    state.borders.forEach(function (one) {
      var a = one.beside[0], b = one.beside[1];
      if (b === undefined) kinds.coast.push(one.line);
      else if (state.fylkeOf && state.fylkeOf[a] !== state.fylkeOf[b]) kinds.fylke.push(one.line);
      else kinds[solid(a) && solid(b) ? "between" : "kommune"].push(one.line);
    });
    state.lined.clearLayers();
    Object.keys(kinds).forEach(function (kind) {
      var look = drawing().borders[kind];
      L.polyline(kinds[kind], { pane: "borders", interactive: false, smoothFactor: SMOOTH, color: look.line, weight: look.weight, opacity: look.opacity }).addTo(state.lined);
    });
  }

  // -- names and keyboard (labels.js, keys.js) -----------------------------------------------------

  function isSolid(look) { return look.line === drawing().paper; }

  function inView(kommune) {
    var seen = state.map.getBounds();
    return kommune.shapes.some(function (id) { return state.shapes[id] && seen.intersects(state.shapes[id].box); });
  }

  // Once for everything that happens in a frame.
  function label() {
    if (state.labelling || !state.view || !state.detail) return;
    state.labelling = true;
    busy(1);
    requestAnimationFrame(function () {
      state.labelling = false;
      coverageLabels.draw(state);
      busy(-1);
    });
  }

  function forLabels() {
    return {
      words: words, lookOf: lookOf, covered: covered, solid: isSolid, inView: inView, metres: metresPerPixel,
      narrow: function () { return state.map.getSize().x < 600; },
      signed: function (look) { return Boolean((drawing().patterns[look.pattern] || {}).sign); },
      ink: shade
    };
  }

  // As text: dark enough on land and on the sea.
  function shade(colour) {
    if (isDark()) return colour; // hues of the dark are light enough
    return "#" + [1, 3, 5].map(function (at) {
      return Math.round(parseInt(colour.slice(at, at + 2), 16) * drawing().labels.shade).toString(16).padStart(2, "0");
    }).join("");
  }

  function stops() {
    var size = state.map.getSize(), marked = {};
    function stop(key, name, nr, shapes, at, look, mark) {
      var point = state.map.latLngToContainerPoint(at);
      return { key: key, name: name, nr: nr, shapes: shapes, at: at, look: look, mark: mark, point: point, seen: point.x >= 0 && point.y >= 0 && point.x <= size.x && point.y <= size.y };
    }
    var found = state.shownMarks.map(function (mark) {
      if (!mark.part) marked[mark.nr] = true;
      return stop("mark " + mark.nr + mark.name, mark.name, mark.nr, mark.shapes, mark.at, mark.look, mark);
    });
    ((state.year || {}).list || []).forEach(function (one) {
      if (!marked[one.nr] && state.shapes[one.shapes[0]]) found.push(stop(one.nr, one.label, one.nr, one.shapes, one.at, ownLook(one.nr, one.shapes[0]), null));
    });
    return found;
  }

  function goTo(stop) {
    state.stop = stop;
    state.cursor = stop.mark && stop.mark.part ? null : stop.nr;
    if (!stop.seen) state.map.panInside(stop.at, { padding: [70, 70], animate: false });
    outlines();
    label();
    var lines = stop.mark && stop.mark.part ? [stop.look.label] : linesOf(stop.nr, stop.look);
    say([stop.name].concat(lines).join(". "));
  }

  function say(text) { state.parts.said.textContent = text; }

  function leave() {
    state.stop = state.cursor = null;
    if (!state.view || !state.detail) return;
    outlines();
    label();
  }

  function forKeys(map) {
    return {
      stops: stops, go: goTo, leave: leave,
      current: function () { return state.stop && state.stop.key; },
      first: function () {
        var picked = stops().find(function (stop) { return state.view.picked.indexOf(stop.nr) >= 0; });
        return picked && picked.key;
      },
      middle: function () { return map.getSize().divideBy(2); },
      choose: function (stop) {
        say([filled(words().chosen, { name: stop.name })].concat(linesOf(stop.nr, stop.look)).join(". "));
        if (state.view.picked.indexOf(stop.nr) < 0) choose(stop.shapes[0], stop.nr);
      },
      back: function () {
        if (state.view.picked.length) return tellBack();
        home();
      },
      zoom: function (by) {
        state.touched = true;
        map.setZoom(map.getZoom() + by * 0.5, { animate: false });
      },
      home: home
    };
  }

  function tellBack() {
    state.clicks += 1;
    state.tell({ shape: null, kommune: null, click: state.clicks });
    say(words().back);
  }

  function home() {
    state.touched = false;
    state.before = null;
    fit();
  }

  function update(sent) {
    var view = isDark() ? inDark(sent) : Object.assign({}, sent);
    state.sent = sent;
    // streamlit-folium keeps every earlier layer in this list; only the newest is ours.
    window.feature_group = [];
    var before = state.view;
    view.lookOf = {};
    Object.keys(view.shapes).forEach(function (look) {
      view.shapes[look].split(" ").forEach(function (id) { view.lookOf[id] = look; });
    });
    // The same ground is the same object, so that what was asked for is known to be current.
    var moved = !before || JSON.stringify(before.ground) !== JSON.stringify(view.ground);
    if (!moved) view.ground = before.ground;
    state.view = view;
    drawTexts(view);
    if (moved) onOtherGround();
    follow(before, view);
    nameButtons();
    state.parts.map.setAttribute("aria-label", words().keys);
    restyle();
    return L.layerGroup();
  }

  function quietTouch(map) {
    // One finger scrolls the page, two pan the map; the wheel zooms only with Ctrl pressed. A page
    // that the map fills does not scroll: there a finger pans and the wheel zooms.
    if (L.Browser.mobile && !state.bare) map.dragging.disable();
    var hint = el("div", "hint");
    map.getContainer().appendChild(hint);
    var timer = null;
    map.getContainer().addEventListener("touchmove", function (event) {
      if (event.touches.length > 1 || !state.view || state.bare) return;
      hint.textContent = words().two_fingers;
      hint.classList.add("shown");
      clearTimeout(timer);
      timer = setTimeout(function () { hint.classList.remove("shown"); }, 1200);
    }, { passive: true });
    map.getContainer().addEventListener("wheel", function (event) {
      if (!event.ctrlKey && !state.bare) return;
      event.preventDefault();
      state.touched = true;
      map.setZoomAround(map.mouseEventToLatLng(event), map.getZoom() - Math.sign(event.deltaY) * 0.5);
    }, { passive: false });
  }

  // -- buttons, and where one looks ------------------------------------------------------------

  function addButtons(map) {
    var acts = {
      zoom_in: function () { state.touched = true; map.zoomIn(); },
      zoom_out: function () { state.touched = true; map.zoomOut(); },
      home: home
    };
    var control = L.control({ position: "topright" });
    control.onAdd = function () {
      var box = el("div", "buttons");
      L.DomEvent.disableClickPropagation(box);
      [["zoom_in", "+"], ["zoom_out", "\u2212"], ["home", "\u2302"]].forEach(function (one) {
        var button = el("button", one[0], one[1]);
        button.type = "button";
        button.addEventListener("click", acts[one[0]]);
        box.appendChild(button);
      });
      return box;
    };
    control.addTo(map);
  }

  function nameButtons() {
    state.parts.shell.querySelectorAll(".buttons button").forEach(function (button) {
      button.title = words()[button.className];
      button.setAttribute("aria-label", button.title);
    });
  }

  // A chosen kommune is shown among its neighbours.
  function near(ids) {
    var bounds = L.latLngBounds([]);
    ids.forEach(function (id) { if (state.shapes[id]) bounds.extend(state.shapes[id].getBounds()); });
    if (bounds.isValid()) state.map.fitBounds(bounds.pad(AROUND), { maxZoom: 9, animate: false });
  }

  // Where to look when the view changes: another year keeps the place, whatever else changes.
  function follow(before, view) {
    if (!state.layer || !before || before.counties !== view.counties) return;
    var chosen = view.chosen.join() !== before.chosen.join();
    if (chosen && view.chosen.length) {
      state.before = state.before || { centre: state.map.getCenter(), zoom: state.map.getZoom() };
      near(view.chosen);
    } else if (before.focus !== view.focus) {
      fit();
    } else if (chosen && state.before) {
      state.map.setView(state.before.centre, state.before.zoom, { animate: false });
    }
    if (!view.chosen.length) state.before = null;
  }

  function lookAtView() {
    if (state.view && state.view.chosen.length) near(state.view.chosen); else fit();
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

  // `options.geometry` is the address of shapes with {set} and {detail}, for views that name their
  // ground; `options.tell` receives clicks, `options.ahead` false turns prefetching off, `options.tiles` is
  // the URL template of background tiles, `options.neighbours` that of the countries around,
  // `options.fetched` are shapes that are on their way already, as promises of JSON by address,
  // `options.bare` leaves the texts to the page around, `options.legend` is an element of it for
  // the legend, `options.painted` is called when shapes have been drawn.
  function create(id, options) {
    var parts = frame(id);
    var map = L.map(id, {
      crs: coverageGround.crs, zoomSnap: 0, maxZoom: 11, maxBounds: REACH, maxBoundsViscosity: 0.8,
      zoomAnimation: !CALM.matches, fadeAnimation: !CALM.matches, markerZoomAnimation: !CALM.matches,
      scrollWheelZoom: false, attributionControl: false, renderer: L.svg({ padding: 0.3 }), keyboard: false, zoomControl: false
    });
    map.fitBounds(START, { animate: false });
    [["neighbours", 210], ["borders", 420], ["rings", 430], ["marks", 450], ["labels", 620]].forEach(function (pane) {
      map.createPane(pane[0]).style.zIndex = pane[1];
      map.getPane(pane[0]).style.pointerEvents = pane[0] === "marks" ? "" : "none";
    });
    map.getPane("labels").classList.add("leaflet-zoom-hide");
    // What it shows is said in words when the keyboard gets there; the table has all of it.
    map.getPane("mapPane").setAttribute("aria-hidden", "true");
    L.control.scale({ imperial: false, maxWidth: 110 }).addTo(map);
    state = { parts: parts, map: map, defs: parts.defs, clicks: 0, shapes: {}, asked: {}, fetched: {}, shownMarks: [], dots: [], detail: null, renamed: {}, waiting: 0, borders: [] };
    Object.assign(state, { tell: tellStreamlit, ahead: true, painted: function () {} }, forLabels(), options);
    if (state.bare) parts.shell.classList.add("bare");
    if (state.tiles) layTiles(map);
    state.lined = L.layerGroup().addTo(map);
    state.rings = L.layerGroup().addTo(map);
    state.lines = L.layerGroup().addTo(map);
    state.tiny = L.layerGroup().addTo(map);
    state.marks = L.layerGroup().addTo(map);
    state.swipe = coverageSwipe(map, {
      el: el, drawing: drawing, words: words, pathStyle: pathStyle, markStyle: markStyle, arranged: arranged, marksOf: marksOf,
      nearest: nearest, shapesOf: shapesOf, getJson: getJson, choose: choose,
      end: function () { state.clicks += 1; state.tell({ ended: true, click: state.clicks }); },
      shown: function (year) { parts.shell.setAttribute("data-beside", year); }
    });
    map.on("click", function (event) {
      var mark = state.view && meant(event);
      if (mark) choose(mark.shapes[0], mark.nr);
    });
    state.hubs = L.layerGroup().addTo(map);
    map.on("zoomend", function () {
      parts.shell.setAttribute("data-zoom", map.getZoom());
      if (!state.detail || !state.view) return;
      busy(1);
      afterPaint(function () {
        tiny();
        marks();
        outlines();
        label();
        state.swipe.marks();
        refine();
        busy(-1);
      });
    });
    map.on("moveend", label);
    DARK.addEventListener("change", dressAgain);
    coverageKeys.listen(parts.map, forKeys(map));
    if (document.fonts) document.fonts.addEventListener("loadingdone", function () {
      coverageLabels.measureAgain();
      label();
    });
    new ResizeObserver(function () {
      map.invalidateSize();
      limitZoom();
      if (state.layer && !state.touched) lookAtView();
    }).observe(parts.map);
    var around = new ResizeObserver(tellHeight);
    [parts.shell.firstChild, parts.footer].forEach(function (part) { around.observe(part); });
    map.on("dragstart zoomstart", function (event) { if (event.originalEvent) state.touched = true; });
    quietTouch(map);
    addButtons(map);
    return map;
  }

  function dressAgain() {
    if (state.sent) update(state.sent);
    dressNeighbours();
  }

  // For pages that change the map's size at once, as for printing: paper does not wait for a frame.
  function resize() {
    state.map.invalidateSize({ animate: false });
    limitZoom();
    if (state.layer) fit();
    if (state.view && state.detail) coverageLabels.draw(state);
  }

  // In somebody else's page: how high a frame of this width should be, for pages that listen.
  function tellHeight() {
    if (state.bare || top === window) return;
    var around = state.parts.shell.firstChild.offsetHeight + state.parts.footer.offsetHeight;
    var high = Math.ceil(around + Math.min(Math.max(0.5625 * innerWidth, LEAST_HIGH), MOST_HIGH)) + 2;
    if (high === state.told) return;
    state.told = high;
    parent.postMessage({ coverageMapHeight: high }, "*"); // in the dashboard its page, which passes it on
  }

  ["beforeprint", "afterprint"].forEach(function (moment) {
    addEventListener(moment, function () {
      printing = moment === "beforeprint";
      if (!state) return;
      if (DARK.matches) dressAgain();
      resize();
    });
  });

  window.coverageMap = { create: create, update: update, resize: resize, stops: stops };
})();

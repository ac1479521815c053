// Two structures over the same ground: the map's own year on one side of a handle, another on the
// other. The earlier year is on the left.
(function () {
  "use strict";
  var STEPS = { ArrowLeft: -2, ArrowDown: -2, ArrowRight: 2, ArrowUp: 2, PageDown: -10, PageUp: 10, Home: -100, End: 100 };
  // Panes that belong to both years; every other one but ours is the map's own year.
  var BOTH = ["mapPane", "tilePane", "shadowPane", "markerPane", "tooltipPane", "popupPane", "neighbours"];
  var OURS = [["beside", 405], ["beside-lines", 425], ["beside-marks", 455]];

  // `tools` are the map's own functions, by the names that it has for them.
  function create(map, tools) {
    var share = 50, given = null, detail = "", layer = null, marks = null, asked = 0, renderers = {};
    var box = L.DomUtil.create("div", "swipe", map.getContainer());
    var grip = handle(), end = tools.el("button", "swipe-end", "×");
    var years = ["left", "right"].map(function (side) { return box.appendChild(tools.el("div", "swipe-year " + side)); });
    end.type = "button";
    end.addEventListener("click", tools.end);
    box.append(grip, end);
    L.DomEvent.disableClickPropagation(box);
    OURS.forEach(function (pane) {
      map.createPane(pane[0]).style.zIndex = pane[1];
      renderers[pane[0]] = L.svg({ pane: pane[0], padding: 0.3 });
    });
    map.getPane("beside-lines").style.pointerEvents = "none";
    box.hidden = true;
    map.on("move resize viewreset", clip);

    function handle() {
      var node = tools.el("div", "swipe-grip");
      [["role", "slider"], ["tabindex", "0"], ["aria-orientation", "horizontal"], ["aria-valuemin", "0"], ["aria-valuemax", "100"]].forEach(function (pair) {
        node.setAttribute(pair[0], pair[1]);
      });
      node.addEventListener("keydown", function (event) {
        if (!STEPS[event.key]) return;
        event.preventDefault();
        event.stopPropagation();
        moveTo(share + STEPS[event.key]);
      });
      node.addEventListener("pointerdown", function (event) {
        event.preventDefault();
        node.focus({ preventScroll: true });
        node.setPointerCapture(event.pointerId);
      });
      node.addEventListener("pointermove", function (event) {
        if (!node.hasPointerCapture(event.pointerId)) return;
        var around = map.getContainer().getBoundingClientRect();
        moveTo((event.clientX - around.left) / around.width * 100);
      });
      return node;
    }

    function moveTo(wanted) {
      share = Math.min(100, Math.max(0, wanted));
      say();
      clip();
    }

    function sides() { return given.year < given.own ? [given.year, given.own] : [given.own, given.year]; }

    function say() {
      var both = sides(), values = { left: both[0], right: both[1], share: Math.round(share) };
      grip.setAttribute("aria-label", filled(tools.words().swipe, values));
      grip.setAttribute("aria-valuenow", values.share);
      grip.setAttribute("aria-valuetext", filled(tools.words().swipe_value, values));
      end.title = tools.words().swipe_end;
      end.setAttribute("aria-label", end.title);
      both.forEach(function (year, side) {
        years[side].replaceChildren(tools.el("strong", "", String(year)), tools.el("span", "", given.said[year]));
      });
    }

    function filled(text, values) {
      return text.replace(/\{(\w+)\}/g, function (whole, name) { return values[name]; });
    }

    // Each year's panes are cut at the handle.
    function clip() {
      var size = map.getSize(), low = map.containerPointToLayerPoint([0, 0]), high = map.containerPointToLayerPoint(size);
      var middle = low.x + size.x * share / 100;
      var left = between(low.x, middle, low.y, high.y), right = between(middle, high.x, low.y, high.y);
      var theirs = given && sides()[0] === given.year ? left : right, own = theirs === left ? right : left;
      var ours = OURS.map(function (pane) { return pane[0]; });
      Object.keys(map.getPanes()).forEach(function (name) {
        if (BOTH.indexOf(name) >= 0) return;
        map.getPane(name).style.clipPath = !given ? "" : ours.indexOf(name) >= 0 ? theirs : own;
      });
      box.style.left = share + "%";
    }

    function between(west, east, top, bottom) {
      var corners = [[west, top], [east, top], [east, bottom], [west, bottom]];
      return "polygon(" + corners.map(function (at) { return at[0] + "px " + at[1] + "px"; }).join(",") + ")";
    }

    function clear() {
      [layer, marks].forEach(function (one) { if (one) map.removeLayer(one); });
      layer = marks = null;
    }

    // Shows what is sent of another year; nothing of the kind ends the comparison.
    function show(sent, level) {
      var same = given && sent && level === detail && JSON.stringify(sent) === JSON.stringify(given);
      given = sent || null;
      detail = level;
      box.hidden = !given;
      map.getContainer().classList.toggle("swiped", Boolean(given));
      clip();
      if (!given) {
        asked += 1;
        clear();
        tools.shown("");
        return;
      }
      say();
      if (!same || !layer) draw();
    }

    function draw() {
      var mine = asked += 1, sent = given;
      Promise.all([tools.shapesOf(sent.ground, detail), tools.getJson(sent.counties)]).then(function (found) {
        if (mine !== asked) return;
        clear();
        layer = L.layerGroup([shapes(found[0], found[1]), borders(found[0], found[1])]).addTo(map);
        drawMarks();
        clip();
        tools.shown(String(sent.year));
      }).catch(function () { if (mine === asked) tools.shown("failed"); });
    }

    function lookOf(id) {
      var number = Object.keys(given.shapes).find(function (look) { return given.shapes[look].split(" ").indexOf(id) >= 0; });
      return given.looks[number === undefined ? given.rest : number];
    }

    function shapes(ground, year) {
      var group = L.featureGroup(), front = [];
      Object.keys(ground.shapes).forEach(function (id) {
        var look = lookOf(id), chosen = given.chosen.indexOf(id) >= 0;
        var shape = L.polygon(ground.shapes[id], Object.assign({ pane: "beside", renderer: renderers.beside, bubblingMouseEvents: false }, tools.pathStyle(look), chosen ? outline() : {}));
        shape.on("click", function (event) { choose(id, event.latlng); });
        shape.bindTooltip(function () { return tip(year.names[id] || ground.names[id], look.label); }, { sticky: true });
        if (chosen) front.push(shape); else group.addLayer(shape);
      });
      front.forEach(function (shape) { group.addLayer(shape); });
      return group;
    }

    function outline() {
      var ring = tools.drawing().chosen;
      return { stroke: true, color: ring.line, weight: ring.weight, dashArray: null };
    }

    function borders(ground, year) {
      var fylkeOf = {}, look = tools.drawing().counties;
      Object.keys(year.fylker).forEach(function (nr) {
        year.fylker[nr].split(" ").forEach(function (id) { fylkeOf[id] = nr; });
      });
      var between = ground.borders.filter(function (one) {
        return one.beside.length === 2 && fylkeOf[one.beside[0]] !== fylkeOf[one.beside[1]];
      });
      return L.polyline(between.map(function (one) { return one.line; }), { pane: "beside-lines", renderer: renderers["beside-lines"], interactive: false, color: look.line, weight: look.weight, opacity: look.opacity });
    }

    function tip(name, label) {
      var text = tools.el("div", "tip");
      text.append(tools.el("strong", "", name + " (" + given.year + ")"), tools.el("div", "", label));
      return text;
    }

    function drawMarks() {
      if (marks) map.removeLayer(marks);
      marks = null;
      if (!given || !layer) return;
      var found = tools.arranged(given), pane = { pane: "beside-marks", renderer: renderers["beside-marks"] };
      marks = L.layerGroup().addTo(map);
      found.marks.forEach(function (mark) {
        L.circleMarker(mark.at, Object.assign({ radius: found.radius + tools.drawing().marks.collar, stroke: false, fillColor: tools.drawing().paper, fillOpacity: 1, interactive: false }, pane)).addTo(marks);
        var circle = L.circleMarker(mark.at, Object.assign(tools.markStyle(mark, found.radius), pane, { className: "beside-mark" })).addTo(marks);
        circle.on("click", function () { tools.choose(mark.shapes[0], mark.nr, given.year); });
        circle.bindTooltip(function () { return tip(mark.name, mark.look.label); });
      });
    }

    // Of a shape for several the kommune whose people live nearest is meant.
    function choose(id, latlng) {
      var near = tools.nearest(tools.marksOf(given).filter(function (mark) { return !mark.part && mark.shapes.indexOf(id) >= 0; }), latlng);
      tools.choose(id, near && near.nr, given.year);
    }

    return { show: show, marks: drawMarks };
  }

  window.coverageSwipe = create;
})();

// Small maps of a view in other years: from the same shapes and looks as the map.
(function () {
  "use strict";
  var WIDE = 104, HIGH = 128; // pixels
  var AROUND = 0.12; // of what is shown, on each side
  var NEAR = 0.7, TINY = 1.4; // pixels: points nearer to the last are left out, and rings that are smaller
  var THIN = 0.6; // of the size that patterns have on the map
  var made = 0, grounds = {};
  var svg = coverageLooks.svg;

  function ground(url) {
    grounds[url] = grounds[url] || fetch(url, { credentials: "same-origin" }).then(function (answer) {
      if (!answer.ok) throw new Error(url + ": " + answer.status);
      return answer.json();
    }).then(coverageGround.unpack);
    grounds[url].catch(function () { delete grounds[url]; });
    return grounds[url];
  }

  // From metres to pixels: the bounds given, or all shapes, in the middle of the picture.
  function placer(shapes, bounds) {
    var low = bounds ? bounds[0].slice() : [Infinity, Infinity], high = bounds ? bounds[1].slice() : [-Infinity, -Infinity];
    if (!bounds) each(shapes, function (at) {
      low = [Math.min(low[0], at.lat), Math.min(low[1], at.lng)];
      high = [Math.max(high[0], at.lat), Math.max(high[1], at.lng)];
    });
    var around = bounds ? AROUND : 0.02;
    var tall = (high[0] - low[0]) * (1 + 2 * around), broad = (high[1] - low[1]) * (1 + 2 * around);
    var scale = Math.min(WIDE / broad, HIGH / tall);
    var middle = [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2];
    return function (at) {
      return [WIDE / 2 + (at.lng - middle[1]) * scale, HIGH / 2 - (at.lat - middle[0]) * scale];
    };
  }

  function each(shapes, run) {
    Object.keys(shapes).forEach(function (id) {
      shapes[id].forEach(function (polygon) { polygon[0].forEach(run); });
    });
  }

  function ring(points, place) {
    var last = null, kept = [], low = [Infinity, Infinity], high = [-Infinity, -Infinity];
    points.forEach(function (point) {
      var at = place(point);
      if (last && Math.hypot(at[0] - last[0], at[1] - last[1]) < NEAR) return;
      last = at;
      low = [Math.min(low[0], at[0]), Math.min(low[1], at[1])];
      high = [Math.max(high[0], at[0]), Math.max(high[1], at[1])];
      kept.push(at[0].toFixed(1) + " " + at[1].toFixed(1));
    });
    var outside = high[0] < 0 || high[1] < 0 || low[0] > WIDE || low[1] > HIGH;
    if (outside || Math.max(high[0] - low[0], high[1] - low[1]) < TINY) return "";
    return "M" + kept.join("L") + "Z";
  }

  function path(polygons, place) {
    return polygons.map(function (rings) {
      return rings.map(function (points) { return ring(points, place); }).join("");
    }).join("");
  }

  // An island too small for a line of its own is a dot.
  function dot(polygons, place) {
    var at = place(polygons[0][0][0]);
    if (at[0] < 0 || at[1] < 0 || at[0] > WIDE || at[1] > HIGH) return "";
    return "M" + at[0].toFixed(1) + " " + at[1].toFixed(1) + "h1.6v1.6h-1.6z";
  }

  // `sent` has looks, rest, shapes and bounds, as the map gets them.
  function draw(shapes, sent, drawing) {
    var box = svg("svg", { viewBox: "0 0 " + WIDE + " " + HIGH, width: WIDE, height: HIGH });
    var defs = svg("defs", {}, box), place = placer(shapes, sent.bounds), ids = {};
    made += 1;
    Object.keys(shapes).forEach(function (id) { ids[id] = sent.rest; });
    Object.keys(sent.shapes).forEach(function (look) {
      sent.shapes[look].split(" ").forEach(function (id) { ids[id] = look; });
    });
    svg("rect", { width: WIDE, height: HIGH, fill: drawing.sea, rx: 6 }, box);
    sent.looks.forEach(function (look, number) {
      var mine = Object.keys(shapes).filter(function (id) { return Number(ids[id]) === number; });
      var line = mine.map(function (id) { return path(shapes[id], place) || dot(shapes[id], place); }).join("");
      if (!line) return;
      svg("path", {
        d: line, fill: coverageLooks.paint(look, drawing, defs, "small-" + made, THIN), "stroke-linejoin": "round",
        stroke: look.line || drawing.plain.line, "stroke-width": (look.weight || drawing.plain.weight) * 0.5
      }, box);
    });
    return box;
  }

  // Draws into every place that carries what to draw.
  function fill(drawing) {
    document.querySelectorAll("[data-small]").forEach(function (place) {
      var text = place.dataset.small;
      if (place.drawn === text) return;
      place.drawn = text;
      var sent = JSON.parse(text);
      ground(sent.ground).then(function (found) {
        if (place.drawn === text) place.replaceChildren(draw(found.shapes, sent, drawing));
      }).catch(function () { place.drawn = ""; });
    });
  }

  window.coverageSmall = { draw: draw, fill: fill, ground: ground };
})();

// The ground under the map: its coordinate system, and shapes as geo/places/arcs.py packs them.
(function () {
  "use strict";
  // UTM 33N (EPSG:25833), as in print: a position is L.latLng(north, east) in metres. The corner and
  // the metres per pixel at zoom 0 are those of Kartverket's tiles.
  var WEST = -2500000, NORTH = 9045984, METRES = 21664, SIDE = 256 * METRES;
  var FIRST_SIGN = 36, HALF = 28; // see packed() in geo/places/arcs.py

  var crs = window.L && L.Util.extend({}, L.CRS, {
    code: "EPSG:25833",
    projection: {
      project: function (at) { return L.point(at.lng, at.lat); },
      unproject: function (point) { return L.latLng(point.y, point.x); },
      bounds: L.bounds([WEST, NORTH - SIDE], [WEST + SIDE, NORTH])
    },
    transformation: L.transformation(1 / METRES, -WEST / METRES, -1 / METRES, NORTH / METRES),
    scale: function (zoom) { return Math.pow(2, zoom); },
    zoom: function (scale) { return Math.log(scale) / Math.LN2; },
    infinite: true,
    distance: function (a, b) { return Math.hypot(a.lng - b.lng, a.lat - b.lat); }
  });

  // Small maps are drawn without Leaflet.
  var latLng = window.L ? L.latLng : function (lat, lng) { return { lat: lat, lng: lng }; };

  function numbers(text) {
    var found = [], value = 0, weight = 1;
    for (var i = 0; i < text.length; i += 1) {
      var sign = text.charCodeAt(i) - FIRST_SIGN;
      value += (sign % HALF) * weight;
      weight *= HALF;
      if (sign >= HALF) continue;
      found.push(value % 2 ? -(value + 1) / 2 : value / 2);
      value = 0;
      weight = 1;
    }
    return found;
  }

  function lines(sent, counts) {
    var east = numbers(sent.east), north = numbers(sent.north);
    var at = 0, x = 0, y = 0, found = [];
    for (var left = counts(); left > 0; left -= 1) {
      var line = [];
      for (var points = counts(); points > 0; points -= 1, at += 1) {
        x += east[at];
        y += north[at];
        line.push(latLng(y * sent.step, x * sent.step));
      }
      found.push(line);
    }
    return found;
  }

  function times(n, make) {
    var found = [];
    for (var i = 0; i < n; i += 1) found.push(make());
    return found;
  }

  // Returns `shapes`, the polygons of each id, `names`, and `borders`, each with its line and the
  // ids of the shapes beside it: two, or one at the coast.
  function unpack(sent) {
    var given = numbers(sent.counts), place = 0;
    var counts = function () { place += 1; return given[place - 1]; };
    var borders = lines(sent, counts).map(function (line) { return { line: line, beside: [] }; });
    var following = 0, shapes = {}, names = {};
    var part = function (id) {
      var way = counts();
      var border = borders[way === 0 ? following : following - Math.abs(way)];
      if (way === 0) following += 1;
      if (border.beside.indexOf(id) < 0) border.beside.push(id);
      return way < 0 ? border.line.slice().reverse() : border.line;
    };
    var ring = function (id) {
      return [].concat.apply([], times(counts(), function () { return part(id).slice(0, -1); }));
    };
    sent.ids.forEach(function (id, i) {
      names[id] = sent.names[i];
      shapes[id] = times(counts(), function () {
        return times(counts(), function () { return ring(id); });
      });
    });
    return { shapes: shapes, names: names, borders: borders };
  }

  // The kommuner of a year as geo/places/year_file.py packs them: `list`, most people first, and the
  // same `byNr` and `ofShape`. A name of several languages has a line for each.
  function kommuner(sent) {
    var north = numbers(sent.north), east = numbers(sent.east), room = numbers(sent.room), people = numbers(sent.people);
    var byNr = {}, ofShape = {}, n = 0, e = 0;
    var list = sent.numbers.split(" ").map(function (nr, i) {
      n += north[i];
      e += east[i];
      var own = sent.shapes[i].split(" ");
      var one = { nr: nr, label: sent.labels[nr] || sent.names[i], lines: sent.names[i].split(" - "), shapes: own, people: people[i], at: latLng(n * sent.step, e * sent.step), room: room[i] * sent.step };
      byNr[nr] = one;
      own.forEach(function (id) { (ofShape[id] = ofShape[id] || []).push(one); });
      return one;
    });
    list.sort(function (a, b) { return b.people - a.people; });
    return { list: list, byNr: byNr, ofShape: ofShape };
  }

  window.coverageGround = { crs: crs, unpack: unpack, kommuner: kommuner, metres: METRES, corner: [WEST, NORTH], bounds: window.L && L.latLngBounds([NORTH - SIDE, WEST], [NORTH, WEST + SIDE]) };
})();

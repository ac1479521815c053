// Names on the map: the most important first, and what would lie over something is left out.
(function () {
  "use strict";
  var KOMMUNER_FROM = 4.55, OTHERS_FROM = 5.6; // zoom levels: names of covered kommuner, of the others
  var PROJECTS_UNTIL = 5.4, MANY_UNTIL = 7, COUNTRIES_UNTIL = 5, SEATS_UNTIL = 7.5;
  var MORE_THAN_HUES = 12; // from there on hues repeat, and names must tell projects apart
  var COMPANY = / (AS|SA|ANS|DA)$/, OF_ALL = /\s*\bNæringshage$/i; // says nothing on a map of them
  var COUNTRIES = [
    ["sweden", [7010000, 560000], [6820000, 520000], [7180000, 640000]], ["finland", [7480000, 1010000], [7300000, 1050000]],
    ["russia", [7640000, 1290000], [7560000, 1330000]], ["denmark", [6270000, 20000], [6350000, 60000]]
  ]; // and where their names may stand, in metres north and east
  var BESIDE = [[1, 0], [-1, 0], [0, -1], [0, 1], [1, -1], [1, 1], [-1, -1], [-1, 1]];
  var OVER = [[0, 0], [0, -1], [0, 1]], LEFT = [[-1, 0], [-1, -1], [-1, 1]], RIGHT = [[1, 0], [1, -1], [1, 1]];
  // Font weight and size, and the height of a line, in pixels.
  var TYPES = { chosen: [600, 15, 18], project: [600, 14, 16], hub: [400, 12, 15], country: [400, 13, 15], kommune: [400, 12.5, 15], ask: [600, 13, 14] };
  var EDGE = 4, ROOM = 2; // pixels: off the edge of the map, and around a name

  var ruler = document.createElement("canvas").getContext("2d"), known = {}, family = "";

  function wide(text, weight, size) {
    var font = weight + " " + size + "px " + family;
    var key = font + text;
    if (known[key] === undefined) {
      ruler.font = font;
      known[key] = Math.ceil(ruler.measureText(text).width) + 2;
    }
    return known[key];
  }

  // -- the board: what is taken, and the first place where a name fits ------------------------------

  function apart(a, b) { return a[2] <= b[0] || a[0] >= b[2] || a[3] <= b[1] || a[1] >= b[3]; }

  function board(size, taken) {
    var found = [];

    function free(box, avoid) {
      if (box[0] < EDGE || box[1] < EDGE || box[2] > size.x - EDGE || box[3] > size.y - EDGE) return false;
      function clear(other) { return apart(box, other); }
      return taken.every(clear) && (!avoid || avoid.every(clear));
    }

    function boxAt(name, point, anchor, gap) {
      var side = function (place, length) { return place === 0 ? -length / 2 : place < 0 ? -length - gap : gap; };
      var x = point.x + side(anchor[0], name.wide), y = point.y + side(anchor[1], name.high);
      return [x - ROOM, y - 1, x + name.wide + ROOM, y + name.high + 1];
    }

    function tryAll(name, avoid) {
      return name.gaps.some(function (gap) {
        return name.at.some(function (point) {
          return name.anchors.some(function (anchor) {
            var box = boxAt(name, point, anchor, gap);
            if (!free(box, avoid)) return false;
            taken.push(box);
            found.push({ name: name, x: box[0] + ROOM, y: box[1] + 1, side: anchor[0] });
            return true;
          });
        });
      });
    }

    // `name` has lines, kind, points `at`, anchors (which side of the point) and gaps (how far off), and maybe
    // others in `or`; `avoid` are boxes that it lies over only where there is no other place.
    function put(name) {
      var type = TYPES[name.kind];
      name.wide = Math.max.apply(null, name.lines.map(function (line, place) {
        return wide(line, name.second && place ? 400 : name.weight || type[0], name.second && place ? 12 : type[1]);
      }));
      name.high = type[2] * name.lines.length;
      var ways = [name].concat(name.or ? Object.assign({}, name, name.or) : []);
      function tried(avoid) { return ways.some(function (way) { return tryAll(way, avoid); }); }
      if (!name.avoid || !tried(name.avoid)) tried();
    }

    return { put: put, found: found };
  }

  // -- what stands where already --------------------------------------------------------------------

  function around(point, reach) { return [point.x - reach, point.y - reach, point.x + reach, point.y + reach]; }

  function taken(state, at) {
    var size = state.map.getSize(), narrow = state.narrow();
    var boxes = [[size.x - 68, 0, size.x, 164], [0, size.y - (narrow ? 52 : 38), 160, size.y]]; // buttons, scale
    if (state.tiles) boxes.push([size.x - 120, size.y - 26, size.x, size.y]);
    if (state.bare && narrow) boxes.push([0, 0, 232, 62], [0, size.y - 16, size.x, size.y]); // years, sheet
    state.view.hubs.forEach(function (hub) { boxes.push(around(at([hub[2], hub[3]]), 10)); });
    state.shownMarks.forEach(function (mark) { boxes.push(around(at(mark.at), mark.radius + 3)); });
    state.dots.forEach(function (dot) { boxes.push(around(at(dot.at), dot.radius + 1)); });
    return boxes;
  }

  // -- what wants a name, by importance ---------------------------------------------------------------

  function chosen(state, at, kommune) {
    var size = state.map.getSize(), point = at(kommune.at);
    var mark = state.shownMarks.find(function (one) { return one.nr === kommune.nr && !one.part; });
    if (mark) point = at(mark.at);
    else if (!state.inView(kommune)) return [];
    // Always named: in the part of it that is in view, if need be.
    var inside = L.point(Math.max(30, Math.min(size.x - 30, point.x)), Math.max(20, Math.min(size.y - 20, point.y)));
    return [{ kind: "chosen", lines: kommune.lines, at: [inside], anchors: mark ? BESIDE : OVER.concat(BESIDE), gaps: [mark ? mark.radius + 6 : 4, 18, 32, 48, 70, 100] }];
  }

  function projects(state, at, zoom) {
    var shown = state.view.projects, many = shown.length > MORE_THAN_HUES;
    if (shown.length < 2 || zoom > (many ? MANY_UNTIL : PROJECTS_UNTIL)) return [];
    var boxes = {};
    shown.forEach(function (project) {
      project[3].forEach(function (look) { boxes[look] = []; });
    });
    var every = [];
    Object.keys(state.view.lookOf).forEach(function (id) {
      var own = boxes[state.view.lookOf[id]], shape = state.shapes[id];
      if (!own || !shape) return;
      var a = at(shape.box.getNorthWest()), b = at(shape.box.getSouthEast());
      own.push([a.x, a.y, b.x, b.y]);
      every.push([a.x, a.y, b.x, b.y]);
    });
    return shown.map(function (project) {
      var own = [].concat.apply([], project[3].map(function (look) { return boxes[look]; }));
      var name = project[0].replace(COMPANY, "");
      return beside(own, every, { kind: "project", lines: state.narrow() ? [name] : [name, project[2]], second: true, colour: project[1] });
    }).filter(Boolean);
  }

  function beside(own, every, name) {
    if (!own.length) return null;
    function middle(x) { return function (box) { return L.point(box[x], (box[1] + box[3]) / 2); }; }
    var left = own.map(middle(0)).sort(function (a, b) { return a.x - b.x; });
    var right = own.map(middle(2)).sort(function (a, b) { return b.x - a.x; });
    name.at = left.slice(0, 6);
    name.anchors = LEFT;
    name.gaps = [10];
    name.avoid = every;
    name.or = { at: right.slice(0, 6), anchors: RIGHT };
    return name;
  }

  function seats(state, at, zoom, named) {
    if (zoom > SEATS_UNTIL || (state.narrow() && zoom < KOMMUNER_FROM)) return [];
    return state.view.hubs.map(function (hub) {
      var name = hub[0].replace(COMPANY, "");
      if (named.indexOf(name) >= 0) return null; // a project of the same name
      var short = zoom < PROJECTS_UNTIL && name.replace(OF_ALL, "");
      return { kind: "hub", lines: [short || name], at: [at([hub[2], hub[3]])], anchors: BESIDE, gaps: [13] };
    }).filter(Boolean);
  }

  function countries(state, at, zoom) {
    if (zoom > COUNTRIES_UNTIL) return [];
    return COUNTRIES.map(function (one) {
      return { kind: "country", lines: [state.words()[one[0]]], at: one.slice(1).map(at), anchors: [[0, 0]], gaps: [0] };
    });
  }

  function onMarks(state, at, done) {
    return state.shownMarks.filter(function (mark) { return mark.part || done.indexOf(mark.nr) < 0; }).map(function (mark) {
      var kommune = mark.part ? null : state.year.byNr[mark.nr];
      done.push(mark.nr);
      return { kind: "kommune", look: "chip", lines: kommune ? kommune.lines : [mark.name], at: [at(mark.at)], anchors: BESIDE, gaps: [mark.radius + 6] };
    });
  }

  function kommuner(state, at, zoom, done) {
    var size = state.map.getSize(), metres = state.metres();
    return state.year.list.filter(function (one) {
      return done.indexOf(one.nr) < 0 && (zoom >= OTHERS_FROM || state.covered(state.lookOf(one.shapes[0])));
    }).map(function (one) {
      var look = state.lookOf(one.shapes[0]), point = at(one.at), room = one.room / metres;
      if (point.x < 0 || point.y < 0 || point.x > size.x || point.y > size.y || !state.shapes[one.shapes[0]]) return null;
      var alone = state.year.ofShape[one.shapes[0]].length === 1, covered = state.covered(look);
      if (alone && room < (covered ? 5 : 9)) return null;
      // White where a solid fill has room for it, on a white chip over all other colour.
      var fits = Math.max.apply(null, one.lines.map(function (line) { return wide(line, 600, TYPES.kommune[1]); }));
      var white = alone && state.solid(look) && 2 * room > fits * 0.9 && 2 * room > 15 * one.lines.length;
      return {
        kind: "kommune", weight: white ? 600 : 400, look: white ? "white" : look.pattern || covered ? "chip" : "quiet",
        colour: white ? look.fill : "", lines: one.lines, at: [point], anchors: OVER, gaps: [3]
      };
    }).filter(Boolean);
  }

  // One "?" where no source was found and the shape is too small for the pattern to show.
  function asked(state, at) {
    var metres = state.metres();
    return state.year.list.filter(function (one) {
      var look = state.lookOf(one.shapes[0]);
      return state.signed(look) && one.room / metres < 13 && !state.dots.some(function (dot) { return dot.id === one.shapes[0]; });
    }).map(function (one) {
      return { kind: "ask", lines: ["?"], colour: state.lookOf(one.shapes[0]).fill, at: [at(one.at)], anchors: OVER, gaps: [2] };
    });
  }

  // -- drawing -----------------------------------------------------------------------------------------

  function place(state) {
    function at(position) { return state.map.latLngToContainerPoint(position); }
    var zoom = state.map.getZoom(), done = [], one = board(state.map.getSize(), taken(state, at));
    function putAll(names) {
      names.forEach(function (name) { one.put(name); });
    }
    state.view.picked.concat(state.cursor ? [state.cursor] : []).forEach(function (nr) {
      var kommune = state.year && state.year.byNr[nr];
      if (!kommune || done.indexOf(nr) >= 0) return;
      putAll(chosen(state, at, kommune));
      done.push(nr);
    });
    var named = projects(state, at, zoom);
    putAll(named);
    putAll(seats(state, at, zoom, named.map(function (name) { return name.lines[0]; })));
    putAll(countries(state, at, zoom));
    if (!state.year) return one.found;
    putAll(asked(state, at));
    putAll(onMarks(state, at, done));
    if (zoom >= KOMMUNER_FROM) putAll(kommuner(state, at, zoom, done));
    return one.found;
  }

  function draw(state) {
    var pane = state.map.getPane("labels");
    family = family || getComputedStyle(pane).fontFamily;
    var drawn = document.createDocumentFragment();
    place(state).forEach(function (found) {
      var name = found.name, node = document.createElement("div");
      node.className = "label " + name.kind + (name.look ? " " + name.look : "") + (found.side < 0 ? " right" : found.side ? " left" : "");
      node.style.left = found.x + "px";
      node.style.top = found.y + "px";
      node.style.width = name.wide + "px";
      if (name.colour && name.kind !== "kommune") node.style.color = name.kind === "project" ? state.ink(name.colour) : name.colour;
      name.lines.forEach(function (line, place) {
        var part = document.createElement("span");
        if (name.second && place) part.className = "second";
        part.textContent = line;
        node.appendChild(part);
      });
      drawn.appendChild(node);
    });
    pane.replaceChildren(drawn);
    L.DomUtil.setPosition(pane, state.map.containerPointToLayerPoint([0, 0]));
  }

  // When another font has come, names are as wide as they are in it.
  function measureAgain() { known = {}; family = ""; }

  window.coverageLabels = { draw: draw, measureAgain: measureAgain };
})();

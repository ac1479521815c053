// The map by keyboard: one stop, arrow keys from kommune to kommune, and what is there is said.
(function () {
  "use strict";
  var ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  // The nearest stop in a direction: what lies aside counts as much as what lies ahead.
  function next(stops, here, arrow) {
    var best = null, least = Infinity;
    stops.forEach(function (stop) {
      var x = stop.point.x - here.x, y = stop.point.y - here.y;
      var ahead = x * arrow[0] + y * arrow[1], aside = Math.abs(x * arrow[1]) + Math.abs(y * arrow[0]);
      if (ahead <= 0 || ahead < aside / 2 || ahead + aside >= least) return;
      least = ahead + aside;
      best = stop;
    });
    return best;
  }

  function nearest(stops, point) {
    return stops.reduce(function (best, stop) {
      return best && best.point.distanceTo(point) <= stop.point.distanceTo(point) ? best : stop;
    }, null);
  }

  // `host` has stops(), each with key, point (pixels in the map) and seen (in view); current(), the
  // key of where the reader is; first(), where they begin; go(stop), choose(stop), back(), zoom(by), home().
  function listen(node, host) {
    var acts = {
      "+": function () { host.zoom(1); },
      "-": function () { host.zoom(-1); },
      Home: host.home,
      Escape: host.back,
      Enter: function () { choose(); },
      " ": function () { choose(); }
    };

    function here(stops) {
      return stops.find(function (stop) { return stop.key === host.current(); });
    }

    function choose() {
      var stop = here(host.stops());
      if (stop) host.choose(stop);
    }

    function walk(arrow) {
      var stops = host.stops(), from = here(stops), seen = stops.filter(function (stop) { return stop.seen; });
      if (!from || !from.seen) return host.go(begin(seen.length ? seen : stops));
      var to = next(seen, from.point, arrow) || next(stops, from.point, arrow);
      if (to) host.go(to);
    }

    function begin(stops) {
      return stops.find(function (stop) { return stop.key === host.first(); }) || nearest(stops, host.middle());
    }

    node.addEventListener("keydown", function (event) {
      if (event.target !== node || event.ctrlKey || event.metaKey || event.altKey) return;
      var arrow = ARROWS[event.key];
      if (!arrow && !acts[event.key]) return;
      event.preventDefault();
      event.stopPropagation();
      if (arrow) walk(arrow); else acts[event.key]();
    });
    node.addEventListener("focus", function () {
      var stops = host.stops().filter(function (stop) { return stop.seen; });
      if (stops.length && node.matches(":focus-visible")) host.go(here(stops) || begin(stops));
    });
    node.addEventListener("blur", host.leave);
  }

  window.coverageKeys = { listen: listen, next: next };
})();

// Draws the map as the page was made, over what first.js has painted, before the scripts that reckon other views are fetched; the
// fonts come last, and nobody waits for them.
(function () {
  "use strict";
  const setup = JSON.parse(document.body.dataset.setup || "null");
  if (!setup) return;
  const byId = (id) => document.getElementById(id);
  // `drawn`: the map is there; `painted`: so are its shapes; `tell`: who is told of clicks; `said`: the last one before that.
  const start = { drawn: false, painted: false, tell: null, said: null, fonts: fonts };
  const { first } = edition;
  edition.start = start;

  function fonts() {
    const link = byId("fonts");
    if (link.rel) return;
    link.rel = "stylesheet";
    link.href = link.dataset.later;
  }

  function add(tag, attributes) { document.head.append(Object.assign(document.createElement(tag), attributes)); }

  function rest() {
    setup.early.forEach((href) => add("link", { rel: "preload", as: "fetch", crossOrigin: "anonymous", href: href }));
    add("script", { src: setup.rest });
  }

  function tell(what) {
    if (start.tell) start.tell(what);
    else start.said = what;
  }

  // Called whenever shapes have been drawn.
  function painted() {
    if (start.painted) return;
    start.painted = true;
    first.end();
    rest();
    fonts();
  }

  // An address that names a view needs all of it.
  if (location.search) {
    rest();
    return;
  }
  byId("map").append(Object.assign(document.createElement("div"), { id: "map_div" }));
  coverageMap.create("map_div", { ahead: false, neighbours: setup.neighbours, fetched: first.fetched, bare: true, legend: byId("legend"), tell: tell, painted: painted });
  const { year } = setup.first;
  coverageMap.update({ ...setup.first, ground: setup.geometry[year], counties: setup.counties[year] });
  start.drawn = true;
})();

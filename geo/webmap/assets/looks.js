// How looks are painted (geo/base/looks.json), on the map and on small maps beside it.
(function () {
  "use strict";
  var SVG = "http://www.w3.org/2000/svg";

  function svg(tag, attributes, parent) {
    var node = document.createElementNS(SVG, tag);
    Object.keys(attributes).forEach(function (key) { node.setAttribute(key, attributes[key]); });
    if (parent) parent.appendChild(node);
    return node;
  }

  // Mixed with the paper, so that no sea shines through.
  function mixed(colour, share, onto) {
    var channels = [1, 3, 5].map(function (at) {
      var ink = parseInt(colour.slice(at, at + 2), 16), paper = parseInt(onto.slice(at, at + 2), 16);
      return Math.round(paper + (ink - paper) * share).toString(16).padStart(2, "0");
    });
    return "#" + channels.join("");
  }

  function drawPattern(p, fill, pattern, paper) {
    svg("rect", { width: pattern.tile, height: pattern.tile, fill: mixed(fill, pattern.ground, paper) }, p);
    if (pattern.stripe) svg("rect", { width: pattern.stripe, height: pattern.tile, fill: fill }, p);
    (pattern.places || []).forEach(function (at) {
      if (pattern.radius) svg("circle", { cx: at[0], cy: at[1], r: pattern.radius, fill: fill }, p);
      else svg("text", { x: at[0], y: at[1], dy: "0.35em", "text-anchor": "middle", "font-size": pattern.size, "font-weight": 600, fill: fill }, p).textContent = pattern.sign;
    });
  }

  // What a shape of a look is filled with; its pattern is added to `defs` once, under the prefix,
  // smaller than on the map where a scale is given.
  function paint(look, drawing, defs, prefix, scale) {
    if (!look.pattern) return look.fill;
    var pattern = drawing.patterns[look.pattern];
    if (!pattern) throw new Error("unknown pattern: " + look.pattern);
    var id = prefix + "-" + look.pattern + "-" + look.fill.replace("#", "");
    if (!defs.querySelector("#" + id)) {
      var turned = [pattern.stripe ? "rotate(45)" : "", scale ? "scale(" + scale + ")" : ""].join(" ").trim();
      var p = svg("pattern", { id: id, width: pattern.tile, height: pattern.tile, patternUnits: "userSpaceOnUse" }, defs);
      if (turned) p.setAttribute("patternTransform", turned);
      drawPattern(p, look.fill, pattern, drawing.paper);
    }
    return "url(#" + id + ")";
  }

  // The same data with every colour as a table has it for screens set to dark.
  function inDark(thing, dark) {
    if (typeof thing === "string") return dark[thing] || thing;
    if (!thing || typeof thing !== "object") return thing;
    if (Array.isArray(thing)) return thing.map(function (one) { return inDark(one, dark); });
    return Object.fromEntries(Object.entries(thing).map(function (pair) { return [pair[0], inDark(pair[1], dark)]; }));
  }

  window.coverageLooks = { svg: svg, mixed: mixed, paint: paint, inDark: inDark };
})();

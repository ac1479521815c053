// A view to and from the query string, with the dashboard's codes (geo.coverage.view).
(function () {
  "use strict";
  // _write
  const write = (value) => (Array.isArray(value) ? value.join(",") : value === true ? "1" : value === false ? "0" : String(value));

  function create(programme, fylker) {
    const fields = Object.keys(programme.defaults);
    const hubs = programme.hubs.map((h) => h.id);
    const projects = programme.projects.map((p) => p.id);
    const kommuner = new Set(programme.kommuner.split(" "));

    // from_query
    function fromQuery(search, lang) {
      const query = new URLSearchParams(search);
      const ignored = [];

      function one(name, allowed, fallback) {
        if (!query.has(name)) return fallback;
        const found = allowed.find((code) => write(code) === query.get(name));
        if (found === undefined) ignored.push([name, query.get(name)]);
        return found === undefined ? fallback : found;
      }

      function several(name, allowed) {
        const wanted = (query.get(name) || "").split(",").filter(Boolean);
        wanted.filter((code) => !allowed.includes(code)).forEach((code) => ignored.push([name, code]));
        return allowed.filter((code) => wanted.includes(code));
      }

      const defaults = programme.defaults;
      const year = one("year", programme.years, programme.years.includes(defaults.year) ? defaults.year : programme.years[0]);
      const kommune = query.get("kommune") || "";
      if (kommune && !kommuner.has(kommune)) ignored.push(["kommune", kommune]);
      const view = {
        lang: one("lang", programme.languages, lang),
        year: year,
        project: several("project", projects),
        hub: several("hub", hubs),
        fylke: several("fylke", fylker[year]),
        scope: one("scope", programme.scopes, defaults.scope),
        evidence: one("evidence", programme.levels, defaults.evidence),
        colour: one("colour", programme.colours, defaults.colour),
        points: one("points", [true, false], defaults.points),
        lines: one("lines", [true, false], defaults.lines),
        uncovered: one("uncovered", [true, false], defaults.uncovered),
        kommune: kommuner.has(kommune) ? kommune : ""
      };
      const known = [...fields, ...programme.nonViewParams, ...programme.tags];
      [...query.keys()].filter((name) => !known.includes(name) && !programme.tagPrefixes.some((start) => name.startsWith(start)))
        .forEach((name) => ignored.push([name, query.get(name)]));
      // structures.swiped, and what lies open in the drawer
      const swipe = programme.years.find((one) => one !== year && String(one) === query.get("swipe")) || 0;
      const drawer = ["table", "years"].find((one) => one === query.get("drawer")) || "";
      return { view: view, ignored: ignored, data: query.get("data") || "", alone: query.get("brief") === "1", swipe, drawer };
    }

    // to_query, and permalink if whole
    function toQuery(view, whole) {
      const pairs = fields.map((name) => [name, write(view[name])])
        .filter(([name, text]) => whole || text !== write(programme.defaults[name]));
      return pairs.map(([name, text]) => `${name}=${encodeURIComponent(text).replace(/%2C/g, ",")}`).join("&");
    }

    // pages.parts.notices._part
    function why(view, [name, value], t) {
      const quoted = `${name.slice(0, programme.longestQuoted)}=${value.slice(0, programme.longestQuoted)}`;
      const reasons = {
        year: () => t.text("common.ignored_year", { years: t.listed(programme.years.map(String)) }),
        fylke: () => t.text("common.ignored_fylke", { year: view.year }),
        kommune: () => t.text("common.ignored_kommune", programme.registers)
      };
      const known = fields.includes(name);
      const other = () => t.text(known ? "common.ignored_value" : "common.ignored_name");
      return `${quoted} (${(known && reasons[name] ? reasons[name] : other)()})`;
    }

    return { fromQuery: fromQuery, toQuery: toQuery, why: why };
  }

  window.edition.address = create;
})();

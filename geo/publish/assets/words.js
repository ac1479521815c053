// A view in words, and as the map wants it. It follows geo.text.numbers, geo.report.titles, geo.report.figures,
// geo.report.legend, geo.report.looks, geo.webmap.webmap and geo.report.tables; tests compare every text.
(function () {
  "use strict";
  const COVERED = ["whole", "partly"];

  // -- numbers (geo.text.numbers) -----------------------------------------------------------------

  // Return the digits of a non-negative number, rounded half to even on its decimal notation, not
  // its binary value, as the dashboard does.
  function rounded(value, decimals) {
    const [figures, exponent] = value.toExponential().split("e");
    const known = figures.replace(".", "");
    const surplus = known.length - 1 - Number(exponent) - decimals;
    if (surplus <= 0) return String(BigInt(known) * 10n ** BigInt(-surplus));
    const unit = 10n ** BigInt(surplus);
    const low = BigInt(known) / unit;
    const twice = 2n * (BigInt(known) % unit);
    return String(twice > unit || (twice === unit && low % 2n) ? low + 1n : low);
  }

  function writer(texts) {
    const symbols = texts.symbols;
    const around = (key, amount) => texts.text(`numbers.${key}`, { amount });

    function written(value, least, most) {
      const digits = rounded(value, most).padStart(most + 1, "0");
      const whole = digits.slice(0, digits.length - most).replace(/\B(?=(\d{3})+$)/g, symbols.group);
      let rest = digits.slice(digits.length - most);
      while (rest.length > least && rest.endsWith("0")) rest = rest.slice(0, -1);
      return whole + (rest ? symbols.decimal + rest : "");
    }

    const number = (value, decimals) => written(value, decimals || 0, decimals || 0);
    return {
      number: number,
      millions: (kroner) => around("millions", written(kroner / 1e6, 0, 2)),
      kroner: (value, decimals) => around("kroner", number(value, decimals)),
      percent: (share) => around("percent", number(share * 100, 1))
    };
  }

  // -- messages (geo.text.messages) ---------------------------------------------------------------

  function messages(content) {
    const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => (values && name in values ? values[name] : whole));
    const texts = {
      lang: content.lang,
      symbols: content.symbols,
      text: (key, values) => fill(content.texts[key], values),
      plural: (key, n, values) => fill(content.texts[key][n === 1 ? 0 : 1], values),
      listed: (names) => (names.length < 2 ? names.join("")
        : names.slice(0, -1).join(", ") + content.and + names[names.length - 1])
    };
    return Object.assign(texts, writer(texts));
  }

  function create(content, engine, addresses) {
    const t = messages(content);
    const programme = engine.programme;
    const ofYear = engine.ofYear;
    const projects = new Map(programme.projects.map((p) => [p.id, p]));
    const hubs = new Map(programme.hubs.map((h) => [h.id, h]));
    const name = (map, id) => map.get(id).name;
    // Place names as titles use them; tables use the whole names.
    const shorter = new Map(Object.entries(ofYear.short));
    const fit = (text) => shorter.get(text) || text;

    // -- title and summary (geo.report.titles) ----------------------------------------------------

    function short(names) {
      const rest = names.length - 3;
      return names.slice(0, 3).join(", ") + (rest > 0 ? t.text("titles.more", { n: rest }) : "");
    }

    function subject(view) {
      if (view.hub.length) return short(view.hub.map((h) => name(hubs, h)));
      if (view.project.length) return short(view.project.map((p) => name(projects, p)));
      return content.programme;
    }

    const places = (view) => short(view.fylke.map((nr) => fit(ofYear.fylker[nr])));

    function title(found, view) {
      const sums = found.sums;
      const where = places(view);
      const fylker = Object.keys(sums.byFylke).length;
      const kommuner = t.plural("titles.kommuner", sums.kommuner, { n: t.number(sums.kommuner) });
      let counted = where ? kommuner
        : t.text("titles.in", { kommuner, fylker: t.plural("titles.fylker", fylker, { n: t.number(fylker) }) });
      if (sums.partly) counted += t.text("titles.partly", { n: t.number(sums.partly) });
      if (view.evidence !== "assumed") counted += t.text(`titles.only_${view.evidence}`);
      const head = subject(view) + (where ? `, ${where}` : "");
      return t.text("titles.title", { subject: head, counted, year: view.year });
    }

    function evidence(counts) {
      return programme.levels.filter((level) => counts[level])
        .map((level) => t.text(`titles.${level}`, { n: t.number(counts[level]) })).join(", ");
    }

    function between(range, unit, decimals) {
      const [low, high] = [range.low, range.high].map((n) => t.number(n, decimals));
      return t.text(`titles.between_${unit}`, { low, high });
    }

    const certain = (range) => range.low === range.high;

    function summary(found, view) {
      const sums = found.sums;
      if (!sums.kommuner) return t.text("titles.nobody", { subject: subject(view), year: view.year });
      const covers = t.text("titles.covers", {
        subject: subject(view),
        kommuner: t.plural("titles.kommuner", sums.kommuner, { n: t.number(sums.kommuner) }),
        evidence: evidence(sums.byEvidence),
        year: view.year
      });
      const states = ["partly", "no_source", "not_covered"].map((state) => {
        const n = found.frame.filter((row) => row.state === state).length;
        return n ? t.plural(`titles.state_${state}`, n, { n: t.number(n) }) : "";
      });
      return [covers, byCounty(sums), people(sums, view), money(sums), ...states].filter(Boolean).join(" ");
    }

    function byCounty(sums) {
      const counties = Object.keys(sums.byFylke).sort();
      if (counties.length < 2) return "";
      const parts = counties.map((nr) => `${fit(ofYear.fylker[nr])} ${t.number(sums.byFylke[nr])}`);
      return t.text("titles.by_county", { parts: t.listed(parts) });
    }

    function people(sums, view) {
      const text = t.text("titles.people", {
        people: t.number(sums.people.value),
        share: t.percent(sums.share.value),
        where: places(view) || t.text("titles.country"),
        year: view.year
      });
      if (certain(sums.people)) return text;
      const range = between(sums.people, "people");
      return `${text} ${t.text("titles.range", { range })}`;
    }

    function money(sums) {
      if (!sums.perHead) return "";
      const value = t.number(sums.perHead.value, 2);
      return t.plural("titles.money", sums.projects.length, { sum: amount(sums.grant), value });
    }

    function amount(kroner) {
      if (Math.abs(kroner) < 1e6) return t.text("coverage.kroner", { n: t.number(kroner) });
      const decimals = kroner % 1e6 === 0 ? 0 : kroner % 1e5 === 0 ? 1 : 2;
      return t.plural("coverage.millions", kroner === 1e6 ? 1 : 2, { n: t.number(kroner / 1e6, decimals) });
    }

    // -- key figures (geo.report.figures) ---------------------------------------------------------

    function figures(found, view) {
      const sums = found.sums;
      const structure = t.text("kart.structure", { year: view.year });
      const span = (range, unit, decimals) => (range && !certain(range) ? between(range, unit, decimals) : "");
      const hundred = { low: sums.share.low * 100, high: sums.share.high * 100 };
      const all = [
        ["kommuner", t.number(sums.kommuner), sums.kommuner ? `(${evidence(sums.byEvidence)}), ${structure}` : structure],
        ["fylker", t.number(Object.keys(sums.byFylke).length), structure],
        ["population_covered", t.number(sums.people.value), span(sums.people, "people")],
        ["share", t.percent(sums.share.value), span(hundred, "percent", 1)],
        ["grant", t.millions(sums.grant), ""],
        ["grant_per_inhabitant_year", sums.perHead ? t.kroner(sums.perHead.value, 2) : "-",
          span(sums.perHead, "kroner", 2)]
      ];
      return all.map(([figure, value, detail]) => ({
        title: t.text(`explain.${figure}`),
        value: value,
        detail: detail,
        method: t.text(`explain.${figure}_method`, { year: view.year })
      }));
    }

    // -- looks (geo.report.looks, by the same names) and legend (geo.report.legend) ---------------------

    const looks = programme.looks;
    const { grant, evidence: byEvidence, project: byProject, state: byState } = looks.modes;

    const grantClass = (value) => grant.breaks.filter((limit) => value >= limit).length;

    // A table's entry for a colour mode.
    function ofMode(table, mode) {
      if (!Object.hasOwn(table, mode)) throw new Error(`unknown colour mode: ${mode}`);
      return table[mode];
    }

    const fills = {
      project: (row) => (row.projects.length === 1 ? projects.get(row.projects[0]).colour : byProject.several),
      state: () => byState.colour,
      grant: (row) => grant.colours[grantClass(row.money)],
      evidence: (row) => byEvidence.colours[row.evidence]
    };

    const fillOf = (row, mode) => ofMode(fills, mode)(row);

    function coveredLook(fill, state, level, mode) {
      const own = (ofMode(looks.modes, mode).covered || {})[state] || {};
      return { fill, ...(own[level] || looks.covered[state][level]) };
    }

    function weakest(rows) {
      return programme.levels[Math.max(...rows.map((row) => programme.levels.indexOf(row.evidence)))];
    }

    function shapeLook(rows, mode) {
      const covered = rows.filter((row) => COVERED.includes(row.state));
      if (!covered.length) {
        const state = Object.keys(looks.empty).find((s) => rows.some((row) => row.state === s));
        return [state, looks.empty[state]];
      }
      const partly = covered.length < rows.length || covered.some((row) => row.state === "partly");
      const state = partly ? "partly" : "whole";
      return [state, coveredLook(fillOf(covered[0], mode), state, weakest(covered), mode)];
    }

    function legend(found, view) {
      const covered = found.covered;
      const entries = ofMode(legends, view.colour)(covered);
      const modifier = (which, sign, more) => {
        const n = covered.filter(which).length;
        if (n) entries.push([{ ...looks.legend.modifier, ...more }, t.text(`map.${sign}`), n]);
      };
      modifier((row) => row.state === "partly", "partly", looks.covered.partly.documented);
      if (view.colour !== "evidence") {
        modifier((row) => row.evidence === "assumed", "assumed", looks.covered.whole.assumed);
      }
      ["no_source", "not_covered", "outside_view"].forEach((state) => {
        const n = found.frame.filter((row) => row.state === state).length;
        if (n) entries.push([looks.empty[state], t.text(`map.${state}`), n]);
      });
      if (found.gone.length) {
        entries.push([looks.empty.did_not_exist, t.text("map.did_not_exist", { year: view.year }), found.gone.length]);
      }
      if (view.points) entries.push([looks.legend.hub, t.text("map.seat")]);
      if (view.lines) entries.push([looks.legend.line, t.text("map.serves")]);
      return entries.map(([look, label, n]) => (
        n === undefined ? { look, label } : { look, label, count: t.number(n) }));
    }

    const legends = {
      project: (covered) => {
        const own = programme.projects.map((p) =>
          [{ fill: p.colour }, p.name, covered.filter((row) => row.projects.length === 1 && row.projects[0] === p.id).length]);
        const several = covered.filter((row) => row.projects.length > 1).length;
        return [...own, [{ fill: byProject.several }, t.text("map.several"), several]].filter((entry) => entry[2]);
      },
      state: (covered) => {
        const whole = covered.filter((row) => row.state === "whole").length;
        return whole ? [[{ fill: byState.colour }, t.text("map.whole"), whole]] : [];
      },
      evidence: (covered) => programme.levels.map((level) => [
        coveredLook(byEvidence.colours[level], "whole", level, "evidence"),
        t.text(`map.${level}`),
        covered.filter((row) => row.evidence === level).length
      ]).filter((entry) => entry[2]),
      grant: (covered) => {
        const limits = ["0", ...grant.breaks.map((limit) => t.number(limit)), ""];
        return grant.colours.map((colour, place) => {
          const key = limits[place + 1] ? "map.grant_between" : "map.grant_from";
          const label = t.text(key, { low: limits[place], high: limits[place + 1] });
          return [{ fill: colour }, label, covered.filter((row) => grantClass(row.money) === place).length];
        }).filter((entry) => entry[2]);
      }
    };

    // -- the map's data (geo.webmap.webmap) -------------------------------------------------------

    function map(found, view) {
      const byNr = new Map(found.frame.map((row) => [row.nr, row]));
      const kinds = [];
      const places_ = new Map();
      const ofShape = new Map();
      const extra = {};
      ofYear.shapes.forEach(([id, members]) => {
        const rows = members.split(" ").map((nr) => byNr.get(nr));
        const [state, look] = shapeLook(rows, view.colour);
        const kind = { ...look, label: label(rows, state) };
        const key = JSON.stringify(kind);
        if (!places_.has(key)) {
          places_.set(key, kinds.length);
          kinds.push(kind);
        }
        ofShape.set(id, places_.get(key));
        if (new Set(rows.map((row) => row.state)).size > 1) extra[id] = standsFor(rows);
      });
      const rest = mostCommon([...ofShape.values()]);
      return {
        lang: t.lang,
        title: title(found, view),
        legend: legend(found, view).map((line) => onMap(line, kinds)),
        notes: notes(found),
        source: source(view),
        attribution: ofYear.attribution[t.lang],
        looks: kinds,
        rest: rest,
        shapes: grouped(ofShape, rest),
        extra: extra,
        chosen: [...new Set(view.shown.flatMap((nr) => engine.kommuner.get(nr).shapes))].map((place) => ofYear.shapes[place][0]),
        counties: addresses.counties[view.year],
        hubs: view.points ? seats(found).map((h) => [h.name, h.place, ...h.point]) : [],
        lines: view.lines ? lines(found) : [],
        bounds: bounds(found, view),
        focus: [view.project, view.fylke, view.hub].join("|")
      };
    }

    // A look that the map uses is sent as its position in `looks`.
    function onMap(line, kinds) {
      const place = kinds.findIndex(({ label, ...look }) => JSON.stringify(look) === JSON.stringify(line.look));
      return place < 0 ? line : { ...line, look: place };
    }

    function label(rows, state) {
      const covered = rows.filter((row) => COVERED.includes(row.state));
      if (!covered.length) return t.text(`map.${state}`);
      const names = [...new Set(covered.flatMap((row) => row.projects))].map((p) => name(projects, p)).join(", ");
      return `${names}: ${t.text(`map.${state}`).toLowerCase()}, ${t.text(`map.${weakest(covered)}`).toLowerCase()}`;
    }

    function standsFor(rows) {
      const parts = rows.map((row) => `${fit(row.label)} (${t.text(`map.${row.state}`).toLowerCase()})`);
      return t.text("map.stands_for", { kommuner: parts.join(", ") });
    }

    function mostCommon(values) {
      const counts = new Map();
      values.forEach((value) => counts.set(value, (counts.get(value) || 0) + 1));
      return [...counts].reduce((best, one) => (one[1] > best[1] ? one : best))[0];
    }

    function grouped(ofShape, rest) {
      const groups = {};
      ofShape.forEach((look, id) => {
        if (look !== rest) groups[look] = groups[look] ? `${groups[look]} ${id}` : id;
      });
      return groups;
    }

    function notes(found) {
      const shared = ofYear.shapes.map((shape) => shape[1].split(" ")).filter((members) => members.length > 1);
      if (!shared.length) return [];
      const covered = new Set(found.covered.map((row) => row.nr));
      const here = shared.filter((members) => members.some((nr) => covered.has(nr))).length;
      const texts = [t.plural("map.shared", shared.length, {
        n: t.number(shared.length), base: ofYear.base, year: ofYear.year
      })];
      if (here) texts.push(t.plural("map.shared_here", here, { n: t.number(here) }));
      return [texts.join(" ")];
    }

    function source(view) {
      return t.text("titles.source", {
        origin: content.origin, year: view.year, version: programme.version, today: content.today
      });
    }

    function seats(found) {
      const ids = new Set(found.covered.flatMap((row) => row.hubs));
      return programme.hubs.filter((hub) => ids.has(hub.id) && hub.point);
    }

    function lines(found) {
      const points = new Map(seats(found).map((hub) => [hub.id, hub.point]));
      const covered = new Map(found.covered.map((row) => [row.nr, row]));
      const drawn = new Map();
      found.rows.forEach((row) => engine.land(row).to.forEach(([nr]) => {
        if (!points.has(row.hub) || !covered.has(nr)) return;
        const end = ofYear.shapes[covered.get(nr).shapes[0]].slice(-2);
        const assumed = programme.levels[row.rank] === "assumed";
        drawn.set(`${row.hub} ${nr}`, { points: [points.get(row.hub), end], assumed: assumed });
      }));
      return [...drawn.values()];
    }

    function bounds(found, view) {
      if (!(view.project.length || view.hub.length || view.fylke.length)) return null;
      const inside = view.fylke.length ? found.frame.filter((row) => row.state !== "outside_view") : found.covered;
      if (!inside.length) return null;
      const boxes = inside.map((row) => ofYear.shapes[row.shapes[0]].slice(2, 6));
      const [west, south, east, north] = [0, 1, 2, 3].map((side) =>
        Math[side < 2 ? "min" : "max"](...boxes.map((box) => box[side])));
      return [[south, west], [north, east]];
    }

    // -- the table (geo.report.tables) ------------------------------------------------------------

    function table(found, view) {
      const states = programme.states;
      const listed = found.frame.filter((row) => row.state !== "outside_view"
        && (view.fylke.length || view.uncovered || row.state !== "not_covered"));
      listed.sort((a, b) => states.indexOf(a.state) - states.indexOf(b.state)
        || (a.fylke < b.fylke ? -1 : a.fylke > b.fylke ? 1 : a.place - b.place));
      return [...listed.map((row) => cells(row, view)), ...found.gone.map(goneCells)];
    }

    function cells(row, view) {
      const symbol = programme.symbols[row.state];
      const figure = (written) => (symbol === undefined ? written() : symbol);
      const whole = (map, ids) => ids.map((id) => map.get(id).whole || map.get(id).name).join(", ");
      return [
        row.nr, row.label, ofYear.fylker[row.fylke], t.text(`coverage.${row.state}`),
        figure(() => t.text(`coverage.${row.evidence}`)),
        t.number(row.total),
        whole(projects, row.projects),
        whole(hubs, row.hubs),
        figure(() => t.number(row.people)),
        figure(() => t.number(row.money, 2)),
        dated(row.covered, view.year)
      ];
    }

    // Kommuner of other years, with their years if there are several.
    function dated(covered, ownYear) {
      const others = covered.map((old) => old.split(" ")).filter(([, year]) => Number(year) !== ownYear);
      const several = new Set(others.map(([, year]) => year)).size > 1;
      return others.map(([nr, year]) => `${nr} ${programme.labels[year][nr]}${several ? ` (${year})` : ""}`).join(", ");
    }

    function goneCells(row) {
      const symbol = programme.symbols.did_not_exist;
      return [row.nr, row.label, "", t.text("coverage.did_not_exist"), symbol, symbol, "", "", symbol, symbol, ""];
    }

    return {
      t: t, title: title, summary: summary, figures: figures, map: map, table: table, source: source,
      hubNames: (ids) => t.listed(ids.map((h) => name(hubs, h)))
    };
  }

  window.edition.words = create;
  window.edition.messages = messages;
})();

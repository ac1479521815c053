// Compute the coverage of a view in the browser from the files of geo.publish.numbers_page. Mirrors
// geo.coverage.selection, carry_forward, alternatives, totals and join; a test compares the results
// for many views.
(function () {
  "use strict";
  const COVERED = ["whole", "partly"];

  function statement(cells) {
    const [project, hub, nr, year, rank, assumption, sets] = cells;
    return { project, hub, nr, year, rank, assumption, sets: sets || [], kommune: `${nr} ${year}` };
  }

  function distinct(values) {
    return [...new Set(values)].filter(Boolean);
  }

  function ends(values) {
    return { value: values[0], low: Math.min(...values), high: Math.max(...values) };
  }

  function over(range, total) {
    const share = (n) => (total ? n / total : 0);
    return { value: share(range.value), low: share(range.low), high: share(range.high) };
  }

  function halfToEven(value) {
    const low = Math.floor(value);
    if (value - low !== 0.5) return Math.round(value);
    return low % 2 ? low + 1 : low;
  }

  function add(map, key, make) {
    if (!map.has(key)) map.set(key, make());
    return map.get(key);
  }

  function create(programme, ofYear) {
    const levels = programme.levels;
    const weakest = levels.length - 1;
    const rows = programme.rows.map(statement);
    const candidates = programme.candidates.map(statement);
    const grants = new Map(programme.projects.map((p) => [p.id, p]));
    const kommuner = new Map(ofYear.kommuner.map(([nr, label, fylke, people, place, ...shapes]) =>
      [nr, { nr, label, fylke, people, place, shapes }]));

    // -- select statements (geo.coverage.selection) -----------------------------------------------

    function chosen(from, scope) {
      const limit = levels.indexOf(scope.evidence);
      return from.filter((row) => row.rank <= limit
        && (!scope.project.length || scope.project.includes(row.project))
        && (!scope.hub.length || scope.hub.includes(row.hub)));
    }

    function withoutSource(view) {
      const hidden = view.evidence === levels[weakest] ? []
        : chosen(rows, { ...view, evidence: levels[weakest] }).filter((row) => row.rank === weakest);
      let unnamed = candidates;
      if (view.project.length) unnamed = unnamed.filter((row) => view.project.includes(row.project));
      if (view.hub.length) {
        const theirs = new Set(programme.hubs.filter((h) => view.hub.includes(h.id)).flatMap((h) => h.projects));
        unnamed = unnamed.filter((row) => view.hub.includes(row.hub) || (!row.hub && theirs.has(row.project)));
      }
      return [...hidden, ...unnamed];
    }

    // -- carry them to the structure year (geo.coverage.carry_forward) ----------------------------

    function land(row) { return ofYear.parts[row.year][row.nr]; }

    function touched(from, strips) {
      const found = new Set();
      from.forEach((row) => land(row).to.forEach(([nr, strip]) => {
        if (strips || !strip) found.add(nr);
      }));
      return found;
    }

    // `own` holds the rows by kommune with its year, since the same number in different years is
    // not the same kommune.
    function account(nr, own) {
      const all = [...own.values()].flat();
      const best = new Map([...own].map(([old, those]) => [old, Math.min(...those.map((row) => row.rank))]));
      const ranks = cellsOf(nr).map((cell) => cell.of.filter((old) => best.has(old)).map((old) => best.get(old)));
      const covered = ranks.filter((those) => those.length).map((those) => Math.min(...those));
      const partly = covered.length < ranks.length;
      const total = kommuner.get(nr).people;
      return {
        state: partly ? "partly" : "whole",
        projects: distinct(all.map((row) => row.project)),
        hubs: distinct(all.map((row) => row.hub)),
        covered: [...own.keys()].sort(),
        evidence: levels[Math.max(...covered)],
        people: partly ? Math.min(halfToEven(peopleOfParts(nr, own)), total) : total
      };
    }

    const divided = new Map();

    function cellsOf(nr) {
      return add(divided, nr, () => ofYear.cells[nr].map(([m2, ...numbers]) =>
        ({ m2: m2, of: numbers.map((old, place) => `${old} ${programme.recorded[place]}`) })));
    }

    function peopleOfParts(nr, own) {
      const here = (old) => cellsOf(nr).filter((cell) => cell.of.includes(old));
      const size = (cells) => cells.reduce((sum, cell) => sum + cell.m2, 0);
      const sizes = new Map([...own.keys()].map((old) => [old, size(here(old))]));
      const counted = new Map();
      const taken = new Set();
      // Where kommuner of several years overlap, the larger is counted whole.
      [...own.keys()].sort().sort((a, b) => sizes.get(b) - sizes.get(a)).forEach((old) => {
        const mine = here(old).filter((cell) => !taken.has(cell));
        mine.forEach((cell) => taken.add(cell));
        counted.set(old, size(mine));
      });
      return [...own.keys()].sort().filter((old) => counted.get(old)).reduce((sum, old) => {
        const people = land(own.get(old)[0]).to.find(([to]) => to === nr)[2];
        return sum + (counted.get(old) === sizes.get(old) ? people : people * counted.get(old) / sizes.get(old));
      }, 0);
    }

    function reach(from) {
      const accounts = new Map();
      from.forEach((row) => land(row).to.forEach(([nr]) => {
        add(add(accounts, nr, () => new Map()), row.kommune, () => []).push(row);
      }));
      return new Map([...accounts.keys()].sort().map((nr) => [nr, account(nr, accounts.get(nr))]));
    }

    // -- alternatives of an assumption (geo.coverage.alternatives) --------------------------------

    function options(from, scope) {
      const assumptions = distinct(from.map((row) => row.assumption)).sort();
      if (!assumptions.length) return [from];
      const firm = from.filter((row) => !row.assumption);
      const sets = assumptions.map((a) => [from.filter((row) => row.assumption === a), ...alternatives(a, scope)]);
      const mixes = sets.reduce((made, set) => made.flatMap((mix) => set.map((part) => [...mix, ...part])), [[]]);
      return [from, ...mixes.map((mix) => [...firm, ...mix])];
    }

    function alternatives(assumption, scope) {
      const mine = candidates.filter((row) => row.assumption === assumption);
      const names = distinct(mine.flatMap((row) => row.sets)).sort();
      return names.flatMap((name) => {
        const named = mine.filter((row) => row.sets.includes(name));
        if (!scope.hub.length) return [named];
        const sure = named.filter((row) => scope.hub.includes(row.hub));
        return [sure, named.filter((row) => !row.hub || scope.hub.includes(row.hub))];
      });
    }

    // -- totals (geo.coverage.totals) -------------------------------------------------------------

    const earned = new Map();

    function money(projects, evidence) {
      return add(earned, `${projects}|${evidence}`, () => {
        const scope = { project: projects, hub: [], evidence: evidence };
        const people = options(chosen(rows, scope), scope)
          .map((option) => [...reach(option).values()].reduce((sum, one) => sum + one.people, 0));
        if (!projects.length || people.some((n) => !n)) return null;
        const yearly = projects.reduce((sum, p) => sum + grants.get(p).grant / grants.get(p).years, 0);
        return ends(people.map((n) => yearly / n));
      });
    }

    function count(values) {
      const counts = {};
      values.forEach((value) => { counts[value] = (counts[value] || 0) + 1; });
      return counts;
    }

    function sums(view, own, reached, inside) {
      const options_ = [reached, ...options(own, view).slice(1).map(reach)];
      const within = options_.map((found) => [...found].filter(([nr]) => inside.has(nr)).map(([, one]) => one));
      const covered = within[0];
      const states = count(covered.map((one) => one.state));
      const byFylke = count([...reached.keys()].filter((nr) => inside.has(nr)).map((nr) => kommuner.get(nr).fylke));
      const people = ends(within.map((found) => found.reduce((sum, one) => sum + one.people, 0)));
      const total = [...inside].reduce((sum, nr) => sum + kommuner.get(nr).people, 0);
      const projects = programme.projects.map((p) => p.id).filter((p) => covered.some((one) => one.projects.includes(p)));
      return {
        kommuner: covered.length,
        whole: states.whole || 0,
        partly: states.partly || 0,
        byEvidence: count(covered.map((one) => one.evidence)),
        byFylke: byFylke,
        kommunerRange: ends(within.map((found) => found.length)),
        people: people,
        total: total,
        share: over(people, total),
        grant: projects.reduce((sum, p) => sum + grants.get(p).grant, 0),
        perHead: money(projects, view.evidence),
        projects: projects
      };
    }

    // -- one row per kommune (geo.coverage.join) --------------------------------------------------

    function coverage(view) {
      const own = chosen(rows, view);
      const reached = reach(own);
      const inside = new Set([...kommuner.values()]
        .filter((k) => !view.fylke.length || view.fylke.includes(k.fylke)).map((k) => k.nr));
      const nameless = touched(withoutSource(view), false);
      const others = touched(rows, true);
      const empty = (nr) => (nameless.has(nr) ? "no_source" : others.has(nr) ? "outside_view" : "not_covered");
      const frame = [...kommuner.values()].map((kommune) => {
        const one = inside.has(kommune.nr) && reached.get(kommune.nr);
        if (one) return { ...kommune, ...one, total: kommune.people, money: perKommune(one.projects, view) };
        const state = inside.has(kommune.nr) ? empty(kommune.nr) : "outside_view";
        return { ...kommune, total: kommune.people, people: 0, state, projects: [], hubs: [], covered: [], evidence: "" };
      });
      return {
        frame: frame,
        covered: frame.filter((row) => COVERED.includes(row.state)),
        gone: gone(own, inside),
        sums: sums(view, own, reached, inside),
        rows: own
      };
    }

    function perKommune(projects, view) {
      const figures = projects.map((p) => money([p], view.evidence)).filter(Boolean);
      return figures.reduce((sum, figure) => sum + figure.value, 0);
    }

    function gone(own, inside) {
      const found = new Map();
      [...new Set(own.map((row) => row.kommune))].sort().forEach((kommune) => {
        const [nr, year] = kommune.split(" ");
        const there = ofYear.parts[year][nr];
        if (!there.gone || !there.to.some(([to]) => inside.has(to))) return;
        add(found, there.gone.join(" "), () => ({ nr: nr, label: programme.labels[year][nr], state: "did_not_exist" }));
      });
      return [...found.values()];
    }

    return { coverage: coverage, kommuner: kommuner, land: land, ofYear: ofYear, programme: programme };
  }

  window.edition = { engine: create };
})();

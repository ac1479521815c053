// Compute the coverage of a view in the browser from the files of geo.publish.numbers_page. Every
// function has the name of its twin in geo.coverage (selection, carry_forward, states, counted,
// alternatives, totals, money, join) or geo.places (year_links, people_cells), in camel case and without
// a leading "_"; a test compares the results for many views.
(function () {
  "use strict";

  // -- geo.coverage.alternatives ------------------------------------------------------------------

  // spread
  function spread(values) {
    return { value: values[0], low: Math.min(...values), high: Math.max(...values) };
  }

  // Range.map
  function map(range, change) {
    const ends = [change(range.low), change(range.high)];
    return { value: change(range.value), low: Math.min(...ends), high: Math.max(...ends) };
  }

  // Range.over
  function over(range, total) {
    return map(range, (n) => (total ? n / total : 0));
  }

  // options
  function options(rows, candidates, hubs) {
    const assumptions = distinct(rows.map((row) => row.assumptionId)).sort();
    if (!assumptions.length) return [rows];
    const firm = rows.filter((row) => !row.assumptionId);
    const all = assumptions.map((one) => [rows.filter((row) => row.assumptionId === one), ...sets(one, candidates, hubs)]);
    const mixes = all.reduce((made, set) => made.flatMap((mix) => set.map((part) => [...mix, ...part])), [[]]);
    return [rows, ...mixes.map((mix) => [...firm, ...mix])];
  }

  // _sets
  function sets(assumption, candidates, hubs) {
    const mine = candidates.filter((row) => row.assumptionId === assumption);
    const names = distinct(mine.flatMap((row) => row.alternatives)).sort();
    return names.flatMap((name) => {
      const named = mine.filter((row) => row.alternatives.includes(name));
      if (!hubs.length) return [named];
      const sure = named.filter((row) => hubs.includes(row.hubId));
      return [sure, named.filter((row) => !row.hubId || hubs.includes(row.hubId))];
    });
  }

  // -- what Python has ready ----------------------------------------------------------------------

  // geo.coverage.states._distinct
  function distinct(values) {
    return [...new Set(values)].filter(Boolean);
  }

  // round: halves to even
  function round(value) {
    const low = Math.floor(value);
    if (value - low !== 0.5) return Math.round(value);
    return low % 2 ? low + 1 : low;
  }

  // dict.setdefault
  function setdefault(map, key, make) {
    if (!map.has(key)) map.set(key, make());
    return map.get(key);
  }

  // collections.Counter
  function counter(values) {
    const counts = {};
    values.forEach((value) => { counts[value] = (counts[value] || 0) + 1; });
    return counts;
  }

  const sum = (values) => values.reduce((total, one) => total + one, 0);

  // selection.Row and selection.Candidate in one, as numbers_page._statement sends them. A kommune is
  // written with its year, since the same number in different years is not the same kommune.
  function statement([projectId, hubId, kommunenr, year, rank, assumptionId, alternatives]) {
    return { projectId, hubId, kommunenr, year, rank, assumptionId, alternatives: alternatives || [], kommune: `${kommunenr} ${year}` };
  }

  function create(programme, ofYear) {
    const levels = programme.levels;
    const [WHOLE, PARTLY] = programme.coveredStates;
    const WEAKEST = levels.length - 1;
    const projectRows = programme.rows.map(statement);
    const candidateRows = programme.candidates.map(statement);
    const grants = new Map(programme.projects.map((p) => [p.id, p]));
    const kommuner = new Map(ofYear.kommuner.map(([kommunenr, label, fylkesnr, population, place, ...shapes]) =>
      [kommunenr, { kommunenr, label, fylkesnr, population, place, shapes }]));

    // -- geo.coverage.selection -------------------------------------------------------------------

    // select
    function select(selection) {
      const weakest = levels.indexOf(selection.evidence);
      const rows = projectRows.filter((row) => (!selection.project.length || selection.project.includes(row.projectId))
        && (!selection.hub.length || selection.hub.includes(row.hubId)));
      const hidden = rows.filter((row) => row.rank === WEAKEST && WEAKEST > weakest);
      const counted = rows.filter((row) => row.rank <= weakest);
      return { counted: counted, withoutSource: [...hidden, ...candidates(selection)] };
    }

    // _candidates
    function candidates(selection) {
      let rows = candidateRows;
      if (selection.project.length) rows = rows.filter((row) => selection.project.includes(row.projectId));
      if (selection.hub.length) {
        const theirs = new Set(programme.hubs.filter((h) => selection.hub.includes(h.id)).flatMap((h) => h.projects));
        rows = rows.filter((row) => selection.hub.includes(row.hubId) || (!row.hubId && theirs.has(row.projectId)));
      }
      return rows;
    }

    // -- geo.places.year_links and geo.coverage.carry_forward -------------------------------------

    // year_links.parts_of
    function partsOf(kommunenr, ownYear) {
      return ofYear.parts[ownYear][kommunenr].to.map(([nr, strip]) => ({ kommunenr: nr, strip }));
    }

    const divided = new Map();
    const blocks = programme.blocks.map((land) => land.map(cell));
    // _block_of
    const blockOf = new Map(blocks.flatMap((land, place) => land.flatMap((one) => one.of.map((old) => [old, place]))));

    // people_cells.cells, of one kommune
    function cells(nr) {
      return setdefault(divided, nr, () => ofYear.cells[nr].map(cell));
    }

    // people_cells.Cell
    function cell([people, ...numbers]) {
      return { people: people, of: numbers.map((old, place) => `${old} ${programme.recorded[place]}`) };
    }

    // carry_forward
    function carryForward(rows) {
      const found = new Map();
      rows.forEach((row) => partsOf(row.kommunenr, row.year).forEach((part) =>
        setdefault(found, part.kommunenr, () => []).push({ row: row, kommune: row.kommune, ...part })));
      return found;
    }

    // without_strips
    function withoutStrips(carried) {
      const kept = [...carried].map(([nr, there]) => [nr, there.filter((one) => !one.strip).map((one) => one.row)]);
      return new Map(kept.filter(([, rows]) => rows.length));
    }

    // -- geo.coverage.states ----------------------------------------------------------------------

    // covered_kommuner
    function coveredKommuner(carried) {
      return new Map([...carried.keys()].sort().map((nr) => [nr, covered(nr, account(carried.get(nr)))]));
    }

    // people_covered
    function peopleCovered(carried) {
      return new Map([...carried].map(([nr, rows]) => {
        const own = account(rows);
        return [nr, people(nr, own, left(cells(nr), own))];
      }));
    }

    // left, without the names of the kommuner: the cells that no row covers
    function left(there, own) {
      return there.filter((cell) => !cell.of.some((old) => own.has(old)));
    }

    const reached = [...carryForward(projectRows).keys()]; // StructureYear.programme

    // every_state
    function everyState(found, nameless) {
      const states = new Map([...kommuner.keys()].map((nr) => [nr, "not_covered"]));
      reached.forEach((nr) => states.set(nr, "outside_view"));
      nameless.forEach((_, nr) => states.set(nr, "no_source"));
      found.forEach((one, nr) => states.set(nr, one.state));
      return states;
    }

    // _account
    function account(carried) {
      const own = new Map();
      carried.forEach((one) => setdefault(own, one.kommune, () => []).push(one));
      return own;
    }

    // _covered
    function covered(nr, own) {
      const there = cells(nr);
      const bare = left(there, own);
      const best = new Map([...own].map(([old, found]) => [old, Math.min(...found.map((one) => one.row.rank))]));
      const onLand = there.map((cell) => cell.of.filter((old) => best.has(old)).map((old) => best.get(old)));
      const ranks = onLand.filter((found) => found.length).map((found) => Math.min(...found));
      const rows = [...own.values()].flat().map((one) => one.row);
      return {
        state: bare.length ? PARTLY : WHOLE,
        projectIds: distinct(rows.map((row) => row.projectId)),
        hubIds: distinct(rows.map((row) => row.hubId)),
        covered: [...own.keys()].sort(),
        evidence: levels[Math.max(...ranks)],
        people: people(nr, own, bare)
      };
    }

    // _people
    function people(nr, own, bare) {
      const all = kommuner.get(nr).population;
      if (!bare.length) return all;
      const covered = cells(nr).filter((cell) => cell.of.some((old) => own.has(old)));
      return Math.min(round(sum(covered.map((cell) => cell.people))), all);
    }

    // -- geo.coverage.counted ---------------------------------------------------------------------

    // counted
    function counted(selection) {
      const rows = select(selection);
      const found = coveredKommuner(carryForward(rows.counted));
      const nameless = withoutStrips(carryForward(rows.withoutSource));
      return { rows: rows.counted, covered: found, states: everyState(found, nameless) };
    }

    const byOption = new Map();

    // people_by_option
    function peopleByOption(selection) {
      const { project, hub, evidence } = selection;
      return setdefault(byOption, JSON.stringify([project, hub, evidence]), () =>
        options(select(selection).counted, candidateRows, hub).map((option) => peopleCovered(carryForward(option))));
    }

    // StructureYear.inside
    function inside(fylker) {
      return new Map([...kommuner].map(([nr, one]) => [nr, one.fylkesnr])
        .filter(([, fylkesnr]) => !fylker.length || fylker.includes(fylkesnr)));
    }

    // -- geo.coverage.totals ----------------------------------------------------------------------

    // totals
    function totals(selection, found) {
      const within = inside(selection.fylke);
      const here = new Map([...found.covered].filter(([nr]) => within.has(nr)));
      const persons = peopleByOption(selection)
        .map((option) => [...option].filter(([nr]) => within.has(nr)).map(([, n]) => n));
      return addUp(selection, within, here, persons);
    }

    // _add_up
    function addUp(selection, within, here, persons) {
      const all = [...here.values()];
      const states = counter(all.map((one) => one.state));
      const servedHere = spread(persons.map(sum));
      const total = sum([...within.keys()].map((nr) => kommuner.get(nr).population));
      const projects = programme.projects.map((p) => p.id).filter((p) => all.some((one) => one.projectIds.includes(p)));
      return {
        kommuner: all.length,
        whole: states[WHOLE] || 0,
        partly: states[PARTLY] || 0,
        byEvidence: counter(all.map((one) => one.evidence)),
        kommunerByFylke: counter([...here.keys()].map((nr) => within.get(nr))),
        kommunerRange: spread(persons.map((found) => found.length)),
        populationCovered: servedHere,
        populationKommuner: sum([...here.keys()].map((nr) => kommuner.get(nr).population)),
        populationTotal: total,
        share: over(servedHere, total),
        grantNok: sum(projects.map((p) => grants.get(p).grant)),
        grantPerInhabitantYear: money(projects, selection.evidence),
        grantPeopleYears: (served(projects, selection.evidence) || { years: [] }).years,
        projects: projects
      };
    }

    // -- geo.coverage.money -----------------------------------------------------------------------

    // money
    function money(projects, evidence) {
      const found = served(projects, evidence);
      if (!found || !found.people.low) return null;
      const yearly = sum(projects.map((p) => grants.get(p).grant / grants.get(p).years));
      return map(found.people, (people) => yearly / people);
    }

    // served
    function served(projects, evidence) {
      if (!projects.length) return { people: spread([0]), years: [] };
      const counts = options(select({ project: projects, hub: [], evidence: evidence }).counted, candidateRows, [])
        .map(firstYears).map(countsOf);
      if (counts.some((one) => [...one.values()].includes(null))) return null;
      const years = [...new Set([...counts[0].values()].map(([, year]) => year))];
      const people = spread(counts.map((one) => peopleIn(new Map([...one].map(([old, [n]]) => [old, n])))));
      return { people: people, years: years.sort((a, b) => a - b) };
    }

    // _first_years
    function firstYears(rows) {
      const first = new Map();
      rows.forEach((row) => {
        const year = grants.get(row.projectId).first;
        first.set(row.kommune, Math.min(year, first.has(row.kommune) ? first.get(row.kommune) : year));
      });
      return first;
    }

    // _counts
    function countsOf(first) {
      return new Map([...first].map(([old, year]) => {
        const [nr, own] = old.split(" ");
        return [old, programme.counts[year][own][nr]];
      }));
    }

    // _people
    function peopleIn(counts) {
      const found = new Map();
      [...counts.keys()].forEach((old) => setdefault(found, blockOf.get(old), () => []).push(old));
      return sum([...found].map(([place, mine]) =>
        peopleOn(blocks[place], new Map(mine.map((old) => [old, counts.get(old)])))));
    }

    // counted_once
    function countedOnce(there, own) {
      const living = (some) => sum(some.map((cell) => cell.people));
      const sorted = [...own.keys()].sort();
      const here = new Map(sorted.map((old) => [old, living(there.filter((cell) => cell.of.includes(old)))]));
      const counted = new Map();
      const taken = new Set();
      [...sorted].sort((a, b) => here.get(b) - here.get(a)).forEach((old) => {
        const mine = there.filter((cell) => cell.of.includes(old) && !taken.has(cell));
        mine.forEach((cell) => taken.add(cell));
        if (mine.length) counted.set(old, here.get(old) ? living(mine) / here.get(old) : 1);
      });
      return new Map(sorted.filter((old) => counted.has(old)).map((old) => [old, counted.get(old)]));
    }

    // people_on
    function peopleOn(land, counts) {
      return round(sum([...countedOnce(land, counts)].map(([old, share]) => counts.get(old) * share)));
    }

    // -- geo.coverage.join ------------------------------------------------------------------------

    // coverage
    function coverage(view) {
      const found = counted(view);
      const within = inside(view.fylke);
      const frame = [...kommuner].map(([nr, kommune]) => ({
        ...kommune,
        ...(within.has(nr) && found.covered.has(nr) ? row(view, found.covered.get(nr))
          : emptyRow(within.has(nr) ? found.states.get(nr) : "outside_view"))
      }));
      return {
        selection: view,
        frame: frame,
        covered: frame.filter((one) => programme.coveredStates.includes(one.state)),
        gone: gone(found.rows, within),
        totals: totals(view, found)
      };
    }

    // _row
    function row(selection, one) {
      const figures = one.projectIds.map((p) => money([p], selection.evidence)).filter(Boolean);
      return {
        state: one.state,
        projectIds: one.projectIds,
        hubIds: one.hubIds,
        coveredPredecessors: one.covered,
        evidence: one.evidence,
        populationCovered: one.people,
        grantPerInhabitantYear: sum(figures.map((figure) => figure.value))
      };
    }

    // _empty_row
    function emptyRow(state) {
      return { state: state, projectIds: [], hubIds: [], coveredPredecessors: [], evidence: "", populationCovered: 0 };
    }

    // _gone
    function gone(rows, within) {
      const known = new Map();
      distinct(rows.map((one) => one.kommune)).sort().forEach((kommune) => {
        const [nr, year] = kommune.split(" ");
        const there = ofYear.parts[year][nr];
        if (!there.gone || !there.to.some(([to]) => within.has(to))) return;
        setdefault(known, there.gone.join(" "), () =>
          ({ kommunenr: nr, label: programme.labels[year][nr], state: "did_not_exist" }));
      });
      return [...known.values()];
    }

    return { coverage: coverage, kommuner: kommuner, select: select, partsOf: partsOf, ofYear: ofYear, programme: programme };
  }

  window.edition = { engine: create };
})();

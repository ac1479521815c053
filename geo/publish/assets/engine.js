// Compute the coverage of a view in the browser from the files of geo.publish.numbers_page. Every
// function has the name of its twin in geo.coverage (bounds, selection, carry_forward, states,
// counted, assumed, ranges, totals, money, join) or geo.places (year_links, people_cells), in camel
// case and without a leading "_"; a test compares the results for many views.
(function () {
  "use strict";

  // -- geo.coverage.bounds ------------------------------------------------------------------------

  // Range.map
  function map(range, change) {
    const ends = [change(range.low), change(range.high)];
    return { value: change(range.value), low: Math.min(...ends), high: Math.max(...ends) };
  }

  // Range.over
  function over(range, total) {
    return map(range, (n) => (total ? n / total : 0));
  }

  // exactly
  function exactly(value) {
    return { value: value, low: value, high: value };
  }

  // Condition.things
  function things(condition, chosen) {
    return new Set(chosen.flatMap((one) => condition.reached.get(one) || []));
  }

  // connected
  function connected(links) {
    const groupOf = new Map();
    links.forEach((link) => {
      const joined = new Set(link.flatMap((thing) => [...(groupOf.get(thing) || [thing])]));
      joined.forEach((thing) => groupOf.set(thing, joined));
    });
    return [...new Set(groupOf.values())].map((group) => [...group].sort((a, b) => a - b));
  }

  // by_thing
  function byThing(conditions) {
    return conditions.flatMap((one) => [...things(one, [...one.reached.keys()])].map((thing) =>
      [...one.reached].filter(([, reached]) => reached.includes(thing)).map(([choice]) => choice)));
  }

  // picks
  function picks(group, ways) {
    return group.reduce((found, one) => found.flatMap((picked) =>
      [picked, ...[...Array(ways.get(one)).keys()].map((way) => [...picked, [one, way]])]), [[]]);
  }

  // counts
  function counts(conditions, picked) {
    return conditions.map((condition) => things(condition, picked.map(([one]) => one)).size);
  }

  // ends
  function ends(groups, wanted, kept) {
    let states = new Map();
    groups.forEach((group, place) => {
      const own = merged(group.map((one) => ({
        counts: one.counts, marks: one.marks.filter((mark) => !kept.includes(mark)), low: one.figures, high: one.figures
      })));
      states = place ? merged(combined(states, own, wanted)) : own;
    });
    const found = [...states.values()].filter((one) => String(one.counts) === String(wanted));
    if (!found.length) throw new Error(`no combination comes to ${wanted}`);
    const sizes = found.map((one) => kept.length + one.marks.length);
    const each = (which, choose) => found.map((one) => one[which]).reduce((all, more) => all.map((n, place) => choose(n, more[place])));
    return { low: each("low", Math.min), high: each("high", Math.max), marks: [Math.min(...sizes), Math.max(...sizes)] };
  }

  // _merged
  function merged(found) {
    const states = new Map();
    found.forEach((one) => {
      const key = JSON.stringify([one.counts, one.marks]);
      const known = states.get(key) || one;
      states.set(key, {
        counts: one.counts, marks: one.marks,
        low: one.low.map((n, place) => Math.min(n, known.low[place])),
        high: one.high.map((n, place) => Math.max(n, known.high[place]))
      });
    });
    return states;
  }

  // _combined
  function combined(states, more, wanted) {
    const plus = (a, b) => a.map((n, place) => n + b[place]);
    return [...states.values()].flatMap((state) => [...more.values()].map((own) => ({
      counts: plus(state.counts, own.counts), marks: [...new Set([...state.marks, ...own.marks])].sort(),
      low: plus(state.low, own.low), high: plus(state.high, own.high)
    }))).filter((one) => one.counts.every((n, place) => n <= wanted[place]));
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

  // selection.CoverageRow, as numbers_page._statement sends it. A kommune is written with its year,
  // since the same number in different years is not the same kommune.
  function statement([projectId, hubId, kommunenr, year, rank, assumptionId]) {
    return { projectId, hubId, kommunenr, year, rank, assumptionId, kommune: `${kommunenr} ${year}` };
  }

  function create(programme, ofYear) {
    const levels = programme.levels;
    const [WHOLE, PARTLY] = programme.coveredStates;
    const WEAKEST = levels.length - 1;
    const projectRows = programme.rows.map(statement);
    const candidateRows = programme.candidates.map(statement);
    const open = programme.open.map((rows) => rows.map(statement)); // the rows of each open kommune
    const conditions = programme.conditions.map(([count, reached]) =>
      ({ count: count, reached: new Map(Object.entries(reached).map(([place, found]) => [Number(place), found])) }));
    const otherRows = programme.elsewhere.map(statement);
    const [, ALL_HUBS] = programme.scopes;
    const grants = new Map(programme.projects.map((p) => [p.id, p]));
    const kommuner = new Map(ofYear.kommuner.map(([kommunenr, label, fylkesnr, population, place, ...shapes]) =>
      [kommunenr, { kommunenr, label, fylkesnr, population, place, shapes }]));

    // -- geo.coverage.selection -------------------------------------------------------------------

    // Selection.every_hub
    const everyHub = ({ scope, project, hub }) => scope === ALL_HUBS && !project.length && !hub.length;

    // select
    function select(selection) {
      const weakest = levels.indexOf(selection.evidence);
      const rows = projectRows.filter((row) => (!selection.project.length || selection.project.includes(row.projectId))
        && (!selection.hub.length || selection.hub.includes(row.hubId)));
      const hidden = rows.filter((row) => row.rank === WEAKEST && WEAKEST > weakest);
      const counted = rows.filter((row) => row.rank <= weakest);
      const others = otherRows.filter((row) => row.rank <= weakest);
      const nameless = [...hidden, ...candidates(selection)];
      return everyHub(selection) ? { counted: [...counted, ...others], withoutSource: nameless, elsewhere: [] }
        : { counted: counted, withoutSource: nameless, elsewhere: others };
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

    const reached = new Set(carryForward(projectRows).keys()); // StructureYear.programme

    // every_state
    function everyState(found, nameless, elsewhere) {
      const states = new Map([...kommuner.keys()].map((nr) => [nr, "not_covered"]));
      reached.forEach((nr) => states.set(nr, "outside_view"));
      nameless.forEach((rows, nr) => states.set(nr, unknown(nr, rows)));
      elsewhere.forEach((_, nr) => { if (!reached.has(nr)) states.set(nr, "elsewhere"); });
      found.forEach((one, nr) => states.set(nr, one.state));
      return states;
    }

    // _unknown
    function unknown(nr, nameless) {
      return left(cells(nr), new Set(nameless.map((row) => row.kommune))).length ? "partly_unknown" : "no_source";
    }

    // people_unknown
    function peopleUnknown(covered, nameless, states) {
      return new Map([...nameless].filter(([nr]) => states.get(nr) !== "elsewhere")
        .map(([nr, rows]) => [nr, namelessPeople(nr, covered.get(nr), rows)]));
    }

    // _nameless_people
    function namelessPeople(nr, one, nameless) {
      const named = new Set(nameless.map((row) => row.kommune));
      const known = new Set(one ? one.covered : []);
      const bare = left(cells(nr), known);
      const nobodys = bare.filter((cell) => cell.of.some((old) => named.has(old)));
      const most = kommuner.get(nr).population - (one ? one.people : 0);
      if (nobodys.length === bare.length) return bare.length ? most : 0;
      return Math.min(round(sum(nobodys.map((cell) => cell.people))), most);
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
        people: people(nr, own, bare),
        peopleByEvidence: peopleByEvidence(nr, own, best, people(nr, own, bare))
      };
    }

    // _people
    function people(nr, own, bare) {
      const all = kommuner.get(nr).population;
      if (!bare.length) return all;
      const covered = cells(nr).filter((cell) => cell.of.some((old) => own.has(old)));
      return Math.min(round(sum(covered.map((cell) => cell.people))), all);
    }

    // _people_by_evidence
    function peopleByEvidence(nr, own, best, persons) {
      const reached = levels.map((_, rank) => {
        const some = new Map([...own].filter(([old]) => best.get(old) <= rank));
        if (some.size && some.size < own.size) return people(nr, some, left(cells(nr), some));
        return some.size ? persons : 0;
      });
      const sums = reached.map((_, rank) => Math.min(...reached.slice(rank)));
      return sums.map((n, rank) => n - (rank ? sums[rank - 1] : 0));
    }

    // -- geo.coverage.counted ---------------------------------------------------------------------

    // counted
    function counted(selection) {
      const rows = select(selection);
      const found = coveredKommuner(carryForward(rows.counted));
      const nameless = withoutStrips(carryForward(rows.withoutSource));
      const others = servedElsewhere(rows.elsewhere);
      const states = everyState(found, nameless, others);
      const nobodys = peopleUnknown(found, nameless, states);
      return { rows: rows.counted, covered: found, states: states, nameless: nameless, elsewhere: others, unknown: nobodys };
    }

    // _served_elsewhere
    function servedElsewhere(rows) {
      const carried = carryForward(rows);
      const kept = withoutStrips(carried);
      return coveredKommuner(new Map([...carried].filter(([nr]) => kept.has(nr))));
    }

    // StructureYear.inside
    function inside(fylker) {
      return new Map([...kommuner].map(([nr, one]) => [nr, one.fylkesnr])
        .filter(([, fylkesnr]) => !fylker.length || fylker.includes(fylkesnr)));
    }

    // -- geo.coverage.assumed ---------------------------------------------------------------------

    const openKeys = new Set(open.map(([row]) => `${row.assumptionId} ${row.kommune}`));

    // firm_rows
    function firmRows(rows) {
      return rows.filter((row) => !openKeys.has(`${row.assumptionId} ${row.kommune}`));
    }

    // choices
    function choices(selection) {
      if (selection.evidence !== levels[WEAKEST]) return { open: [], conditions: [] };
      const theirs = new Set(programme.hubs.filter((h) => selection.hub.includes(h.id)).flatMap((h) => h.projects));
      const every = open.map((rows, place) => ({ place: place, ways: waysOf(rows, selection, theirs) }));
      const links = [...every.map((one) => [one.place]), ...conditions.map((one) => [...one.reached.keys()])];
      const kept = new Set(connected(links).filter((group) => group.some((place) => every[place].ways.some((way) => way.length))).flat());
      return {
        open: every.filter((one) => kept.has(one.place)),
        conditions: conditions.filter((one) => [...one.reached.keys()].some((place) => kept.has(place)))
      };
    }

    // _ways
    function waysOf(rows, selection, theirs) {
      const mine = rows.filter((row) => !selection.project.length || selection.project.includes(row.projectId));
      if (!selection.hub.length) return [mine];
      const sure = mine.filter((row) => selection.hub.includes(row.hubId));
      const perhaps = mine.filter((row) => !row.hubId && theirs.has(row.projectId));
      return sure.length || !perhaps.length ? [sure] : [[], perhaps];
    }

    // -- geo.coverage.ranges ----------------------------------------------------------------------

    // ranges
    function ranges(selection, within, here) {
      const varied = varying(selection);
      const fixed = new Map([...here].filter(([nr]) => !varied.kommuner.has(nr)));
      const [shown, firm] = [here, fixed].map((found) => counter([...found.keys()].map((nr) => within.get(nr))));
      const persons = (found) => sum([...found.values()].map((one) => one.people));
      const ownFylker = new Set(within.values());
      const fylker = varied.fylker.filter((fylke) => ownFylker.has(fylke));
      const every = Object.fromEntries(Object.entries(shown).map(([fylke, n]) => [fylke, exactly(n)]));
      if (![...varied.kommuner].some((nr) => within.has(nr))) {
        return {
          people: exactly(persons(here)), kommuner: exactly(here.size),
          fylker: exactly(Object.keys(shown).length), byFylke: every
        };
      }
      const { low, high, marks } = ends(insideOf(varied, fylker), varied.wanted, Object.keys(firm));
      fylker.forEach((fylke, n) => {
        const own = firm[fylke] || 0;
        every[fylke] = { value: shown[fylke] || 0, low: own + low[n + 2], high: own + high[n + 2] };
        if (!every[fylke].high) delete every[fylke];
      });
      const [people, many] = [persons(fixed), fixed.size];
      return {
        people: { value: persons(here), low: people + low[0], high: people + high[0] },
        kommuner: { value: here.size, low: many + low[1], high: many + high[1] },
        fylker: { value: Object.keys(shown).length, low: marks[0], high: marks[1] },
        byFylke: every
      };
    }

    // _inside
    function insideOf(varied, fylker) {
      const places = fylker.map((fylke) => 2 * varied.fylker.indexOf(fylke));
      return varied.groups.map((group) => group.map((one) => ({
        counts: one.counts,
        figures: [
          sum(places.map((place) => one.figures[place])), sum(places.map((place) => one.figures[place + 1])),
          ...places.map((place) => one.figures[place + 1])
        ],
        marks: one.marks.filter((mark) => fylker.includes(mark))
      })));
    }

    const varyingOf = new Map();

    // _varying
    function varying({ project, hub, evidence, scope }) {
      return setdefault(varyingOf, JSON.stringify([project, hub, evidence, scope]), () => vary({ project, hub, evidence, scope }));
    }

    // _varying, of a selection that is asked for the first time
    function vary(selection) {
      const chosen = choices(selection);
      const carried = new Map(chosen.open.map((one) => [one.place, one.ways.map(carryForward)]));
      const reach = new Map([...carried].map(([place, found]) => [place, new Set(found.flatMap((way) => [...way.keys()]))]));
      const reached_ = [...new Set([...reach.values()].flatMap((found) => [...found]))].sort();
      const touching = reached_.map((nr) => [...reach.keys()].filter((place) => reach.get(place).has(nr)));
      const groups = connected([...chosen.open.map((one) => [one.place]), ...byThing(chosen.conditions), ...touching]);
      const fylkeOf = (nr) => kommuner.get(nr).fylkesnr;
      const fylker = [...new Set(reached_.map(fylkeOf))].sort();
      const ways = new Map(chosen.open.map((one) => [one.place, one.ways.length]));
      const firm = carryForward(firmRows(select(selection).counted));
      const outcome = (group) => (picked) => {
        const there = [...new Set(group.flatMap((place) => [...reach.get(place)]))];
        const persons = peopleIn([firm, ...picked.map(([place, way]) => carried.get(place)[way])], there);
        const figures = Array(2 * fylker.length).fill(0);
        persons.forEach((n, nr) => {
          const place = 2 * fylker.indexOf(fylkeOf(nr));
          figures[place] += n;
          figures[place + 1] += 1;
        });
        return {
          counts: counts(chosen.conditions, picked), figures: figures,
          marks: [...new Set([...persons.keys()].map(fylkeOf))].sort()
        };
      };
      return {
        kommuner: new Set(reached_), fylker: fylker, wanted: chosen.conditions.map((one) => one.count),
        groups: groups.map((group) => picks(group, ways).map(outcome(group)))
      };
    }

    // _people, of ranges
    function peopleIn(every, numbers) {
      const there = numbers.map((nr) => [nr, every.flatMap((found) => found.get(nr) || [])]);
      return peopleCovered(new Map(there.filter(([, rows]) => rows.length)));
    }

    // -- geo.coverage.totals ----------------------------------------------------------------------

    // totals
    function totals(selection, found) {
      const within = inside(selection.fylke);
      const here = new Map([...found.covered].filter(([nr]) => within.has(nr)));
      const nobodys = sum([...found.unknown].filter(([nr]) => within.has(nr)).map(([, persons]) => persons));
      return addUp(selection, within, here, nobodys, ranges(selection, within, here));
    }

    // _add_up
    function addUp(selection, within, here, nobodys, spread) {
      const all = [...here.values()];
      const states = counter(all.map((one) => one.state));
      const total = sum([...within.keys()].map((nr) => kommuner.get(nr).population));
      const projects = programme.projects.map((p) => p.id).filter((p) => all.some((one) => one.projectIds.includes(p)));
      return {
        kommuner: all.length,
        whole: states[WHOLE] || 0,
        partly: states[PARTLY] || 0,
        byEvidence: counter(all.map((one) => one.evidence)),
        kommunerByFylke: counter([...here.keys()].map((nr) => within.get(nr))),
        kommunerRange: spread.kommuner,
        fylkerRange: spread.fylker,
        byFylkeRange: spread.byFylke,
        populationCovered: spread.people,
        populationKommuner: sum([...here.keys()].map((nr) => kommuner.get(nr).population)),
        populationByEvidence: peopleByLevel(all),
        populationTotal: total,
        populationUnknown: nobodys,
        share: over(spread.people, total),
        grantNok: sum(projects.map((p) => grants.get(p).grant)),
        grantPerInhabitantYear: money(projects, selection.evidence),
        grantByEvidence: grantByEvidence(projects, selection.evidence),
        grantPeopleYears: (served(projects, selection.evidence) || { years: [] }).years,
        projects: projects
      };
    }

    // totals._people_by_evidence
    function peopleByLevel(all) {
      return Object.fromEntries(levels.map((level, rank) => [level, sum(all.map((one) => one.peopleByEvidence[rank]))]));
    }

    // _grant_by_evidence
    function grantByEvidence(projects, weakest) {
      return Object.fromEntries(levels.slice(0, levels.indexOf(weakest) + 1).map((level) => {
        const figure = money(projects, level);
        return [level, figure ? figure.value : null];
      }));
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
      if (!projects.length) return { people: exactly(0), years: [] };
      const anywhere = { project: projects, hub: [], evidence: evidence };
      const shown = select(anywhere).counted;
      const chosen = choices(anywhere);
      const offered = new Map(chosen.open.map((one) => [one.place, one.ways[0]]));
      if ([...shown, ...[...offered.values()].flat()].some((row) => !countNear(row.kommune, grants.get(row.projectId).first))) return null;
      const firm = chosen.open.length ? firmRows(shown) : shown;
      const years = [...new Set([...countsOf(shown).values()].map(([, year]) => year))];
      return { people: rangeOf(peopleCounted(shown), firm, offered, chosen.conditions), years: years.sort((a, b) => a - b) };
    }

    // _range
    function rangeOf(shown, firm, offered, conditions) {
      const reach = new Map([...offered].map(([place, rows]) => [place, new Set(rows.map((row) => blockOf.get(row.kommune)))]));
      const touched = [...new Set([...reach.values()].flatMap((found) => [...found]))];
      if (!touched.length) return exactly(shown);
      const touching = touched.map((block) => [...reach.keys()].filter((place) => reach.get(place).has(block)));
      const groups = connected([...[...offered.keys()].map((place) => [place]), ...byThing(conditions), ...touching]);
      const on = (isOn, rows) => peopleCounted(rows.filter((row) => isOn(blockOf.get(row.kommune))));
      const outcome = (group) => (picked) => {
        const land = new Set(group.flatMap((place) => [...reach.get(place)]));
        const rows = [...firm, ...picked.flatMap(([place]) => offered.get(place))];
        return { counts: counts(conditions, picked), figures: [on((block) => land.has(block), rows)], marks: [] };
      };
      const ways = new Map([...offered.keys()].map((place) => [place, 1]));
      const found = ends(groups.map((group) => picks(group, ways).map(outcome(group))), conditions.map((one) => one.count), []);
      const rest = on((block) => !touched.includes(block), firm);
      return { value: shown, low: rest + found.low[0], high: rest + found.high[0] };
    }

    // geo.places.year_links.nearest_count
    function countNear(kommune, year) {
      const [nr, own] = kommune.split(" ");
      return programme.counts[year][own][nr];
    }

    // _counts
    function countsOf(rows) {
      const first = new Map();
      rows.forEach((row) => {
        const year = grants.get(row.projectId).first;
        first.set(row.kommune, Math.min(year, first.has(row.kommune) ? first.get(row.kommune) : year));
      });
      return new Map([...first].map(([old, year]) => [old, countNear(old, year)]));
    }

    // people_counted
    function peopleCounted(rows) {
      const byBlock = new Map();
      countsOf(rows).forEach(([persons], old) => setdefault(byBlock, blockOf.get(old), () => new Map()).set(old, persons));
      return sum([...byBlock].map(([place, mine]) => peopleOn(blocks[place], mine)));
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
          : emptyRow(found, nr, within.has(nr) ? found.states.get(nr) : "outside_view"))
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
        grantPerInhabitantYear: one.projectIds.length ? sum(figures.map((figure) => figure.value)) : NaN
      };
    }

    // _empty_row
    function emptyRow(found, nr, state) {
      if (state === "elsewhere") return elsewhereRow(found.elsewhere.get(nr));
      const unknown = state === "partly_unknown" ? found.nameless.get(nr).map((row) => row.kommune) : [];
      return { state: state, projectIds: [], hubIds: [], coveredPredecessors: [], noSourcePredecessors: unknown, evidence: "", populationCovered: 0 };
    }

    // _elsewhere_row: the hubs stand where the table shows those of the projects
    function elsewhereRow(one) {
      const { hubIds, covered: parts, evidence } = one;
      return { state: "elsewhere", projectIds: [], hubIds, coveredPredecessors: parts, evidence, populationCovered: 0 };
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

    return { coverage: coverage, kommuner: kommuner, select: select, projectRows: projectRows, partsOf: partsOf, ofYear: ofYear, programme: programme };
  }

  window.edition = Object.assign(window.edition || {}, { engine: create });
})();

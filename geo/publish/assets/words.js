// A view in words, and as the map wants it. Every function has the name of its twin in the module that
// heads its part, in camel case and without a leading "_"; tests compare every text.
(function () {
  "use strict";
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
    // The catalogue's rule: beyond the table the last two digits decide, as in all languages.
    const form = (n) => content.plurals[n < 100 ? n : 100 + n % 100];
    const texts = {
      lang: content.lang,
      symbols: content.symbols,
      text: (key, values) => fill(content.texts[key], values),
      plural: (key, n, values) => fill(content.texts[key][form(n)], values),
      listed: (names) => (names.length < 2 ? names.join("")
        : names.slice(0, -1).join(", ") + content.and + names[names.length - 1])
    };
    return Object.assign(texts, writer(texts));
  }

  function create(content, engine, addresses) {
    const t = messages(content);
    const programme = engine.programme;
    const [WHOLE, PARTLY] = programme.coveredStates;
    const [STRONGEST, WEAKEST] = [programme.levels[0], programme.levels[programme.levels.length - 1]];
    const MIXED = "mixed"; // geo.report.looks.MIXED
    const ofYear = engine.ofYear;
    const projects = new Map(programme.projects.map((p) => [p.id, p]));
    const everyHub = [...programme.hubs, ...programme.others];
    const hubs = new Map(everyHub.map((h) => [h.id, h]));
    const name = (map, id) => map.get(id).name;
    // Place names as titles use them; tables use the whole names.
    const shorter = new Map(Object.entries(ofYear.short));
    const fit = (text) => shorter.get(text) || text;

    // -- title and summary (geo.report.titles) ----------------------------------------------------

    // _list
    function list(names) {
      const shown = names.slice(0, programme.named);
      const rest = names.length - shown.length;
      return t.listed([...shown, ...(rest ? [t.text("titles.more", { n: rest })] : [])]);
    }

    // subject
    function subject(view) {
      if (view.hub.length) return list(view.hub.map((h) => name(hubs, h)));
      if (view.project.length) return list(view.project.map((p) => name(projects, p)));
      return view.scope === programme.scopes[1] ? t.text("titles.all_hubs") : content.programme;
    }

    // _served_by
    function servedBy(totals, view) {
      const here = totals.projects;
      const theirs = projectsOf(view);
      if (view.hub.length || view.project.length || view.scope === programme.scopes[1]) return [subject(view), theirs];
      if (!here.length || here.length === theirs.length) return [content.projects, theirs];
      return [subject({ ...view, project: here }), here.map((id) => projects.get(id))];
    }

    // projects_of
    function projectsOf(view) {
      if (view.project.length) return programme.projects.filter((p) => view.project.includes(p.id));
      const theirs = new Set(view.hub.flatMap((h) => hubs.get(h).projects));
      return programme.projects.filter((p) => !view.hub.length || theirs.has(p.id));
    }

    // places
    const places = (view) => list(view.fylke.map((nr) => fit(ofYear.fylker[nr])));

    // title
    function title(found, view) {
      return t.text(`titles.title${area(found.totals, view)}`, {
        subject: head(view), counted: headline(found, view, true), year: view.year
      });
    }

    // kicker
    const kicker = (found, view) => t.text(`titles.kicker${area(found.totals, view)}`, { subject: head(view), year: view.year });

    // _head
    function head(view) {
      const where = places(view);
      return subject(view) + (where ? `, ${where}` : "");
    }

    // headline
    function headline(found, view, partly) {
      const totals = found.totals;
      const where = places(view);
      const fylker = Object.keys(totals.kommunerByFylke).length;
      const kommuner = t.plural("titles.explained", totals.kommuner, { n: t.number(totals.kommuner) });
      let counted = where ? kommuner
        : t.text("titles.in", { kommuner, fylker: t.plural("titles.fylker", fylker, { n: t.number(fylker) }) });
      if (partly && totals.partly) counted += t.text("titles.partly", { n: t.number(totals.partly) });
      if (view.evidence !== WEAKEST) counted += t.text(`titles.only_${view.evidence}`);
      return counted;
    }

    // _area
    function area(totals, view) {
      if (recorded(totals, view)) return "";
      return view.year === programme.years[programme.years.length - 1] ? "_today" : "_area";
    }

    // lead; has_ended was decided when the edition was made
    function lead(found, view) {
      if (!found.totals.kommuner) return "";
      const theirs = servedBy(found.totals, view)[1];
      return t.text(theirs.every((p) => p.ended) ? "titles.lead" : "titles.lead_now", {
        ...grantYears(theirs), evidence: evidenceText(found)
      });
    }

    // period, as text
    function grantYears(theirs) {
      const [first, last] = [Math.min(...theirs.map((p) => p.first)), Math.max(...theirs.map((p) => p.first + p.years - 1))];
      return { years: first === last ? `${first}` : `${first}–${last}`, first };
    }

    // recorded
    const recorded = (totals, view) => programme.recorded.includes(view.year) || !totals.kommuner;

    // evidence_text
    function evidenceText(found) {
      const counts = found.totals.byEvidence;
      return t.listed(programme.levels.filter((level) => counts[level])
        .map((level) => t.text(`coverage.${level}_count`, { n: t.number(counts[level]) })));
    }

    // -- ranges and parts (geo.report.wording) ----------------------------------------------------

    // least_and_most
    function leastAndMost(range, unit, decimals) {
      const [low, high] = [range.low, range.high].map((n) => t.number(n, decimals));
      const counted = ["kommuner", "fylker"].includes(unit);
      return counted ? t.plural(`titles.range_${unit}`, range.high, { low, n: high }) : t.text(`titles.range_${unit}`, { low, high });
    }

    // parts_text
    const partsText = (parts) => t.listed(parts.map(([level, n]) => t.text(`coverage.${level}_count`, { n })));

    // people_parts and share_parts
    function partsOf(totals, write) {
      const people = programme.levels.map((level) => [level, totals.populationByEvidence[level]]).filter(([, n]) => n);
      return people.length > 1 ? partsText(people.map(([level, n]) => [level, write(n)])) : "";
    }

    // kroner_parts
    function kronerParts(totals) {
      const whole = totals.grantPerInhabitantYear;
      const shown = [];
      Object.entries(totals.grantByEvidence).forEach(([level, figure]) => {
        if (figure === null || !whole || [whole.value, ...shown.map(([, n]) => n)].includes(figure)) return;
        shown.push([level, figure]);
      });
      return t.listed(shown.map(([level, figure]) => t.text(`titles.kroner_${level}`, { kroner: t.number(figure, 2) })));
    }

    // Range.certain
    const certain = (range) => range.low === range.high;

    // summary
    function summary(found, view) {
      const totals = found.totals;
      if (!totals.kommuner) return t.text("titles.nobody", { subject: subject(view), year: view.year });
      const states = ["partly", "elsewhere", "no_source", "partly_unknown", "not_covered"].map((state) => {
        const n = found.frame.filter((row) => row.state === state).length;
        return n ? t.plural(`titles.state_${state}`, n, { n: t.number(n) }) : "";
      });
      const nobody = totals.populationUnknown;
      const unknown = nobody ? t.plural("titles.unknown", nobody, { n: t.number(nobody) }) : "";
      const absence = found.frame.some((row) => row.state === "not_covered") ? content.absence : "";
      return [covers(found, view), counties(totals), people(totals, view), money(totals), ...states, unknown, absence].filter(Boolean).join(" ");
    }

    // _counties
    function counties(totals) {
      const numbers = Object.keys(totals.kommunerByFylke).sort();
      if (numbers.length < 2) return "";
      const parts = numbers.map((nr) => `${fit(ofYear.fylker[nr])} ${t.number(totals.kommunerByFylke[nr])}`);
      return t.text("titles.by_county", { parts: t.listed(parts) });
    }

    // _covers; has_ended was decided when the edition was made
    function covers(found, view) {
      const totals = found.totals;
      const [serving, theirs] = servedBy(totals, view);
      const here = recorded(totals, view) ? "titles.covers" : "titles.covers_area";
      const kommuner = t.plural("titles.kommuner", totals.kommuner, { n: t.number(totals.kommuner) });
      const where = places(view);
      return t.text(theirs.every((p) => p.ended) ? here : "titles.covers_now", {
        subject: serving,
        kommuner: where ? t.text("titles.in", { kommuner, fylker: where }) : kommuner,
        evidence: evidenceText(found),
        year: view.year,
        ...grantYears(theirs)
      });
    }

    // _people
    function people(totals, view) {
      const said = {
        n: t.number(totals.kommuner),
        people: t.number(totals.populationCovered.value),
        everybody: t.number(totals.populationKommuner),
        share: t.percent(totals.share.value),
        where: places(view) || t.text("titles.country"),
        year: view.year
      };
      const text = totals.partly ? t.plural("titles.people_partly", totals.kommuner, said) : t.text("titles.people", said);
      const parts = partsOf(totals, t.number);
      const ranges = [["kommuner", totals.kommunerRange], ["people", totals.populationCovered]]
        .filter(([, range]) => !certain(range)).map(([unit, range]) => leastAndMost(range, unit));
      return [
        text, parts && t.text("titles.people_parts", { parts }),
        ranges.length ? t.text("titles.range", { range: t.listed(ranges) }) : ""
      ].filter(Boolean).join(" ");
    }

    // geo.coverage.money.kind_of; a kind that is not sent is that of a grant
    function kindOf(ids) {
      const kinds = new Set((ids.length ? ids : [...projects.keys()]).map((id) => projects.get(id).kind));
      if (kinds.size === 1) return [...kinds][0];
      return [...kinds].every((kind) => !kind || kind === "paid") ? undefined : "upper_limit";
    }

    // of_kind
    const ofKind = (kind, text) => (kind ? t.text(`coverage.amount_${kind}`, { amount: text }) : text);

    // _money
    function money(totals) {
      if (!totals.grantPerInhabitantYear) return "";
      const kind = kindOf(totals.projects);
      const value = t.number(totals.grantPerInhabitantYear.value, 2);
      return t.plural(kind ? `titles.money_of_${kind}` : "titles.money", totals.projects.length, {
        sum: amount(totals.grantNok), value, years: listedYears(totals.grantPeopleYears)
      });
    }

    // geo.report.explain._years
    const listedYears = (years) => t.listed([...years].sort((a, b) => a - b).map(String));

    // geo.report.explain.method
    function method(totals, figure) {
      const text = t.text(`explain.${figure}_method`, { year: ofYear.year });
      if (figure !== "grant_per_inhabitant_year" || !totals.grantPeopleYears.length) return text;
      const first = new Set(totals.projects.map((p) => projects.get(p).first));
      const key = totals.grantPeopleYears.every((year) => first.has(year)) ? "first_year" : "nearest_year";
      const years = listedYears(totals.grantPeopleYears);
      return `${text} ${t.text(`explain.${key}`, { first: listedYears(first), years })}`;
    }

    // geo.report.wording.amount and in_millions
    function amount(kroner) {
      if (Math.abs(kroner) < 1e6) return t.text("coverage.kroner", { n: t.number(kroner) });
      const decimals = kroner % 1e6 === 0 ? 0 : kroner % 1e5 === 0 ? 1 : 2;
      return t.plural("coverage.millions", kroner === 1e6 ? 1 : 2, { n: t.number(kroner / 1e6, decimals) });
    }

    // -- key figures (geo.report.figures) ---------------------------------------------------------

    // key_figures
    function keyFigures(found, view) {
      const totals = found.totals;
      const structure = t.text("kart.structure", { year: view.year });
      const span = (range, unit, decimals) => (range && !certain(range) ? leastAndMost(range, unit, decimals) : "");
      const hundred = { low: totals.share.low * 100, high: totals.share.high * 100 };
      const everybody = t.number(totals.populationKommuner);
      const inParts = totals.partly ? t.plural("titles.in_parts", totals.kommuner, { everybody }) : "";
      const partsOnly = totals.partly ? t.text("titles.parts_only") : "";
      const kind = kindOf(totals.projects);
      const all = [
        ["kommuner", t.number(totals.kommuner), totals.kommuner ? `${evidenceText(found)}; ${structure}` : structure,
          span(totals.kommunerRange, "kommuner")],
        ["fylker", t.number(Object.keys(totals.kommunerByFylke).length), structure, span(totals.fylkerRange, "fylker")],
        ["population_covered", t.number(totals.populationCovered.value), inParts, partsOf(totals, t.number),
          span(totals.populationCovered, "people")],
        ["share", t.percent(totals.share.value), partsOnly, partsOf(totals, (n) => t.percent(n / totals.populationTotal)),
          span(hundred, "percent", 1)],
        ["grant", ofKind(kind, t.millions(totals.grantNok))],
        ["grant_per_inhabitant_year", totals.grantPerInhabitantYear ? ofKind(kind, t.kroner(totals.grantPerInhabitantYear.value, 2)) : "-",
          kronerParts(totals), span(totals.grantPerInhabitantYear, "kroner", 2)]
      ];
      return all.map(([figure, value, ...details]) => ({
        figure: figure,
        title: t.text(`explain.${figure}`),
        value: value,
        detail: details.filter(Boolean).join("; "),
        method: method(totals, figure)
      }));
    }

    // main_figures
    function mainFigures(found, view) {
      const totals = found.totals;
      const ends = (range) => (certain(range) ? "" : [range.low, range.high].map((n) => t.number(n)).join("–"));
      const perHead = totals.grantPerInhabitantYear;
      const details = {
        kommuner: [ends(totals.kommunerRange)],
        population_covered: [ends(totals.populationCovered), totals.partly ? t.text("titles.parts_only") : ""],
        grant: [perHead ? ofKind(kindOf(totals.projects), t.text("kart.per_head", { n: t.number(perHead.value, 2) })) : ""]
      };
      return keyFigures(found, view).filter((one) => details[one.figure]).map((one) => ({
        title: one.title, value: one.value, detail: details[one.figure].filter(Boolean).join("; ")
      }));
    }

    // -- looks (geo.report.looks, by the same names) and legend (geo.report.legend) ---------------------

    const looks = programme.looks;
    const modes = looks.modes;

    // grant_class
    const grantClass = (value) => modes.grant.breaks.filter((limit) => value >= limit).length;

    // of_mode
    function ofMode(table, mode) {
      if (!Object.hasOwn(table, mode)) throw new Error(`unknown colour mode: ${mode}`);
      return table[mode];
    }

    // looks._FILLS
    const fills = {
      project: (row) => (row.projectIds.length === 1 ? projects.get(row.projectIds[0]).colour : modes.project.several),
      state: () => modes.state.colour,
      grant: (row) => modes.grant.colours[grantClass(row.grantPerInhabitantYear)],
      evidence: (row) => modes.evidence.colours[row.evidence]
    };

    // fill_of
    function fillOf(row, mode) {
      const fill = ofMode(fills, mode);
      return modes[mode].none && !row.projectIds.length ? modes[mode].none : fill(row);
    }

    // covered_look; a line "fill" has the colour of the fill
    function coveredLook(fill, state, level) {
      const look = { fill, ...(state === WHOLE ? looks.whole[level] : looks.pale[state]) };
      return look.line === "fill" ? { ...look, line: fill } : look;
    }

    // weakest
    function weakest(rows) {
      return programme.levels[Math.max(...rows.map((row) => programme.levels.indexOf(row.evidence)))];
    }

    // MemberLook.covered
    const isCovered = (row) => programme.coveredStates.includes(row.state);

    // kommune_look
    function kommuneLook(row, mode) {
      return isCovered(row) ? coveredLook(fillOf(row, mode), row.state, row.evidence) : looks.empty[row.state];
    }

    // shape_look
    function shapeLook(rows, mode) {
      const each = rows.map((row) => kommuneLook(row, mode));
      if (new Set(each.map((look) => JSON.stringify(look))).size === 1) return [rows[0].state, each[0]];
      const covered = rows.filter(isCovered);
      if (!covered.length) {
        const state = Object.keys(looks.empty).find((s) => rows.some((row) => row.state === s));
        return [state, looks.empty[state]];
      }
      return [MIXED, coveredLook(fillOf(covered[0], mode), MIXED, "")];
    }

    // legend
    function legend(found, view) {
      const covered = found.covered;
      const entries = ofMode(entriesOf, view.colour)(covered);
      if (!modes[view.colour].shows_evidence) entries.push(...textures(covered));
      const pale = [[PARTLY, covered.filter((row) => row.state === PARTLY).length], [MIXED, onMixedShapes(found, view)]];
      pale.forEach(([state, n]) => {
        if (n) entries.push([coveredLook(anyHue, state, ""), t.text(`map.${state}`), n]);
      });
      ["elsewhere", "no_source", "partly_unknown", "not_covered", "outside_view"].forEach((state) => {
        const n = found.frame.filter((row) => row.state === state).length;
        if (n) entries.push([looks.empty[state], t.text(`map.${state}`), n]);
      });
      if (found.gone.length) {
        entries.push([looks.empty.did_not_exist, t.text("map.did_not_exist", { year: view.year }), found.gone.length]);
      }
      const seats = hubsOf(found);
      if (view.points && seats.length) entries.push([looks.legend.hub, t.text("map.seat")]);
      if (view.points && seats.some((hub) => hub.guess)) entries.push([looks.legend.hub_guess, t.text("map.seat_guess")]);
      if (view.lines && seats.length) entries.push([looks.legend.line, t.text("map.serves")]);
      return entries.map(([look, label, n, told]) => ({
        look, label, ...(n === undefined ? {} : { count: t.number(n) }), ...(told ? { told } : {})
      }));
    }

    const anyHue = looks.legend.modifier.fill;

    // _textures
    function textures(covered) {
      return programme.levels.map((level) => [
        coveredLook(anyHue, WHOLE, level), t.text(`map.look_${level}`), covered.filter((row) => row.evidence === level).length, 1
      ]).filter((entry) => entry[2]);
    }

    // _on_mixed_shapes
    function onMixedShapes(found, view) {
      const byNr = new Map(found.frame.map((row) => [row.kommunenr, row]));
      const shared = ofYear.shapes.map(([, members]) => members.split(" ").map((nr) => byNr.get(nr)));
      const mixed = shared.filter((rows) => rows.length > 1 && shapeLook(rows, view.colour)[0] === MIXED);
      return new Set(mixed.flat().filter(isCovered).map((row) => row.kommunenr)).size;
    }

    // _plain
    const plain = (colour) => coveredLook(colour, WHOLE, STRONGEST);

    // _by_project
    function byProject(covered) {
      const own = programme.projects.map((p) =>
        [plain(p.colour), p.name, covered.filter((row) => row.projectIds.length === 1 && row.projectIds[0] === p.id).length]);
      const several = covered.filter((row) => row.projectIds.length > 1).length;
      return [...own, [plain(modes.project.several), t.text("map.several"), several], ...withoutProject(covered, "project")]
        .filter((entry) => entry[2]);
    }

    // _without_project
    function withoutProject(covered, mode) {
      const count = covered.filter((row) => !row.projectIds.length).length;
      return count ? [[plain(modes[mode].none), t.text("map.no_project"), count]] : [];
    }

    // _by_state
    function byState(covered) {
      const whole = covered.filter((row) => row.state === WHOLE).length;
      return whole ? [[plain(modes.state.colour), t.text(`map.${WHOLE}`), whole]] : [];
    }

    // _by_evidence
    function byEvidence(covered) {
      return programme.levels.map((level) => [
        coveredLook(modes.evidence.colours[level], WHOLE, level),
        t.text(`map.${level}`),
        covered.filter((row) => row.evidence === level).length
      ]).filter((entry) => entry[2]);
    }

    // _by_grant
    function byGrant(covered) {
      const limits = ["0", ...modes.grant.breaks.map((limit) => t.number(limit)), ""];
      const paid = covered.filter((row) => row.projectIds.length);
      const kind = kindOf([...new Set(paid.flatMap((row) => row.projectIds))]);
      const classes = modes.grant.colours.map((colour, place) => {
        const key = limits[place + 1] ? "map.grant_between" : "map.grant_from";
        const label = ofKind(kind, t.text(key, { low: limits[place], high: limits[place + 1] }));
        return [plain(colour), label, paid.filter((row) => grantClass(row.grantPerInhabitantYear) === place).length];
      });
      return [...classes, ...withoutProject(covered, "grant")].filter((entry) => entry[2]);
    }

    // legend._FILLS
    const entriesOf = { project: byProject, state: byState, evidence: byEvidence, grant: byGrant };

    // -- the map's data (geo.webmap.webmap) -------------------------------------------------------

    // payload
    function payload(found, view) {
      const byNr = new Map(found.frame.map((row) => [row.kommunenr, row]));
      const kinds = [];
      const places_ = new Map();
      const ofShape = new Map();
      const sole = new Map();
      const placeOf = (look, rows, state) => {
        const kind = { ...look, label: shapeLabel(rows, state) };
        const key = JSON.stringify(kind);
        if (!places_.has(key)) {
          places_.set(key, kinds.push(kind) - 1);
          const [project, ...others] = new Set(rows.filter(isCovered).flatMap((row) => row.projectIds));
          if (project !== undefined && !others.length) sole.set(project, [...(sole.get(project) || []), places_.get(key)]);
        }
        return places_.get(key);
      };
      ofYear.shapes.forEach(([id, members]) => {
        const rows = members.split(" ").map((nr) => byNr.get(nr));
        const [state, look] = shapeLook(rows, view.colour);
        ofShape.set(id, placeOf(look, rows, state));
      });
      const rest = mostCommon([...ofShape.values()]);
      const ofMark = marks(found, view, byNr).map((mark) =>
        [mark.nr, mark.name, ...mark.at, placeOf(kommuneLook(mark.row, view.colour), [mark.row], mark.row.state), mark.shapes, mark.part]);
      return {
        lang: t.lang,
        title: title(found, view),
        legend: legend(found, view).map((line) => legendLine(line, kinds)),
        notes: notes(found),
        source: sourceLine(view),
        attribution: ofYear.attribution[t.lang],
        looks: kinds,
        rest: rest,
        shapes: grouped(ofShape, rest),
        year: view.year,
        projects: projectsShown(found, view, sole),
        served: served(found),
        marks: ofMark,
        picked: view.shown,
        chosen: [...new Set(view.shown.flatMap((nr) => engine.kommuner.get(nr).shapes))].map((place) => ofYear.shapes[place][0]),
        counties: addresses.counties[view.year],
        hubs: view.points ? hubsOf(found).map((h) => [h.name, h.place, ...h.point, h.guess]) : [],
        lines: view.lines ? serviceLines(found) : [],
        bounds: bounds(found, view),
        focus: [view.project, view.fylke, view.hub].join("|")
      };
    }

    // _projects
    function projectsShown(found, view, sole) {
      const ofRows = found.covered.flatMap((row) => row.projectIds);
      return programme.projects.filter((p) => ofRows.includes(p.id)).map((p) => {
        const n = ofRows.filter((one) => one === p.id).length;
        const said = t.plural("titles.kommuner", n, { n: t.number(n) });
        return [p.name, view.colour === "project" ? p.colour : "", said, sole.get(p.id) || []];
      });
    }

    // _served
    function served(found) {
      const theirs = everyHub.map((hub) => [hub.name, found.covered.filter((row) => row.hubIds.includes(hub.id)).map((row) => row.kommunenr).join(" ")]);
      return theirs.filter(([, numbers]) => numbers);
    }

    // -- marks (geo.webmap.marks) -----------------------------------------------------------------

    const shapeIds = (nr) => engine.kommuner.get(nr).shapes.map((place) => ofYear.shapes[place][0]).join(" ");
    const shared = new Set(ofYear.shapes.filter((shape) => shape[1].includes(" ")).map((shape) => shape[0]));

    // marks
    const marks = (found, view, byNr) => [...onShared(view, byNr), ...onPartly(found)];

    // _on_shared
    function onShared(view, byNr) {
      const made = new Map();
      ofYear.shapes.filter((shape) => shared.has(shape[0])).forEach(([, members]) => {
        const rows = members.split(" ").map((nr) => byNr.get(nr));
        const alike = new Set(rows.map((row) => JSON.stringify(kommuneLook(row, view.colour)))).size === 1;
        if (alike && !rows.some(isCovered)) return;
        rows.forEach((row) => {
          const nr = row.kommunenr;
          if (ofYear.centres[nr] && !made.has(nr)) made.set(nr, { nr, name: fit(row.label), at: ofYear.centres[nr], row, shapes: shapeIds(nr), part: 0 });
        });
      });
      return [...made.values()];
    }

    // _on_partly
    function onPartly(found) {
      return found.frame.filter((row) => [PARTLY, "partly_unknown"].includes(row.state)).flatMap((row) => {
        const nr = row.kommunenr;
        const told = row.coveredPredecessors.length ? row.coveredPredecessors : row.noSourcePredecessors;
        const years = new Set(told.map((old) => Number(old.split(" ")[1])));
        if (years.size > 1 || shapeIds(nr).split(" ").some((id) => shared.has(id))) return [];
        return (ofYear.inside[nr] || []).filter((place) => years.has(place[1])).map(([old, year, label, ...at]) =>
          ({ nr, name: `${label} (${year})`, at, row: partOf(found, `${old} ${year}`, row), shapes: shapeIds(nr), part: 1 }));
      });
    }

    // _part
    function partOf(found, kommune, whole) {
      const selected = engine.select(found.selection);
      const naming = (rows) => rows.filter((row) => row.kommune === kommune);
      const own = naming(selected.counted);
      if (own.length) {
        const projectIds = [...new Set(own.map((row) => row.projectId).filter(Boolean))];
        const evidence = programme.levels[Math.min(...own.map((row) => row.rank))];
        return { state: WHOLE, projectIds, evidence, grantPerInhabitantYear: whole.grantPerInhabitantYear };
      }
      const state = naming(selected.withoutSource).length ? "no_source"
        : naming(engine.projectRows).length ? "outside_view"
          : naming(selected.elsewhere).length ? "elsewhere" : "not_covered";
      return { state, projectIds: [], evidence: "" };
    }

    // _legend_line
    function legendLine(line, kinds) {
      const place = kinds.findIndex(({ label, ...look }) => JSON.stringify(look) === JSON.stringify(line.look));
      return place < 0 ? line : { ...line, look: place };
    }

    // _shape_label
    function shapeLabel(rows, state) {
      const covered = rows.filter(isCovered);
      if (!covered.length) return t.text(`coverage.${state}`);
      const names = t.listed([...new Set(covered.flatMap((row) => row.projectIds))].map((p) => name(projects, p)))
        || t.text("map.no_project");
      return `${names}: ${state === MIXED ? t.text("map.differ") : stateText(state, weakest(covered))}`;
    }

    // _state_text
    const stateText = (state, level) => [state, level].filter(Boolean).map((code) => t.text(`coverage.${code}`).toLowerCase()).join(", ");

    function mostCommon(values) {
      const counts = new Map();
      values.forEach((value) => counts.set(value, (counts.get(value) || 0) + 1));
      return [...counts].reduce((best, one) => (one[1] > best[1] ? one : best))[0];
    }

    // _grouped
    function grouped(ofShape, rest) {
      const groups = {};
      ofShape.forEach((look, id) => {
        if (look !== rest) groups[look] = groups[look] ? `${groups[look]} ${id}` : id;
      });
      return groups;
    }

    // notes
    function notes(found) {
      const shared = ofYear.shapes.map((shape) => shape[1].split(" ")).filter((members) => members.length > 1);
      if (!shared.length) return [];
      const covered = new Set(found.covered.map((row) => row.kommunenr));
      const here = shared.filter((members) => members.some((nr) => covered.has(nr))).length;
      const texts = [t.plural("map.shared", shared.length, {
        n: t.number(shared.length), base: ofYear.base, year: ofYear.year
      })];
      if (here) texts.push(t.plural("map.shared_here", here, { n: t.number(here) }));
      return [texts.join(" ")];
    }

    // geo.report.titles.source_line
    function sourceLine(view) {
      return t.text("titles.source", {
        origin: content.origin, year: view.year, version: content.version
      });
    }

    // hubs_of
    function hubsOf(found) {
      const ids = new Set(found.covered.flatMap((row) => row.hubIds));
      return everyHub.filter((hub) => ids.has(hub.id) && hub.point);
    }

    // service_lines
    function serviceLines(found) {
      const points = new Map(hubsOf(found).map((hub) => [hub.id, hub.point]));
      const covered = new Map(found.covered.map((row) => [row.kommunenr, row]));
      const drawn = new Map();
      engine.select(found.selection).counted.forEach((row) => engine.partsOf(row.kommunenr, row.year).forEach(({ kommunenr: nr }) => {
        if (!points.has(row.hubId) || !covered.has(nr)) return;
        const end = ofYear.shapes[covered.get(nr).shapes[0]].slice(-2).map((n) => n * ofYear.metres.point);
        const assumed = programme.levels[row.rank] === WEAKEST;
        drawn.set(`${row.hubId} ${nr}`, { points: [points.get(row.hubId), end], assumed: assumed });
      }));
      return [...drawn.values()];
    }

    // _bounds
    function bounds(found, view) {
      if (!(view.project.length || view.hub.length || view.fylke.length)) return null;
      const inside = view.fylke.length ? found.frame.filter((row) => row.state !== "outside_view") : found.covered;
      if (!inside.length) return null;
      const boxes = inside.map((row) => ofYear.shapes[row.shapes[0]].slice(2, 6).map((n) => n * ofYear.metres.box));
      const [west, south, east, north] = [0, 1, 2, 3].map((side) =>
        Math[side < 2 ? "min" : "max"](...boxes.map((box) => box[side])));
      return [[south, west], [north, east]];
    }

    // -- the table (geo.report.tables) ------------------------------------------------------------

    // page_rows
    function pageRows(found, view) {
      const states = programme.states;
      const listed = found.frame.filter((row) => row.state !== "outside_view"
        && (view.fylke.length || view.uncovered || !["not_covered", "elsewhere"].includes(row.state)));
      listed.sort((a, b) => states.indexOf(a.state) - states.indexOf(b.state)
        || (a.fylkesnr < b.fylkesnr ? -1 : a.fylkesnr > b.fylkesnr ? 1 : a.place - b.place));
      return [...listed.map((row) => asText(row, view)), ...found.gone.map(goneAsText)];
    }

    // as_text, of one row
    function asText(row, view) {
      const symbol = programme.symbols[row.state];
      const figure = (written) => (symbol === undefined ? written() : symbol);
      const whole = (map, ids) => ids.map((id) => map.get(id).whole || map.get(id).name).join(", ");
      return [
        row.kommunenr, row.label, ofYear.fylker[row.fylkesnr], t.text(`coverage.${row.state}`),
        row.evidence ? t.text(`coverage.${row.evidence}`) : symbol,
        t.number(row.population),
        whole(projects, row.projectIds),
        whole(hubs, row.hubIds),
        figure(() => t.number(row.populationCovered)),
        figure(() => (row.projectIds.length ? t.number(row.grantPerInhabitantYear, 2) : "")),
        dated(row.coveredPredecessors, view.year)
      ];
    }

    // _dated
    function dated(covered, ownYear) {
      const others = covered.map((old) => old.split(" ")).filter(([, year]) => Number(year) !== ownYear);
      const several = new Set(others.map(([, year]) => year)).size > 1;
      return others.map(([nr, year]) => `${nr} ${programme.labels[year][nr]}${several ? ` (${year})` : ""}`).join(", ");
    }

    function goneAsText(row) {
      const symbol = programme.symbols.did_not_exist;
      return [row.kommunenr, row.label, "", t.text("coverage.did_not_exist"), symbol, symbol, "", "", symbol, symbol, ""];
    }

    return {
      t: t, title: title, kicker: kicker, headline: headline, lead: lead, summary: summary, keyFigures: keyFigures, mainFigures: mainFigures, payload: payload, pageRows: pageRows, sourceLine: sourceLine,
      hubNames: (ids) => t.listed(ids.map((h) => name(hubs, h)))
    };
  }

  window.edition.words = create;
  window.edition.messages = messages;
})();

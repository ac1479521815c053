// The view in every structure: cards with small maps, the swipe between two, and what changed. The
// functions have the names of their twins in geo.webmap.structures and pages.parts.four_years.
(function () {
  "use strict";
  const SIDE = ["ground", "counties", "looks", "rest", "shapes", "marks", "picked", "chosen"];
  const KINDS = ["merged", "split", "moved"]; // geo.places.changes

  // `page` has what the front page shares: el, get, setup, programme, ofYear, changed, put.
  function create(page) {
    const { el, get, setup, programme } = page;

    // fylke_years.in_year
    function inYear(now, year) {
      if (year === now.view.year) return now.view;
      const became = new Set(now.view.fylke.flatMap((nr) => now.words.carried[year][nr]));
      return { ...now.view, year, fylke: setup.fylker[year].map(([nr]) => nr).filter((nr) => became.has(nr)) };
    }

    async function counted(now, year) {
      const view = inYear(now, year);
      const { engine, words } = await page.ofYear(year);
      return { view, words, found: engine.coverage(view) };
    }

    // compared
    function compared(view, swipe) {
      if (swipe) return swipe;
      const normal = programme.defaults.year;
      return programme.years.includes(normal) && normal !== view.year ? normal : programme.years[programme.years.length - 1];
    }

    // beside; `shown` gives the chosen kommuner of a year
    async function beside(now, year, shown) {
      const { view, words, found } = await counted(now, year);
      const sent = { ...words.payload(found, { ...view, shown: shown(year) }), ground: setup.geometry[year] };
      const said = { [now.view.year]: short(now), [year]: short({ view, words, found }) };
      const legend = moreLines(now, sent);
      return { ...Object.fromEntries(SIDE.map((name) => [name, sent[name]])), year, own: now.view.year, said, legend };
    }

    // more_lines
    function moreLines(now, there) {
      const bare = (sent) => sent.legend.map((line) => {
        const { label, ...look } = typeof line.look === "number" ? sent.looks[line.look] : { ...line.look, label: "" };
        return { look, label: line.label };
      });
      const known = new Set(bare(now.words.payload(now.found, { ...now.view, shown: [] })).map((line) => JSON.stringify(line.look)));
      return bare(there).filter((line) => !known.has(JSON.stringify(line.look)) && line.look.pattern !== programme.looks.empty.did_not_exist.pattern);
    }

    // short
    function short({ view, words, found }) {
      const { t } = words, { totals } = found, fylker = Object.keys(totals.kommunerByFylke).length;
      const kommuner = t.plural("titles.kommuner", totals.kommuner, { n: t.number(totals.kommuner) });
      const counted = view.fylke.length ? kommuner
        : t.text("titles.in", { kommuner, fylker: t.plural("titles.fylker", fylker, { n: t.number(fylker) }) });
      return counted + (view.evidence === programme.levels[programme.levels.length - 1] ? "" : t.text(`titles.only_${view.evidence}`));
    }

    // small_map, counted and _card
    async function card(now, year) {
      const { view, words, found } = await counted(now, year);
      const sent = words.payload(found, { ...view, shown: [], points: false, lines: false });
      const ground = await coverageSmall.ground(setup.geometry[year].overview);
      const picture = el("i", { class: "small-map", "aria-hidden": "true" }, coverageSmall.draw(ground.shapes, sent, coverageMap.drawing));
      const key = programme.recorded.includes(year) ? "structures.recorded" : "structures.same";
      const partly = found.totals.partly ? [words.t.text("structures.partly", { n: words.t.number(found.totals.partly) })] : [];
      const same = [words.t.text(key), ...partly].join(", ");
      return el("a", { class: "structure", href: page.changed(view), "aria-current": year === now.view.year ? "true" : false }, picture,
        el("strong", {}, String(year)), " ", el("span", {}, short({ view, words, found })), " ", el("span", { class: "quiet" }, same));
    }

    // _compare
    function compare(now, swipe) {
      const text = now.words.t.text("structures.compare", { year: now.view.year });
      const buttons = programme.years.filter((year) => year !== now.view.year).map((year) => {
        const button = el("button", { type: "button", "aria-pressed": String(year === swipe) }, String(year));
        button.addEventListener("click", () => page.put("swipe", year === swipe ? "" : String(year)));
        return button;
      });
      return el("div", { class: "compare", role: "group", "aria-label": text }, el("span", { "aria-hidden": "true" }, text), ...buttons);
    }

    // changes_of
    async function changesOf(now, other) {
      const [first, last] = [now.view.year, other].sort((a, b) => a - b);
      const [every, ...there] = await Promise.all([get(setup.changes), counted(now, first), counted(now, last)]);
      const [early, late] = there.map((one) => new Set(one.found.covered.map((row) => row.kommunenr)));
      const told = every[`${first}-${last}`];
      // _concerns
      const concerns = ([kind, nr, , pieces]) => {
        const [own, theirs] = kind === "split" ? [early, late] : [late, early];
        return own.has(nr) || pieces.some(([piece]) => theirs.has(piece));
      };
      return { first, last, here: told.filter(concerns), elsewhere: told.filter((one) => !concerns(one)) };
    }

    // _changes
    function changes(found, t) {
      const span = { first: found.first, last: found.last };
      const n = found.elsewhere.length;
      return el("div", { class: "changes" }, el("h2", {}, t.text("structures.changes", span)),
        found.here.length ? listed(found.here, found, t) : el("p", {}, t.text("structures.none", span)),
        ...(n ? [el("details", {}, el("summary", {}, t.plural("structures.rest", n, { n: t.number(n) })), listed(found.elsewhere, found, t))] : []));
    }

    // _listed
    function listed(told, found, t) {
      const parts = KINDS.map((kind) => [kind, told.filter((one) => one[0] === kind)]).filter(([, own]) => own.length);
      return el("div", { class: "kinds" }, ...parts.map(([kind, own]) => el("section", {},
        el("h3", {}, t.text(`structures.${kind}`, { n: t.number(own.length) })),
        el("ul", {}, ...own.map((one) => el("li", {}, ...sentence(one, found, t)))))));
    }

    // _sentence
    function sentence([kind, nr, name, pieces], found, t) {
      const split = kind === "split";
      const named = pieces.flatMap(([piece, label, form], place) => {
        const [before, after] = t.text(`structures.${form}`, { kommune: "|" }).split("|"); // around
        return [place ? ", " : " ", before, link(piece, label), after];
      });
      return [link(nr, name), ` (${split ? found.first : found.last}) `, el("i", { "aria-hidden": "true" }, split ? "→" : "←"),
        el("span", { class: "aside" }, t.text(`structures.${split ? "became" : "made_of"}`)), ...named];
    }

    // _link
    const link = (nr, name) => el("a", { href: page.changed({ kommune: nr }) }, name);

    async function draw(now, swipe) {
      const cards = await Promise.all(programme.years.map((year) => card(now, year)));
      const found = await changesOf(now, compared(now.view, swipe));
      return [el("div", { class: "structures" }, ...cards), compare(now, swipe), changes(found, now.words.t)];
    }

    return { draw, beside };
  }

  window.edition.years = create;
})();

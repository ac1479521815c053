// The front page: filters, figures, map, table, search and story, from static files.
(function () {
  "use strict";
  const HITS = 8;
  const WIDE = matchMedia("(min-width: 641px)");
  const byId = (id) => document.getElementById(id);
  const setup = JSON.parse(document.body.dataset.setup || "null");
  if (!setup) return;

  const { start } = edition; // what has been drawn so far: start.js
  const form = byId("filters");
  const fetched = new Map();
  const engines = new Map();
  let programme = null;
  let content = null;
  let address = null;
  let search = null;
  let now = null; // what is on screen: the view and its results
  let drawnWith = "";
  let drawn = 0;
  let years = null; // the view in every structure: years.js
  let asked = 0;

  function get(url) {
    if (!fetched.has(url)) {
      fetched.set(url, fetch(url).then((answer) => {
        if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
        return answer.json();
      }).catch((error) => {
        fetched.delete(url);
        throw error;
      }));
    }
    return fetched.get(url);
  }

  function el(tag, attributes, ...children) {
    const node = document.createElement(tag);
    Object.entries(attributes || {}).forEach(([key, value]) => {
      if (value === true) node.setAttribute(key, "");
      else if (value !== false && value !== undefined) node.setAttribute(key, value);
    });
    node.append(...children);
    return node;
  }

  const changed = (changes) => `?${address.toQuery({ ...now.view, ...changes })}`;

  // The other things that an address holds, and keeps while the view changes.
  const KEPT = ["brief", "data", "drawer", "swipe"];

  // -- the filters -----------------------------------------------------------------------------

  function readForm() {
    const data = new FormData(form);
    const view = { ...now.view };
    const year = Number(data.get("year"));
    ["project", "hub", "fylke"].forEach((name) => { view[name] = data.getAll(name); });
    ["points", "lines"].forEach((name) => { view[name] = data.has(name); });
    ["scope", "evidence", "colour"].forEach((name) => { view[name] = data.get(name); });
    if (year !== view.year) {
      // Numbers of fylker belong to their year; the choice follows what they became.
      const became = new Set(view.fylke.flatMap((nr) => now.words.carried[year][nr]));
      view.fylke = setup.fylker[year].map(([nr]) => nr).filter((nr) => became.has(nr));
      view.year = year;
    }
    return view;
  }

  function writeForm(view) {
    drawCounties(view.year);
    [...form.elements].forEach((field) => {
      const value = view[field.name];
      if (field.type === "checkbox") field.checked = Array.isArray(value) ? value.includes(field.value) : value === true;
      else if (field.type === "radio") field.checked = String(value) === field.value;
      else if (field.name) field.value = value;
    });
    form.querySelectorAll("[data-projects]").forEach((line) => {
      const theirs = line.dataset.projects.split(" ");
      line.hidden = view.project.length > 0 && !theirs.some((p) => view.project.includes(p)) && !line.querySelector("input").checked;
    });
    ["project", "hub", "fylke"].forEach((name) => {
      const chosen = [...form.querySelectorAll(`input[name=${name}]:checked`)].map((field) => field.parentNode.textContent.trim());
      const summary = byId(`chosen-${name}`);
      if (summary) summary.textContent = chosen.length ? chosen.join(", ") : now.words.t.text(`filters.all_${name}`);
    });
    byId("uncovered").checked = view.uncovered;
  }

  function drawCounties(year) {
    const list = byId("counties");
    if (list.dataset.year === String(year)) return;
    list.dataset.year = year;
    list.replaceChildren(...setup.fylker[year].map(([nr, name]) =>
      el("label", {}, el("input", { type: "checkbox", name: "fylke", value: nr }), ` ${name}`)));
  }

  // -- current view ----------------------------------------------------------------------------

  function drawFigures(figures, main) {
    const parts = (figure) => [el("dt", {}, figure.title), el("dd", {}, figure.value), ...(figure.detail ? [el("dd", {}, figure.detail)] : [])];
    byId("figures").replaceChildren(...figures.map((figure) => el("div", { class: "figure" },
      el("dl", {}, ...parts(figure)), el("p", {}, figure.method))));
    byId("main-figures").replaceChildren(...main.map((figure) => el("div", {}, ...parts(figure))));
  }

  function drawTable(rows) {
    const { view, words } = now;
    const said = { 2: view.fylke.length === 1, 6: view.project.length === 1 };
    const kept = content.columns.map((_, place) => place).filter((place) => !said[place] && rows.some((row) => row[place]));
    const kind = (place) => (content.figureColumns.includes(place) ? "number" : undefined);
    const head = el("tr", {}, ...kept.map((place) => el("th", { scope: "col", class: kind(place) }, content.columns[place])));
    const body = rows.map((row) => el("tr", { "aria-current": row[0] === view.kommune ? "true" : false }, ...kept.map((place) => {
      if (place === 0) return el("th", { scope: "row" }, row[0]);
      const text = place === 1 ? el("a", { href: changed({ kommune: row[0] }) }, row[1]) : row[place];
      return el("td", { class: kind(place) }, text);
    })));
    const total = words.total;
    byId("rows-said").textContent = rows.length ? words.t.text("kart.table_rows", { rows: rows.length, total: total, year: view.year })
      : words.t.text("kart.empty_table");
    byId("open-table").textContent = words.t.plural("kart.open_table", now.found.totals.kommuner, { n: words.t.number(now.found.totals.kommuner) });
    byId("rows").replaceChildren(el("thead", {}, head), el("tbody", {}, ...body));
    const offered = content.columns.map((_, place) => place).filter((place) => content.columns[place]);
    drawFile([content.columns, ...rows].map((row) => offered.map((place) => row[place])));
  }

  // The table as CSV for Norwegian Excel, guarded against formula injection ("-" alone is safe).
  function drawFile(rows) {
    const defused = (text) => (/^[=+@\t\r\n＝＋－＠]|^-[^]/.test(text) ? `'${text}` : text);
    const cell = (text) => `"${defused(text.replace(/\u00a0/g, "")).replace(/"/g, '""')}"`;
    const lines = rows.map((row) => row.map(cell).join(";"));
    const link = byId("file");
    URL.revokeObjectURL(link.href);
    link.href = URL.createObjectURL(new Blob(["\ufeff", lines.join("\r\n"), "\r\n"], { type: "text/csv" }));
    link.textContent = now.words.t.text("publish.file", { n: rows.length - 1 });
  }

  async function ofYear(year) {
    const numbers = await get(setup.numbers[year]);
    if (!engines.has(year)) engines.set(year, edition.engine(programme, numbers));
    return { engine: engines.get(year), words: wordsOf(engines.get(year), numbers) };
  }

  // The drawer under the map: the table, or the view in every structure.
  async function drawDrawer(read) {
    const { drawer, swipe } = read;
    byId("stage").classList.toggle("open", Boolean(drawer));
    [["table", "open-table"], ["years", "open-years"]].forEach(([part, button]) => {
      if (byId(button)) byId(button).setAttribute("aria-expanded", String(drawer === part));
      byId(`${part}-part`).hidden = drawer ? drawer !== part : part === "years";
    });
    if (drawer !== "years") return;
    const mine = now;
    const parts = await years.draw(mine, swipe);
    if (mine !== now) return;
    const open = byId("years-part").querySelector("details[open]");
    byId("years-part").replaceChildren(...parts);
    const rest = byId("years-part").querySelector("details");
    if (open && rest) rest.open = true;
  }

  function written(query) {
    const text = String(query).replace(/%2C/g, ",");
    return text ? `?${text}` : location.pathname;
  }

  function markShown() { byId("stage").dataset.shown = location.search || "?"; }

  // Changes something of an address that is not the view.
  function put(name, text) {
    const query = new URLSearchParams(location.search);
    if (text) query.set(name, text);
    else query.delete(name);
    history.pushState(null, "", written(query));
    return show(address.fromQuery(location.search, setup.lang)).catch(failed);
  }

  function drawMap(content_) {
    const alone = document.documentElement.classList.contains("alone");
    const key = alone ? "alone" : "bare";
    if (drawnWith !== key) {
      if (!start.drawn || drawnWith) {
        byId("map").replaceChildren(el("div", { id: "map_div" }));
        const around = alone ? {} : { bare: true, legend: byId("legend") };
        coverageMap.create("map_div", { ahead: false, neighbours: setup.neighbours, tell: clicked, painted: start.fonts, ...around });
      }
      drawnWith = key;
    }
    drawn += 1;
    coverageMap.update({ ...content_, ground: setup.geometry[now.view.year], id: String(drawn) });
  }

  function clicked({ shape, kommune, year, ended }) {
    if (ended) {
      put("swipe", "");
      return;
    }
    if (shape === null) go({ ...now.view, kommune: "" }); // Escape on the map
    const numbers = year ? now.beside : now.words; // a click may be on the other side
    const members = numbers && numbers.shapes.get(shape);
    if (!members) return;
    const meant = members.includes(kommune) ? kommune : members[0];
    go({ ...now.view, kommune: meant === now.view.kommune ? "" : meant });
  }

  function drawNotice(read) {
    const { t } = now.words;
    const lines = [];
    if (read.ignored.length) {
      const parts = read.ignored.map((part) => address.why(now.view, part, t)).join("; ");
      lines.push(t.text("common.ignored", { parts }));
    }
    if (read.data && read.data !== programme.version) {
      lines.push(t.text("common.other_version", { asked: read.data.slice(0, 20), now: programme.version }));
    }
    byId("notice").replaceChildren(...lines.map((line) => el("p", {}, line)));
  }

  async function drawStory() {
    const { view, words, found } = now;
    const panel = byId("story");
    panel.hidden = !view.kommune;
    byId("overview").hidden = Boolean(view.kommune);
    if (!view.kommune) {
      panel.replaceChildren(); // one first heading at a time
      return;
    }
    const mine = now;
    const stories = await get(setup.stories[view.year]);
    if (mine !== now) return;
    const { t } = words;
    const entry = search.get(view.kommune);
    const [nr, ...also] = search.now(entry, view.year);
    const row = found.frame.find((one) => one.kommunenr === nr);
    const [told, ids] = stories.kommuner[nr];
    const lines = [...formerly(entry, row, also, t), ...inView(row, t), ...told];
    const others = words.shapes.get(words.shapeOf(nr)).filter((other) => other !== nr);
    panel.replaceChildren(
      el("p", {}, el("a", { href: changed({ kommune: "" }) }, t.text("kart.back"))),
      el("h1", { id: "story-title", tabindex: "-1" }, `${row.label} (${nr}, ${view.year})`),
      ...lines.map((line) => el("p", {}, line)),
      ...(others.length ? [sameShape(others, t)] : []),
      ...(ids.length ? [el("h2", {}, t.text("common.sources")), sourceList(ids, stories.sources)] : []),
      el("p", { class: "actions" },
        el("a", { href: `${setup.kommune}${entry.nr}/` }, t.text("publish.full_story", { label: entry.name }))));
  }

  function formerly(entry, row, also, t) {
    if (entry.nr === row.kommunenr) return [];
    const key = entry.name === row.label ? "story.renumbered" : "story.part_of";
    const text = t.text(key, {
      number: entry.nr, asked: entry.name, first: entry.first, last: entry.last,
      label: row.label, kommunenr: row.kommunenr, year: now.view.year
    });
    return [also.length ? `${text} ${t.text("story.also", { kommuner: t.listed(also.map(now.words.label)) })}` : text];
  }

  function inView(row, t) {
    const { view, words } = now;
    const narrowed = view.scope !== programme.defaults.scope || view.project.length || view.hub.length || view.fylke.length || view.evidence !== programme.defaults.evidence;
    if (!narrowed) return [];
    const state = t.text(`coverage.${row.state}`).toLowerCase();
    const said = row.hubIds.length ? t.text("publish.in_view_by", {
      state, evidence: t.text(`coverage.${row.evidence}`).toLowerCase(), hubs: words.hubNames(row.hubIds)
    }) : t.text("publish.in_view", { state });
    return [said, t.text("publish.whole_programme")];
  }

  function sourceList(ids, sources) {
    return el("ul", { class: "sources" }, ...ids.map((id) => {
      const [cited, url] = sources[id];
      return el("li", {}, el("b", {}, id), " ", url ? el("a", { href: url }, cited) : cited, ".");
    }));
  }

  function sameShape(others, t) {
    const links = others.flatMap((nr) => [" ", el("a", { href: changed({ kommune: nr }) }, now.words.label(nr))]);
    return el("p", { class: "actions" }, el("strong", {}, t.text("kart.same_shape")), ...links);
  }

  function attribute(text) {
    const quoted = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;" };
    return text.replace(/[&<>"']/g, (sign) => quoted[sign]);
  }

  function drawLinks() {
    document.querySelectorAll("[data-other]").forEach((other) => {
      const theirs = address.toQuery({ ...now.view, lang: other.hreflang });
      other.href = other.dataset.other + (theirs ? `?${theirs}` : "");
    });
    const whole = `${address.toQuery(now.view, true)}&data=${encodeURIComponent(programme.version)}`;
    const { swipe } = address.fromQuery(location.search, setup.lang);
    byId("link").value = `${location.origin}${location.pathname}?${whole}${swipe ? `&swipe=${swipe}` : ""}`;
    const framed = { address: `${byId("link").value}&brief=1`, name: now.words.title(now.found, now.view) };
    byId("embed").value = setup.embed.replace(/{(\w+)}/g, (_, part) => attribute(framed[part]));
    const mail = byId("mail"); // there only if the settings name whom to write to
    if (mail) {
      mail.href = mail.href.replace(encodeURIComponent(mail.dataset.page), encodeURIComponent(byId("link").value));
      mail.dataset.page = byId("link").value;
    }
    byId("reset").href = `?${address.toQuery({ ...programme.defaults, lang: setup.lang })}`;
  }

  // -- changing the view -----------------------------------------------------------------------

  async function show(read) {
    const view = read.view;
    asked += 1;
    const mine = asked;
    const { engine, words } = await ofYear(view.year);
    if (view.kommune && !search) search = edition.search(await get(setup.search));
    if (mine !== asked) return; // a newer view was requested
    const shown = view.kommune ? search.now(search.get(view.kommune), view.year) : [];
    const found = engine.coverage(view);
    const next = { view: view, words: words, found: found, beside: null };
    const there = (year) => (view.kommune ? search.now(search.get(view.kommune), year) : []);
    const beside = read.swipe ? await years.beside(next, read.swipe, there) : null;
    if (beside) next.beside = (await ofYear(read.swipe)).words;
    if (mine !== asked) return;
    now = next;
    const title = words.title(found, view);
    document.title = `${title} – ${words.t.text("common.name")}`;
    document.querySelector("#title .kicker").textContent = words.kicker(found, view);
    byId("headline").textContent = words.headline(found, view);
    byId("lead").textContent = words.lead(found, view);
    byId("summary").textContent = words.summary(found, view);
    byId("empty").hidden = found.totals.kommuner > 0;
    const [line, borders] = byId("source").children;
    line.textContent = words.sourceLine(view);
    borders.textContent = `${engine.ofYear.attribution[setup.lang]}.`;
    document.documentElement.classList.toggle("alone", read.alone);
    document.documentElement.classList.toggle("framed", parent !== window);
    drawNotice(read);
    drawFigures(words.keyFigures(found, view), words.mainFigures(found, view));
    writeForm(view);
    drawTable(words.pageRows(found, view));
    drawLinks();
    const sent = words.payload(found, { ...view, shown: shown });
    drawMap(beside ? { ...sent, legend: [...sent.legend, ...beside.legend], beside } : sent);
    await drawStory();
    await drawDrawer(read);
    if (mine !== asked) return;
    markShown();
  }

  function wordsOf(engine, numbers) {
    const shapes = new Map(numbers.shapes.map(([id, members]) => [id, members.split(" ")]));
    return Object.assign(edition.words(content, engine, setup), {
      carried: numbers.carried,
      total: numbers.kommuner.length,
      shapes: shapes,
      shapeOf: (nr) => numbers.shapes[engine.kommuner.get(nr).shapes[0]][0],
      label: (nr) => engine.kommuner.get(nr).label
    });
  }

  function go(view, focus) {
    const kept = new URLSearchParams(location.search);
    if (kept.get("swipe") === String(view.year)) kept.set("swipe", now.view.year); // the two change sides
    const query = [address.toQuery(view), ...KEPT.filter((name) => kept.has(name)).map((name) => `${name}=${encodeURIComponent(kept.get(name))}`)];
    const text = query.filter(Boolean).join("&");
    history.pushState(null, "", text ? `?${text}` : location.pathname);
    return show(address.fromQuery(location.search, setup.lang)).then(() => {
      if (focus && byId(focus)) byId(focus).focus({ preventScroll: WIDE.matches });
    }).catch(failed);
  }

  function fromAddress() {
    const read = address.fromQuery(location.search, setup.lang);
    if (read.view.lang !== setup.lang) {
      location.replace(document.querySelector(`[data-other][hreflang="${read.view.lang}"]`).dataset.other + location.search);
      return Promise.resolve();
    }
    return show(read);
  }

  function failed(error) {
    byId("notice").replaceChildren(el("p", {}, setup.failed));
    console.error(error);
  }

  // -- the search ------------------------------------------------------------------------------

  async function lookUp(text) {
    if (!search) search = edition.search(await get(setup.search));
    const { t } = now.words;
    const year = now.view.year;
    const found = search.find(text, year, HITS);
    const other = search.other(text, setup.lang);
    const listed = (hits) => hits.map((entry) => {
      const [nr] = search.now(entry, year);
      const label = now.words.label(nr);
      const said = search.now(entry, year).includes(entry.nr) ? `${now.words.label(entry.nr)} (${entry.nr})`
        : t.text("kart.search_now", { old: entry.name, number: entry.nr, now: label, year: year });
      return el("li", {}, el("a", { href: changed({ kommune: entry.nr }) }, said));
    });
    const near = found.filter((hit) => !hit.certain);
    byId("hits").replaceChildren(...listed(found.filter((hit) => hit.certain)));
    byId("near").replaceChildren(...listed(near));
    byId("near-said").textContent = near.length ? t.text("kart.perhaps") : "";
    const none = text.trim() && !found.length;
    byId("hits-said").textContent = other ? t.text(other.message, other)
      : none ? t.text("kart.search_nothing", { text: text.trim(), ...programme.registers })
        : found.length ? t.text("publish.hits", { n: found.length }) : "";
    byId("hits-said").classList.toggle("aside", !none && !other);
  }

  // -- events ----------------------------------------------------------------------------------

  function follow(event) {
    const link = event.target.closest("a[href^='?']");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    const { view } = address.fromQuery(new URL(link.href).search, setup.lang);
    byId("search").value = "";
    lookUp("");
    const toStory = view.kommune && view.kommune !== now.view.kommune;
    go(view, toStory ? "story-title" : undefined);
  }

  function pullOut(part) {
    const query = new URLSearchParams(location.search);
    if (part) query.set("drawer", part);
    else query.delete("drawer");
    history.replaceState(null, "", written(query));
    drawDrawer(address.fromQuery(location.search, setup.lang)).then(markShown).catch(failed);
  }

  function toggle(part) { pullOut(part === address.fromQuery(location.search, setup.lang).drawer ? "" : part); }

  function listen() {
    document.addEventListener("change", (event) => { if (event.target.form === form) go(readForm()); });
    form.addEventListener("submit", (event) => event.preventDefault());
    byId("uncovered").addEventListener("change", (event) => go({ ...now.view, uncovered: event.target.checked }));
    byId("search").addEventListener("input", (event) => lookUp(event.target.value).catch(failed));
    byId("search-form").addEventListener("submit", (event) => {
      event.preventDefault();
      lookUp(byId("search").value).then(() => {
        const first = document.querySelector("#hits a");
        if (first) first.click();
      }).catch(failed);
    });
    byId("how-open").addEventListener("click", () => byId("how").showModal());
    byId("open-table").addEventListener("click", () => toggle("table"));
    if (byId("open-years")) byId("open-years").addEventListener("click", () => toggle("years"));
    document.querySelector(".skip").addEventListener("click", () => pullOut("table"));
    document.querySelectorAll("[data-copies]").forEach((button) => button.addEventListener("click", () => {
      const text = byId(button.dataset.copies);
      text.select();
      navigator.clipboard.writeText(text.value).then(() => {
        button.nextElementSibling.textContent = now.words.t.text("publish.copied");
      }).catch(() => {}); // the text is selected and can be copied by hand
    }));
    document.addEventListener("click", follow);
    ["beforeprint", "afterprint"].forEach((moment) => addEventListener(moment, () => {
      byId("map").classList.toggle("printed", moment === "beforeprint");
      if (drawnWith) coverageMap.resize();
    }));
    addEventListener("popstate", () => fromAddress().catch(failed));
  }

  Promise.all([get(setup.programme), get(setup.texts)]).then(([numbers, texts]) => {
    programme = numbers;
    content = texts;
    const fylker = Object.fromEntries(Object.entries(setup.fylker).map(([year, all]) => [year, all.map(([nr]) => nr)]));
    address = edition.address(programme, fylker);
    years = edition.years({ el, get, setup, programme, ofYear, changed, put });
    listen();
    return fromAddress();
  }).then(() => {
    start.tell = clicked;
    if (start.said) clicked(start.said);
  }).catch(failed);
})();

// The public edition's engine without a browser: reads a question per line, answers with a line.
// {load: {programme, texts, numbers, setup}} keeps an edition; {view} tells everything of a view;
// {search, lang} reads an address; {write, lang} writes numbers, given as [value, decimals].
"use strict";
const fs = require("fs");
const readline = require("readline");
const vm = require("vm");

globalThis.window = globalThis;
process.argv.slice(2).forEach((path) => vm.runInThisContext(fs.readFileSync(path, "utf8"), { filename: path }));

let kept = null;
let engines = {};

function load(given) {
  kept = given;
  engines = {};
  return true;
}

function tell(view) {
  engines[view.year] = engines[view.year] || edition.engine(kept.programme, kept.numbers[view.year]);
  const engine = engines[view.year];
  const words = edition.words(kept.texts[view.lang], engine, kept.setup);
  const found = engine.coverage(view);
  return {
    title: words.title(found, view),
    kicker: words.kicker(found, view),
    headline: words.headline(found, view),
    lead: words.lead(found, view),
    mainFigures: words.mainFigures(found, view),
    summary: words.summary(found, view),
    source: words.sourceLine(view),
    figures: words.keyFigures(found, view),
    table: words.pageRows(found, view),
    map: words.payload(found, { ...view, shown: [] }),
    frame: found.frame.map((row) => [row.kommunenr, row.state, row.populationCovered, row.grantPerInhabitantYear || 0]),
    gone: found.gone.map((row) => [row.kommunenr, row.label]),
    totals: found.totals,
    query: addressOf().toQuery(view),
    again: addressOf().fromQuery(addressOf().toQuery(view), view.lang)
  };
}

const addressOf = () => edition.address(kept.programme, kept.setup.fylker);

function read({ search, lang }) {
  const found = addressOf().fromQuery(search, lang);
  const t = edition.messages(kept.texts[lang]);
  return { view: found.view, ignored: found.ignored.map((part) => [part[0], part[1], addressOf().why(found.view, part, t)]) };
}

function write({ write, lang }) {
  const t = edition.messages(kept.texts[lang]);
  return write.map(([value, decimals]) => [t.number(value, decimals), t.millions(value), t.percent(value)]);
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const asked = JSON.parse(line);
  let answer;
  try {
    answer = asked.load ? load(asked.load) : asked.view ? tell(asked.view) : asked.write ? write(asked) : read(asked);
  } catch (error) {
    answer = { failed: String(error.stack) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
});

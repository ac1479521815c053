// Answers queries by the public edition's own search, for tests/places/test_search.py; no browser.
"use strict";
const fs = require("fs");
const vm = require("vm");

globalThis.window = { edition: {} };
globalThis.edition = window.edition;
vm.runInThisContext(fs.readFileSync(process.argv[2], "utf8"));
const { index, queries, limit } = JSON.parse(fs.readFileSync(0, "utf8"));
const search = edition.search(index);
const answers = queries.map(([text, year]) => {
  const hits = search.find(text, year, limit).map((hit) => [hit.nr, hit.name, search.now(hit, year), hit.certain]);
  const said = index.languages.map((lang) => search.other(text, lang));
  return [hits, said.map((other) => other && [other.message, other.name, other.beside])];
});
process.stdout.write(JSON.stringify(answers));

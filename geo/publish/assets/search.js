// Find a kommune by any name or number it ever had; it follows geo.search.
(function () {
  "use strict";
  const PLAIN = { "æ": "ae", "ø": "o", "å": "a", "đ": "d", "ŋ": "n", "ŧ": "t" };
  const NO_MATCH = 100;

  function folded(text) {
    return text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replace(/[æøåđŋŧ]/g, (sign) => PLAIN[sign]);
  }

  function create(index) {
    const entries = index.kommuner.map(([nr, name, first, last, keys, now]) =>
      ({ nr, name, first, last, keys: [nr, ...keys], now: now.map((numbers) => numbers.split(" ")) }));
    const byNr = new Map(entries.map((entry) => [entry.nr, entry]));
    const now = (entry, year) => entry.now[index.years.indexOf(year)];

    function rank(entry, wanted) {
      if (entry.keys.includes(wanted)) return 0;
      if (entry.keys.some((key) => key.startsWith(wanted))) return 10;
      return entry.keys.some((key) => key.includes(` ${wanted}`)) ? 20 : NO_MATCH;
    }

    function find(text, year, limit) {
      const wanted = text.trim().toLowerCase();
      if (!wanted) return [];
      const found = entries
        .map((entry) => ({ entry, rank: Math.min(rank(entry, wanted), rank(entry, folded(wanted)) + 1) }))
        .filter((hit) => hit.rank < NO_MATCH);
      const there = (entry) => (entry.first <= year && year <= entry.last ? 0 : 1);
      found.sort((a, b) => a.rank - b.rank || there(a.entry) - there(b.entry)
        || b.entry.last - a.entry.last || (a.entry.name < b.entry.name ? -1 : a.entry.name > b.entry.name ? 1 : 0));
      const seen = new Set();
      return found.map((hit) => hit.entry).filter((entry) => {
        const key = `${entry.name} ${now(entry, year)}`;
        const fresh = !seen.has(key);
        seen.add(key);
        return fresh;
      }).slice(0, limit);
    }

    return { find: find, get: (nr) => byNr.get(nr), now: now };
  }

  window.edition.search = create;
})();

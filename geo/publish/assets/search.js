// Find a kommune by any name or number it ever had, with spelling variants and mistakes. Mirrors
// geo.places.search and geo.places.spellings; a test compares the answers.
(function () {
  "use strict";
  const SPLIT = /\s+(?:i|på|in)\s+/iu;

  // Edit distance between two words, with the swap of two neighbours as one edit; any number above
  // `most` if they are further apart.
  function mistakes(a, b, most) {
    if (Math.abs(a.length - b.length) > most) return most + 1;
    let before = [];
    let last = Array.from({ length: b.length + 1 }, (_, n) => n);
    for (let i = 1; i <= a.length; i += 1) {
      const row = [i];
      for (let j = 1; j <= b.length; j += 1) {
        const same = a[i - 1] === b[j - 1] ? 0 : 1;
        row[j] = Math.min(row[j - 1] + 1, last[j] + 1, last[j - 1] + same);
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
      }
      if (Math.min(...row) > most) return most + 1;
      [before, last] = [last, row];
    }
    return last[b.length];
  }

  function create(index) {
    const { EXACT, ALMOST, BEGINS, WORD_BEGINS, LIKELY, PERHAPS } = index.ranks;
    const fillers = new Set(index.fillers);
    const list = (place) => index.lists[place];
    const entries = index.kommuner.map(([nr, name, first, last, keys, labels, fylker, now]) => ({
      nr, name, first, last, keys: list(keys), labels: list(labels), fylker: list(fylker),
      now: list(now).map((numbers) => numbers.split(" "))
    }));
    const byNr = new Map(entries.map((entry) => [entry.nr, entry]));
    const now = (entry, year) => entry.now[index.years.indexOf(year)];

    // -- words and spellings (geo.places.spellings) -----------------------------------------------

    function words(text) {
      const apart = text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
      const plain = [...apart].map((sign) => index.plain[sign] || sign).join("");
      return plain.replace(/[^\p{L}\p{N}]+/gu, " ").split(" ").filter(Boolean);
    }

    function significantWords(given) {
      const significant = given.filter((word) => !fillers.has(word));
      return significant.length ? significant : given;
    }

    function wholes(spelling) {
      const given = spelling.split(" ");
      return new Set([given.join(""), significantWords(given).join("")]);
    }

    const byKey = new Map();
    const bySpelling = new Map();
    const put = (map, key, entry) => (map.has(key) ? map.get(key).push(entry) : map.set(key, [entry]));
    entries.forEach((entry) => {
      entry.keys.forEach((key) => put(bySpelling, key, entry));
      [...entry.keys, ...entry.labels].forEach((key) => wholes(key).forEach((whole) => put(byKey, whole, entry)));
    });
    const spaced = [...bySpelling].map(([key, those]) => ({ key, bare: key.replaceAll(" ", ""), those }));

    // -- matching (geo.places.search) -------------------------------------------------------------

    const exact = (wanted) => wanted.flatMap((text) => byKey.get(text) || []);

    function near(wanted, most) {
      return wanted.flatMap((text) => [...byKey].filter(([key]) => mistakes(text, key, most) <= most).flatMap(([, those]) => those));
    }

    function county(key) {
      if (Object.hasOwn(index.counties, key)) return [new Set(index.counties[key]), true];
      if (key.length < index.countyMisspeltFrom) return [new Set(), false];
      const found = Object.keys(index.counties).filter((name) => mistakes(key, name, 1) <= 1);
      return [new Set(found.flatMap((name) => index.counties[name])), false];
    }

    function inCounty(significant, rank) {
      return significant.slice(1).flatMap((_, n) => {
        const [fylker, sure] = county(significant.slice(n + 1).join(""));
        const head = [significant.slice(0, n + 1).join("")];
        let found = rank === EXACT && sure ? exact(head) : [];
        if (fylker.size && rank === LIKELY) found = near(head, 1);
        return found.filter((entry) => entry.fylker.some((one) => fylker.has(one)));
      });
    }

    function named(given) {
      const significant = significantWords(given);
      const whole = significant.join("");
      const text = significant.join(" ");
      const wanted = [...new Set([given.join(""), whole])];
      const ranks = new Map();
      const add = (found, rank) => found.forEach((entry) => { if (!ranks.has(entry)) ranks.set(entry, rank); });
      add(exact(wanted), EXACT);
      add(inCounty(significant, EXACT), EXACT);
      const beginning = spaced.filter((one) => one.key.startsWith(text) || one.bare.startsWith(whole)).flatMap((one) => one.those);
      const close = near(wanted, 1);
      const almost = new Set(close);
      add(beginning.filter((entry) => almost.has(entry)), ALMOST);
      add(beginning, BEGINS);
      add(spaced.filter((one) => one.key.includes(` ${text}`)).flatMap((one) => one.those), WORD_BEGINS);
      add(close, LIKELY);
      add(inCounty(significant, LIKELY), LIKELY);
      if (!ranks.size) add(near(wanted.filter((one) => one.length >= index.twoMistakesFrom), 2), PERHAPS);
      return ranks;
    }

    function numbered(text) {
      const digits = text.normalize("NFKD").match(/[0-9]+/);
      const ranks = new Map();
      if (!digits) return ranks;
      const [number] = digits;
      if (!/\p{L}/u.test(text)) entries.filter((entry) => entry.nr.startsWith(number)).forEach((entry) => ranks.set(entry, BEGINS));
      const whole = byNr.get(number.padStart(4, "0"));
      if ([3, 4].includes(number.length) && whole) ranks.set(whole, EXACT);
      return ranks;
    }

    const bounded = (text) => [...text].slice(0, index.longest).join("");

    function rank(long) {
      const text = bounded(long);
      const numbers = numbered(text);
      const given = words(text);
      if (numbers.size || !given.length) return numbers;
      const found = named(given);
      if (found.size) return found;
      const head = words(text.split(SPLIT)[0]);
      if (!head.length || head.length === given.length) return new Map();
      return new Map([...named(head)].filter(([, one]) => one === EXACT).map(([entry]) => [entry, PERHAPS]));
    }

    function find(text, year, limit) {
      const there = (entry) => (entry.first <= year && year <= entry.last ? 0 : 1);
      const before = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
      const ranked = [...rank(text)].sort(([a, one], [b, other]) => one - other || there(a) - there(b)
        || b.last - a.last || before(a.name, b.name) || before(a.nr, b.nr));
      const seen = new Set();
      const some = (found, certain) => {
        const hits = [];
        found.forEach(([entry]) => {
          const key = `${entry.name} ${now(entry, year)}`;
          if (hits.length === limit || seen.has(key)) return;
          seen.add(key);
          hits.push({ ...entry, certain });
        });
        return hits;
      };
      return [...some(ranked.filter(([, one]) => one < LIKELY), true), ...some(ranked.filter(([, one]) => one >= LIKELY), false)];
    }

    // Return the known place in a text that is not a kommune; null if a kommune has the name.
    function other(text, lang) {
      if ([...rank(text).values()].includes(EXACT)) return null;
      const key = significantWords(words(bounded(text))).join("");
      if (!Object.hasOwn(index.known, key)) return null;
      const [message, names, beside] = index.known[key];
      return { message, name: names[names.length > 1 ? index.languages.indexOf(lang) : 0], beside };
    }

    return { find: find, other: other, get: (nr) => byNr.get(nr), now: now };
  }

  window.edition.search = create;
})();

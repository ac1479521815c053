// The map's own reading of packed shapes, without a browser: packed JSON comes in, what the map
// would draw goes out, positions as [north, east].
"use strict";
const fs = require("fs");
const vm = require("vm");

globalThis.window = globalThis;
globalThis.L = {
  CRS: {},
  Util: { extend: Object.assign },
  bounds: () => null,
  transformation: (...numbers) => numbers,
  latLng: (north, east) => [north, east],
  latLngBounds: () => null
};
vm.runInThisContext(fs.readFileSync(process.argv[2], "utf8"), { filename: process.argv[2] });
process.stdout.write(JSON.stringify(coverageGround.unpack(JSON.parse(fs.readFileSync(0, "utf8")))));

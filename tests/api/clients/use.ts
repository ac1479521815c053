// Calls the API with types that openapi-typescript generates: what does not exist does not compile.
// An answer may be CSV too, so the client says which forms it reads.
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

declare const process: { argv: string[] };
type Row = components["schemas"]["CoverageRow"];

const [root] = process.argv.slice(2);
const client = createClient<paths, "application/json" | "application/problem+json">({ baseUrl: `${root}api/v1` });

const coverage = await client.GET("/coverage", {
  params: { query: { project: ["kraftsenter-st", "voss"], year: 2015 } },
});
const covered: Row[] = (coverage.data?.data ?? []).filter((row) => row.state === "whole");

const check = await client.GET("/check", {
  params: { query: { about: "kraftsenter-st", claim: ["kommuner:25", "fylker:3"], year: 2015 } },
});

const refused = await client.GET("/kommuner", { params: { query: { kommune: "301" } } });

console.log(
  JSON.stringify({
    kommuner: coverage.data?.sums.kommuner.value,
    covered: covered.map((row) => row.kommunenr),
    verdicts: check.data?.data.map((figure) => figure.verdict),
    problem: refused.error?.errors?.map((one) => one.parameter),
  }),
);

// Translates CQL libraries to ELM and runs each over its patients. One JSON file in, one out.
// in:  [{ "cql": text, "patients": [{ "On": "2024-01-31", "Measurements": [...], ... }] }]
// out: [{ "errors": [text], "results": [{ "<define>": true | false | null | number | text }] }]
import { readFileSync, writeFileSync } from "node:fs";

const modules = new URL("../../.cql/node_modules/", import.meta.url);
const from = (path) => import(new URL(path, modules));
const { SystemModelInfoProvider } = await from("@cqframework/cql/cql.mjs");
const { CqlCompilerOptions, CqlTranslator, LibraryManager, ModelManager } = await from("@cqframework/cql/cql-to-elm.mjs");
const { default: cql } = await from("cql-execution/lib/cql.js");

const DAYS = new Set(["on", "baseline", "dated", "started", "ended", "bornEarliest", "bornLatest"]);
const withDays = (key, value) => (DAYS.has(key) && value !== null ? cql.Date.parse(value) : value);
const plain = (value) => value === null || ["boolean", "number", "string"].includes(typeof value);

// As strict as the translator's default, without the annotations and locators that nobody reads here.
const { DisableListDemotion, DisableListPromotion } = CqlCompilerOptions.Options;
const models = new ModelManager();
models.modelInfoLoader.registerModelInfoProvider(new SystemModelInfoProvider());

function translated(text) {
  const options = new CqlCompilerOptions().withOptions([DisableListDemotion, DisableListPromotion]);
  const translator = CqlTranslator.fromText(text, new LibraryManager(models, options));
  const errors = translator.errors.asJsReadonlyArrayView().map((error) => error.message);
  return { errors, elm: errors.length ? null : JSON.parse(translator.toJson()) };
}

async function judged(library, parameters) {
  const executor = new cql.Executor(library, null, parameters);
  const { unfilteredResults } = await executor.exec(new cql.PatientSource([]));
  const told = Object.entries(unfilteredResults).filter(([, value]) => [value].flat().every(plain));
  return Object.fromEntries(told);
}

const [input, output] = process.argv.slice(2);
const answers = [];
for (const { cql: text, patients } of JSON.parse(readFileSync(input, "utf8"), withDays)) {
  const { errors, elm } = translated(text);
  const library = elm && new cql.Library(elm);
  const results = [];
  for (const patient of elm ? patients : []) results.push(await judged(library, patient));
  answers.push({ errors, results });
}
writeFileSync(output, JSON.stringify(answers));

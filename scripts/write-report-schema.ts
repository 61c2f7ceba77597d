/** Writes docs/report.schema.json, the JSON Schema of reports as code, from the schema that validates them. */
import { writeFileSync } from 'node:fs';
import { reportJsonSchema } from '../src/definition/report-json-schema.ts';

const target = new URL('../docs/report.schema.json', import.meta.url);
writeFileSync(target, `${JSON.stringify(reportJsonSchema(), null, 2)}\n`);

import { z } from 'zod';
import { reportFileSchema } from './report-file.ts';

/** The JSON Schema of reports as code, for editors: published as docs/report.schema.json. */
export function reportJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(reportFileSchema, { io: 'input' }), title: 'Broadsheet report' };
}

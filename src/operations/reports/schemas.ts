import { z } from 'zod';
import { jsonObject, linkIds, nameText, uuid } from '../resources/schemas.ts';

const fields = {
  name: nameText,
  /** `pages`: pages of placed widgets; other keys are kept. */
  config: jsonObject.optional(),
  /** `general`, `header`, `footer`, `style`; other keys are kept. */
  settings: jsonObject.optional(),
  is_system: z.boolean().optional(),
  dashboard_id: uuid.nullish(),
  category_id: uuid.nullish(),
  _relations: z.object({ users: linkIds.nullish(), groups: linkIds.nullish() }).nullish(),
};

export const createReportSchema = z.object(fields);
export const updateReportSchema = z.object(fields).partial().extend({ id: uuid });

export type CreateReportInput = z.output<typeof createReportSchema>;
export type UpdateReportInput = z.output<typeof updateReportSchema>;

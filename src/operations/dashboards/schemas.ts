import { z } from 'zod';
import { jsonObject, line, linkIds, nameText, uuid } from '../resources/schemas.ts';

const fields = {
  name: nameText,
  /** `grid` and `period` are read when printing; other keys are kept. */
  config: jsonObject.optional(),
  trace_id: line(200).nullish(),
  user_ids: linkIds.nullish(),
  group_ids: linkIds.nullish(),
  _relations: z.object({ users: linkIds.nullish(), groups: linkIds.nullish() }).nullish(),
};

export const createDashboardSchema = z.object(fields);
export const updateDashboardSchema = z.object(fields).partial().extend({ id: uuid });

export type CreateDashboardInput = z.output<typeof createDashboardSchema>;
export type UpdateDashboardInput = z.output<typeof updateDashboardSchema>;

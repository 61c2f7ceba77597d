import { z } from 'zod';
import { jsonObject, nameText, uuid } from '../resources/schemas.ts';

const fields = {
  name: nameText,
  config: jsonObject.optional(),
  settings: jsonObject.optional(),
  dashboard_id: uuid,
};

export const createWidgetSchema = z.object(fields);
export const updateWidgetSchema = z.object(fields).partial().extend({ id: uuid });

export type CreateWidgetInput = z.output<typeof createWidgetSchema>;
export type UpdateWidgetInput = z.output<typeof updateWidgetSchema>;

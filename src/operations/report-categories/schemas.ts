import { z } from 'zod';
import { linkIds, nameText, uuid } from '../resources/schemas.ts';

const fields = {
  name: nameText,
  /** null = at the top. */
  parent_id: uuid.nullish(),
  _relations: z.object({ reports: linkIds.nullish() }).nullish(),
};

export const createCategorySchema = z.object(fields);
export const updateCategorySchema = z.object(fields).partial().extend({ id: uuid });

export type CreateCategoryInput = z.output<typeof createCategorySchema>;
export type UpdateCategoryInput = z.output<typeof updateCategorySchema>;

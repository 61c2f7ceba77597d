import { z } from 'zod';
import { nameText, uuid } from '../resources/schemas.ts';

/** `user_id` absent or null: a service key, which acts as any user. */
export const createKeySchema = z.object({ name: nameText, user_id: uuid.nullish() });

export type CreateKeyInput = z.output<typeof createKeySchema>;

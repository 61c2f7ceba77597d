import { z } from 'zod';
import { parseMailAddress } from '../../deliver/mail-address.ts';
import { line, linkIds, uuid } from '../resources/schemas.ts';

/** A bare address, without a display name. */
const mailAddress = line(320).refine((text) => parseMailAddress(text)?.address === text, 'not an e-mail address');

const fields = {
  username: line().refine((text) => text.trim() !== '', 'must not be empty'),
  email: mailAddress,
  first_name: line().optional(),
  last_name: line().optional(),
  roles: z
    .array(z.enum(['admin', 'sql', 'sources']))
    .max(3)
    .optional(),
  disabled: z.boolean().optional(),
  _relations: z.object({ groups: linkIds.nullish() }).nullish(),
};

export const createUserSchema = z.object(fields);
export const updateUserSchema = z.object(fields).partial().extend({ id: uuid });

export type CreateUserInput = z.output<typeof createUserSchema>;
export type UpdateUserInput = z.output<typeof updateUserSchema>;

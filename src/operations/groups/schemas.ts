import { z } from 'zod';
import { line, linkIds, nameText, uuid } from '../resources/schemas.ts';

const text = line().optional();
const mark = z.boolean().optional();

const fields = {
  name: nameText,
  parent_group: text,
  realm_id: text,
  email: text,
  phone_number: text,
  leader_id: text,
  accept_risk: mark,
  visible_scan_schedules: mark,
  stop_scans: mark,
  edited_by: text,
  user_ids: linkIds.nullish(),
  _relations: z.object({ users: linkIds.nullish() }).nullish(),
};

export const createGroupSchema = z.object(fields);
export const updateGroupSchema = z.object(fields).partial().extend({ id: uuid });

export type CreateGroupInput = z.output<typeof createGroupSchema>;
export type UpdateGroupInput = z.output<typeof updateGroupSchema>;

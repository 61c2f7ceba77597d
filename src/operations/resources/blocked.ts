import { BroadsheetError } from '../../errors.ts';

/** What stands in the way of a delete; the name only where the actor may see the object. */
export interface Blocker {
  readonly id: string;
  readonly name?: string;
}

/** @throws BroadsheetError `blocked` with the blocking objects by relation, if there are any. */
export function refuseIfBlocked(relations: Readonly<Record<string, readonly Blocker[]>>): void {
  const blocking = Object.entries(relations).filter(([, objects]) => objects.length > 0);
  if (blocking.length === 0) return;
  throw new BroadsheetError('blocked', 'deleting is not possible: other objects are related to this one', {
    relations: Object.fromEntries(blocking),
  });
}

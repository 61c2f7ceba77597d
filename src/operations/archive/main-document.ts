import { and, eq } from 'drizzle-orm';
import { documents } from '../../store/schema/runs.ts';

/** The one document of a run that it is there for: not its further formats, not the mail's picture. */
export const mainOf = (runId: string) => and(eq(documents.runId, runId), eq(documents.role, 'main'));

import { and, eq, isNotNull, sql } from 'drizzle-orm';
import { workloadReports } from '../../store/schema/fleet.ts';
import type { TaskHooks } from '../../tasks/handlers.ts';
import { WORKLOAD_TASK } from './parts.ts';

/** The report follows its task: CREATING while it runs, also again, then what became of it. */
export const workloadHooks: TaskHooks = {
  finished: {
    [WORKLOAD_TASK]: async (tx, task, at) => {
      // A step that was skipped by hand has made nothing.
      const made = and(isNotNull(workloadReports.htmlDocumentId), sql`${task.state} = 'SUCCESSFUL'`);
      await tx
        .update(workloadReports)
        .set({ status: sql`case when ${made} then 'SUCCESSFUL' else 'FAILED' end`, updatedAt: at })
        .where(eq(workloadReports.taskInstanceId, task.id));
    },
  },
  reopened: {
    [WORKLOAD_TASK]: async (tx, task, at) => {
      await tx
        .update(workloadReports)
        .set({ status: 'CREATING', updatedAt: at })
        .where(eq(workloadReports.taskInstanceId, task.id));
    },
  },
};

import type { PlacedStep, TaskDetails } from '../../operations/tasks/get-task.ts';
import type { ListedTask, NamedTask } from '../../operations/tasks/list-tasks.ts';
import type { SubtaskLog } from '../../operations/tasks/read-subtask-log.ts';
import type { Exchange } from './envelope.ts';
import { localSeconds, localTime } from './times.ts';

type Zone = Pick<Exchange, 'timeZone'>;

/** OCP's `system` user. */
const SYSTEM = { id: 200, name: 'system' };
/** A task that no stored definition stands behind. */
const NO_DEFINITION = -1;
/** A user who is no more. */
const GONE = { id: 0, name: 'unknown' };

/** Clients expect a number: users have one beside their uuid. */
function creatorOf({ task, creatorName, creatorNumber }: NamedTask): { readonly id: number; readonly name: string } {
  if (task.creatorId === null) return SYSTEM;
  return creatorName === null || creatorNumber === null ? GONE : { id: creatorNumber, name: creatorName };
}

const timeOf = (at: Date | null, { timeZone }: Zone): string | null => at && localTime(at, timeZone);

const subtaskHead = ({ id, name, state, operation }: ListedTask['subtasks'][number]) => ({
  id,
  name,
  description: name,
  status: state,
  operation,
});

/** What both shapes with a cluster and a tenant begin with. */
function taskHead(named: NamedTask, zone: Zone) {
  const { task, cluster, tenant } = named;
  return {
    id: task.id,
    name: task.name,
    cluster: cluster && { id: cluster.id, name: cluster.name, obClusterId: cluster.obClusterId, type: 'PRIMARY' },
    tenant: tenant && { id: tenant.id, name: tenant.name, mode: cluster?.kind, obTenantId: tenant.obTenantId },
    creator: creatorOf(named),
    status: task.state,
    startTime: timeOf(task.createdAt, zone),
    finishTime: timeOf(task.finishedAt, zone),
  };
}

/** BasicTaskInstance: in lists. */
export const basicTask = (listed: ListedTask, zone: Zone) => ({
  ...taskHead(listed, zone),
  subtasks: listed.subtasks.map(subtaskHead),
});

const startedAs = ({ task }: NamedTask) => ({
  type: task.type,
  operation: task.operation,
  executor: task.executor,
  taskDefinitionId: NO_DEFINITION,
});

/** WrappedTaskInstance: one task, for reading, retry and rollback. */
export const wrappedTask = (details: TaskDetails, zone: Zone) => ({
  ...taskHead(details, zone),
  ...startedAs(details),
  prohibitRollback: details.rollbackProhibited,
  createTime: localSeconds(details.task.createdAt, zone.timeZone),
  subtasks: details.steps.map((placed) => wrappedSubtask(placed, zone)),
});

function wrappedSubtask({ step, upstreams, downstreams }: PlacedStep, zone: Zone) {
  return {
    ...subtaskHead(step),
    seriesId: step.seriesId,
    timeout: step.timeoutSeconds,
    executor: step.startedAt && step.executor,
    runTime: step.runTime,
    nodeType: 'JAVA_TASK',
    parallelIdx: step.parallelIdx,
    upstreams,
    downstreams,
    prohibitRollback: step.prohibitRollback,
    createTime: localSeconds(step.createdAt, zone.timeZone),
    startTime: timeOf(step.startedAt, zone),
    finishTime: timeOf(step.finishedAt, zone),
  };
}

/** SubtaskInstance: what a subtask's retry answers, and the subtasks of a TaskInstance. */
export const subtaskInstance = (placed: PlacedStep, zone: Zone) => ({
  className: placed.step.handler,
  ...wrappedSubtask(placed, zone),
});

/** TaskInstance: what an operation that starts a task answers. */
export function taskInstance(details: TaskDetails, zone: Zone) {
  const { task } = details;
  return {
    context: contextOf(details),
    creator: creatorOf(details).name,
    id: task.id,
    name: task.name,
    clusterId: task.clusterId,
    tenantId: task.tenantId,
    hostId: task.hostId,
    ...startedAs(details),
    status: task.state,
    createTime: localSeconds(task.createdAt, zone.timeZone),
    startTime: timeOf(task.createdAt, zone),
    finishTime: timeOf(task.finishedAt, zone),
    subtasks: details.steps.map((placed) => subtaskInstance(placed, zone)),
  };
}

/** OCP's context knows texts and lists of texts. */
function contextOf({ task, context }: TaskDetails) {
  const stringMap: Record<string, string> = { prohibit_rollback: String(task.prohibitRollback) };
  const listMap: Record<string, string[]> = {};
  for (const [name, value] of Object.entries(context)) {
    if (Array.isArray(value)) listMap[name] = value.map(textOf);
    else if (value !== null && value !== undefined) stringMap[name] = textOf(value);
  }
  return { listMap, parallel: false, parallelIdx: -1, stringMap };
}

const textOf = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));

/**
 * The log of a step as OCP writes it: a chunk per attempt under `############{OPERATION}{time}############`, its lines
 * `time LEVEL message {detail}`, and at last the state that the step came to.
 */
export function logText({ step, attempts }: SubtaskLog, zone: Zone): string {
  const chunks = attempts.map(({ attempt, begun, lines }) => {
    const at = begun?.beganAt ?? lines[0]?.at ?? step.createdAt;
    const time = timeOf(at, zone);
    const executor = begun?.executor ?? GONE;
    return [
      `############{${begun?.operation ?? 'EXECUTE'}}{${time}}############`,
      `${time} INFO Run subtask, id=${step.id}, name=${step.name}, attempt=${attempt}, executor=${executor}`,
      ...lines.map((line) => {
        const detail = Object.keys(line.detail).length === 0 ? '' : ` ${JSON.stringify(line.detail)}`;
        return `${timeOf(line.at, zone)} ${line.level.toUpperCase()} ${line.message}${detail}`;
      }),
    ].join('\n');
  });
  const ended = step.state === 'SUCCESSFUL' || step.state === 'FAILED' || step.state === 'PENDING';
  if (!ended || chunks.length === 0) return chunks.join('\n');
  const set = `Set state for subtask: ${step.id}, operation: ${step.operation}, state: ${step.state}`;
  return [...chunks, `${timeOf(step.finishedAt ?? step.updatedAt, zone)} INFO ${set}`].join('\n');
}

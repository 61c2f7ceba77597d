import { execute, type Transaction } from './execute.ts';

export interface PartBase {
  readonly snapshot_id: number;
  readonly view: string;
  readonly scope: string;
  readonly payload: Buffer;
}

/** The newest whole part of every view and scope of a cluster since `since`: what the next snapshot may be stored against. */
export function newestWholeParts(tx: Transaction, clusterId: number, since: Date): Promise<PartBase[]> {
  return execute(
    tx,
    `select distinct on (p.view, p.scope) p.snapshot_id::float8 as snapshot_id, p.view, p.scope, p.payload
     from snapshot_parts p join snapshots s on s.id = p.snapshot_id
     where s.cluster_id = $1::bigint and s.captured_at >= $2::text::timestamptz and p.base_id is null
     order by p.view, p.scope, s.captured_at desc`,
    [clusterId, since.toISOString()],
  );
}

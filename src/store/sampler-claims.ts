import { execute, type Transaction } from './execute.ts';

/** Clusters whose sessions nobody samples now, taken for this process until `until`; at most `limit`. */
export function claimSampling(
  tx: Transaction,
  claim: { readonly samplerId: string; readonly now: Date; readonly until: Date; readonly limit: number },
): Promise<{ readonly id: number }[]> {
  return execute(
    tx,
    `update clusters set sampler_id = $1::text::uuid, sampler_until = $2::text::timestamptz
     where id in (
       select id from clusters
       where sampling_enabled and (sampler_until is null or sampler_until < $3::text::timestamptz)
       order by id limit $4::int for update skip locked)
     returning id::float8 as id`,
    [claim.samplerId, claim.until.toISOString(), claim.now.toISOString(), claim.limit],
  );
}

/** Go on sampling a cluster; an empty answer means that it is not ours any more, or is not to be sampled. */
export function keepSampling(
  tx: Transaction,
  claim: { readonly samplerId: string; readonly clusterId: number; readonly until: Date },
): Promise<{ readonly id: number }[]> {
  return execute(
    tx,
    `update clusters set sampler_until = $2::text::timestamptz
     where id = $3::bigint and sampler_id = $1::text::uuid and sampling_enabled
     returning id::float8 as id`,
    [claim.samplerId, claim.until.toISOString(), claim.clusterId],
  );
}

/** Let another process take it at once. */
export function endSampling(
  tx: Transaction,
  claim: { readonly samplerId: string; readonly clusterId: number },
): Promise<unknown[]> {
  return execute(
    tx,
    `update clusters set sampler_id = null, sampler_until = null where id = $2::bigint and sampler_id = $1::text::uuid`,
    [claim.samplerId, claim.clusterId],
  );
}

import { execute, type Transaction } from './execute.ts';
import { removal } from './removal.ts';

/**
 * Remove snapshots captured before `before` but for those that a kept workload report was made of, and those that younger
 * parts are stored against.
 */
export const removeExpiredSnapshots = removal(
  `delete from snapshots where id in (
     select s.id from snapshots s
     where s.captured_at < $1::text::timestamptz
       and not exists (
         select from workload_reports r join snapshots a on a.id = r.start_snapshot_id
           join snapshots b on b.id = r.end_snapshot_id
         where r.kept and r.cluster_id = s.cluster_id and s.captured_at between a.captured_at and b.captured_at)
       and not exists (
         select from snapshot_parts p where p.base_id = s.id and p.snapshot_id <> s.id)
     order by s.captured_at
     limit $2::int
     for update skip locked)
   returning id`,
);

/** Remove minutes of session samples. */
export const removeExpiredSamples = removal(
  `delete from session_samples where ctid = any (array(
     select ctid from session_samples where minute < $1::text::timestamptz limit $2::int))
   returning 1 as removed`,
);

/**
 * Remove texts of statements and indexes that were not seen since `before`, and that none of the snapshots still there can
 * have seen: those of kept reports keep their texts. Instants of texts are noted within a day.
 */
export const removeUnseenTexts = removal(
  `delete from cluster_texts where ctid = any (array(
     select t.ctid from cluster_texts t
     where t.last_seen_at < $1::text::timestamptz
       and not exists (
         select from snapshots s
         where s.cluster_id = t.cluster_id
           and s.captured_at between t.first_seen_at - interval '1 day' and t.last_seen_at + interval '1 day')
     limit $2::int))
   returning 1 as removed`,
);

/** Workload reports made before `before` that nobody keeps, with the documents they own. */
export function expiredWorkloadReports(
  tx: Transaction,
  before: Date,
  limit: number,
): Promise<{ readonly id: number; readonly html: string | null; readonly pdf: string | null }[]> {
  return execute(
    tx,
    `select id::float8 as id, html_document_id as html, pdf_document_id as pdf from workload_reports
     where created_at < $1::text::timestamptz and not kept and status <> 'CREATING'
     order by created_at limit $2::int for update skip locked`,
    [before.toISOString(), limit],
  );
}

-- Every firing rewrites its task's row. With the default of a fifth of the table a million tasks would first grow by
-- 200 000 dead rows; the scan that looks for due tasks has to step over them.
ALTER TABLE "report_tasks" SET (autovacuum_vacuum_scale_factor = 0.01);

CREATE INDEX "report_tasks_unserved" ON "report_tasks" ("unserved_since") WHERE unserved_since is not null;--> statement-breakpoint
CREATE INDEX "deliveries_document_id_index" ON "deliveries" ("document_id");--> statement-breakpoint
CREATE INDEX "runs_task_instance_id_index" ON "runs" ("task_instance_id");
CREATE TABLE "subtask_attempts" (
	"subtask_id" bigint,
	"attempt" integer,
	"operation" text NOT NULL,
	"executor" text,
	"began_at" timestamp(6) with time zone NOT NULL,
	CONSTRAINT "subtask_attempts_pkey" PRIMARY KEY("subtask_id","attempt")
);
--> statement-breakpoint
DROP INDEX "subtasks_task_instance_id_index";--> statement-breakpoint
ALTER TABLE "subtasks" ADD COLUMN "series_id" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "subtasks" ADD COLUMN "run_time" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "subtasks" ADD COLUMN "timeout_seconds" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "subtasks" ADD COLUMN "parallel_idx" integer DEFAULT -1 NOT NULL;--> statement-breakpoint
ALTER TABLE "subtasks" ADD COLUMN "prohibit_rollback" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "subtasks" ADD COLUMN "executor" text;--> statement-breakpoint
ALTER TABLE "task_instances" ADD COLUMN "operation" text DEFAULT 'EXECUTE' NOT NULL;--> statement-breakpoint
ALTER TABLE "task_instances" ADD COLUMN "type" text DEFAULT 'MANUAL' NOT NULL;--> statement-breakpoint
ALTER TABLE "task_instances" ADD COLUMN "prohibit_rollback" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "task_instances" ADD COLUMN "executor" text;--> statement-breakpoint
ALTER TABLE "task_instances" ADD COLUMN "cluster_id" bigint GENERATED ALWAYS AS ((context->>'cluster_id')::bigint) STORED;--> statement-breakpoint
ALTER TABLE "task_instances" ADD COLUMN "tenant_id" bigint GENERATED ALWAYS AS ((context->>'tenant_id')::bigint) STORED;--> statement-breakpoint
ALTER TABLE "task_instances" ADD COLUMN "host_id" bigint GENERATED ALWAYS AS ((context->>'host_id')::bigint) STORED;--> statement-breakpoint
UPDATE "subtasks" s SET "series_id" = n.series_id FROM (
	SELECT id, row_number() OVER (PARTITION BY task_instance_id ORDER BY id) - 1 AS series_id FROM "subtasks"
) n WHERE n.id = s.id;--> statement-breakpoint
ALTER TABLE "subtasks" ADD CONSTRAINT "subtasks_series" UNIQUE("task_instance_id","series_id");--> statement-breakpoint
CREATE INDEX "task_instances_state_id_index" ON "task_instances" ("state","id");--> statement-breakpoint
CREATE INDEX "task_instances_cluster_id_id_index" ON "task_instances" ("cluster_id","id");--> statement-breakpoint
CREATE INDEX "task_instances_creator_id_id_index" ON "task_instances" ("creator_id","id");--> statement-breakpoint
ALTER TABLE "subtask_attempts" ADD CONSTRAINT "subtask_attempts_subtask_id_subtasks_id_fkey" FOREIGN KEY ("subtask_id") REFERENCES "subtasks"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "task_instances" ADD CONSTRAINT "task_instances_operation" CHECK (operation in ('EXECUTE', 'RETRY', 'ROLLBACK'));--> statement-breakpoint
ALTER TABLE "task_instances" ADD CONSTRAINT "task_instances_type" CHECK (type in ('MANUAL', 'SCHEDULED', 'SYS_SCHEDULED'));
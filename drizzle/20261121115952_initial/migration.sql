CREATE TABLE "api_keys" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	"created_at" timestamp(6) with time zone NOT NULL,
	"updated_at" timestamp(6) with time zone NOT NULL,
	"name" text NOT NULL,
	"user_id" uuid,
	"key_hash" bytea NOT NULL UNIQUE,
	"revoked_at" timestamp(6) with time zone
);
--> statement-breakpoint
CREATE TABLE "audit_log" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "audit_log_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp(6) with time zone NOT NULL,
	"actor_id" uuid,
	"action" text NOT NULL,
	"object_kind" text NOT NULL,
	"object_id" text NOT NULL,
	"trace_id" text,
	"request_id" text,
	"detail" jsonb DEFAULT '{}' NOT NULL
);
--> statement-breakpoint
CREATE TABLE "group_users" (
	"group_id" uuid,
	"user_id" uuid,
	CONSTRAINT "group_users_pkey" PRIMARY KEY("group_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "groups" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	"created_at" timestamp(6) with time zone NOT NULL,
	"updated_at" timestamp(6) with time zone NOT NULL,
	"name" text NOT NULL,
	"parent_group" text DEFAULT '' NOT NULL,
	"realm_id" text DEFAULT '' NOT NULL,
	"email" text DEFAULT '' NOT NULL,
	"phone_number" text DEFAULT '' NOT NULL,
	"leader_id" text DEFAULT '' NOT NULL,
	"accept_risk" boolean DEFAULT false NOT NULL,
	"visible_scan_schedules" boolean DEFAULT false NOT NULL,
	"stop_scans" boolean DEFAULT false NOT NULL,
	"edited_by" text DEFAULT '' NOT NULL
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	"created_at" timestamp(6) with time zone NOT NULL,
	"updated_at" timestamp(6) with time zone NOT NULL,
	"username" text NOT NULL UNIQUE,
	"email" text NOT NULL,
	"first_name" text DEFAULT '' NOT NULL,
	"last_name" text DEFAULT '' NOT NULL,
	"roles" text[] DEFAULT '{}'::text[] NOT NULL,
	"disabled" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "dashboard_groups" (
	"dashboard_id" uuid,
	"group_id" uuid,
	CONSTRAINT "dashboard_groups_pkey" PRIMARY KEY("dashboard_id","group_id")
);
--> statement-breakpoint
CREATE TABLE "dashboard_users" (
	"dashboard_id" uuid,
	"user_id" uuid,
	CONSTRAINT "dashboard_users_pkey" PRIMARY KEY("dashboard_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "dashboards" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	"created_at" timestamp(6) with time zone NOT NULL,
	"updated_at" timestamp(6) with time zone NOT NULL,
	"name" text NOT NULL,
	"config" jsonb DEFAULT '{}' NOT NULL,
	"trace_id" text,
	"owner_id" uuid
);
--> statement-breakpoint
CREATE TABLE "report_categories" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	"created_at" timestamp(6) with time zone NOT NULL,
	"updated_at" timestamp(6) with time zone NOT NULL,
	"name" text NOT NULL,
	"parent_id" uuid
);
--> statement-breakpoint
CREATE TABLE "report_groups" (
	"report_id" uuid,
	"group_id" uuid,
	CONSTRAINT "report_groups_pkey" PRIMARY KEY("report_id","group_id")
);
--> statement-breakpoint
CREATE TABLE "report_tasks" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	"created_at" timestamp(6) with time zone NOT NULL,
	"updated_at" timestamp(6) with time zone NOT NULL,
	"interval" text NOT NULL,
	"instance" uuid NOT NULL,
	"report_id" uuid NOT NULL,
	"owner_id" uuid,
	"time_zone" text NOT NULL,
	"locale" text NOT NULL,
	"enabled" boolean DEFAULT true NOT NULL,
	"start_at" timestamp(6) with time zone,
	"end_at" timestamp(6) with time zone,
	"misfire_policy" text DEFAULT 'once' NOT NULL,
	"overlap_policy" text DEFAULT 'queue' NOT NULL,
	"on_partial" text DEFAULT 'send' NOT NULL,
	"recipients" jsonb DEFAULT '{"to":[],"cc":[],"bcc":[]}' NOT NULL,
	"reply_to" text,
	"subject" text,
	"message" text,
	"next_run_at" timestamp(6) with time zone,
	"unserved_since" timestamp(6) with time zone,
	CONSTRAINT "report_tasks_misfire_policy" CHECK (misfire_policy in ('skip', 'once', 'all')),
	CONSTRAINT "report_tasks_overlap_policy" CHECK (overlap_policy in ('skip', 'queue', 'parallel')),
	CONSTRAINT "report_tasks_on_partial" CHECK (on_partial in ('send', 'hold'))
);
--> statement-breakpoint
CREATE TABLE "report_users" (
	"report_id" uuid,
	"user_id" uuid,
	CONSTRAINT "report_users_pkey" PRIMARY KEY("report_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "reports" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	"created_at" timestamp(6) with time zone NOT NULL,
	"updated_at" timestamp(6) with time zone NOT NULL,
	"name" text NOT NULL,
	"config" jsonb DEFAULT '{}' NOT NULL,
	"settings" jsonb DEFAULT '{}' NOT NULL,
	"is_system" boolean DEFAULT false NOT NULL,
	"dashboard_id" uuid,
	"category_id" uuid,
	"owner_id" uuid,
	"task_id" uuid
);
--> statement-breakpoint
CREATE TABLE "source_groups" (
	"source_id" uuid,
	"group_id" uuid,
	CONSTRAINT "source_groups_pkey" PRIMARY KEY("source_id","group_id")
);
--> statement-breakpoint
CREATE TABLE "source_users" (
	"source_id" uuid,
	"user_id" uuid,
	CONSTRAINT "source_users_pkey" PRIMARY KEY("source_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "sources" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	"created_at" timestamp(6) with time zone NOT NULL,
	"updated_at" timestamp(6) with time zone NOT NULL,
	"name" text NOT NULL UNIQUE,
	"kind" text NOT NULL,
	"url_sealed" bytea NOT NULL,
	"url_masked" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"owner_id" uuid,
	"max_queries" integer
);
--> statement-breakpoint
CREATE TABLE "widgets" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	"created_at" timestamp(6) with time zone NOT NULL,
	"updated_at" timestamp(6) with time zone NOT NULL,
	"name" text NOT NULL,
	"config" jsonb DEFAULT '{}' NOT NULL,
	"settings" jsonb DEFAULT '{}' NOT NULL,
	"dashboard_id" uuid NOT NULL
);
--> statement-breakpoint
CREATE TABLE "deliveries" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	"created_at" timestamp(6) with time zone NOT NULL,
	"updated_at" timestamp(6) with time zone NOT NULL,
	"run_id" uuid NOT NULL,
	"document_id" uuid,
	"channel" text NOT NULL,
	"recipient" text NOT NULL,
	"role" text NOT NULL,
	"state" text NOT NULL,
	"message_id" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"response" text,
	"subtask_id" bigint,
	"sent_at" timestamp(6) with time zone,
	CONSTRAINT "deliveries_once" UNIQUE("run_id","channel","recipient"),
	CONSTRAINT "deliveries_state" CHECK (state in ('PENDING', 'SENDING', 'SENT', 'RETRYING', 'REFUSED', 'UNCERTAIN', 'FAILED', 'CANCELED'))
);
--> statement-breakpoint
CREATE TABLE "document_chunks" (
	"document_id" uuid,
	"position" integer,
	"data" bytea NOT NULL,
	CONSTRAINT "document_chunks_pkey" PRIMARY KEY("document_id","position")
);
--> statement-breakpoint
CREATE TABLE "documents" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	"created_at" timestamp(6) with time zone NOT NULL,
	"updated_at" timestamp(6) with time zone NOT NULL,
	"name" text NOT NULL,
	"run_id" uuid UNIQUE,
	"task_id" uuid,
	"report_id" uuid,
	"owner_id" uuid,
	"instance" uuid NOT NULL,
	"media_type" text NOT NULL,
	"size" integer NOT NULL,
	"pages" integer NOT NULL,
	"sha256" text NOT NULL,
	"manifest" jsonb DEFAULT '{}' NOT NULL,
	"storage" text DEFAULT 'postgres' NOT NULL
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"actor_id" uuid,
	"key" text,
	"request_hash" text NOT NULL,
	"run_id" uuid NOT NULL,
	"created_at" timestamp(6) with time zone NOT NULL,
	CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY("actor_id","key")
);
--> statement-breakpoint
CREATE TABLE "notices" (
	"task_id" uuid,
	"cause" text,
	"day" date,
	"run_id" uuid,
	"created_at" timestamp(6) with time zone NOT NULL,
	CONSTRAINT "notices_pkey" PRIMARY KEY("task_id","cause","day")
);
--> statement-breakpoint
CREATE TABLE "runs" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	"created_at" timestamp(6) with time zone NOT NULL,
	"updated_at" timestamp(6) with time zone NOT NULL,
	"task_id" uuid,
	"report_id" uuid,
	"instance" uuid NOT NULL,
	"trigger" text NOT NULL,
	"scheduled_for" timestamp(6) with time zone NOT NULL,
	"requested_by" uuid,
	"state" text NOT NULL,
	"reason" text,
	"params" jsonb DEFAULT '{}' NOT NULL,
	"task_instance_id" bigint,
	"widgets" jsonb DEFAULT '[]' NOT NULL,
	"warnings" jsonb DEFAULT '[]' NOT NULL,
	"timings" jsonb DEFAULT '{}' NOT NULL,
	"error" jsonb,
	"started_at" timestamp(6) with time zone,
	"finished_at" timestamp(6) with time zone,
	CONSTRAINT "runs_once" UNIQUE("task_id","scheduled_for"),
	CONSTRAINT "runs_state" CHECK (state in ('QUEUED', 'RUNNING', 'SUCCESSFUL', 'PARTIAL', 'HELD', 'FAILED', 'CANCELED', 'SKIPPED'))
);
--> statement-breakpoint
CREATE TABLE "subtask_edges" (
	"parent_id" bigint,
	"child_id" bigint,
	CONSTRAINT "subtask_edges_pkey" PRIMARY KEY("parent_id","child_id")
);
--> statement-breakpoint
CREATE TABLE "subtask_log" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "subtask_log_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"subtask_id" bigint NOT NULL,
	"at" timestamp(6) with time zone NOT NULL,
	"attempt" integer NOT NULL,
	"level" text NOT NULL,
	"message" text NOT NULL,
	"detail" jsonb DEFAULT '{}' NOT NULL
);
--> statement-breakpoint
CREATE TABLE "subtasks" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "subtasks_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1001 CACHE 1),
	"task_instance_id" bigint NOT NULL,
	"name" text NOT NULL,
	"handler" text NOT NULL,
	"input" jsonb DEFAULT '{}' NOT NULL,
	"state" text NOT NULL,
	"pending_parents" integer DEFAULT 0 NOT NULL,
	"attempt" integer DEFAULT 0 NOT NULL,
	"attempts_left" integer DEFAULT 1 NOT NULL,
	"worker_id" uuid,
	"error" jsonb,
	"created_at" timestamp(6) with time zone NOT NULL,
	"updated_at" timestamp(6) with time zone NOT NULL,
	"started_at" timestamp(6) with time zone,
	"finished_at" timestamp(6) with time zone,
	CONSTRAINT "subtasks_state" CHECK (state in ('PENDING', 'READY', 'RUNNING', 'SUCCESSFUL', 'FAILED', 'CANCELING'))
);
--> statement-breakpoint
CREATE TABLE "task_instances" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "task_instances_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1001 CACHE 1),
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"queue" text NOT NULL,
	"creator_id" uuid,
	"context" jsonb DEFAULT '{}' NOT NULL,
	"created_at" timestamp(6) with time zone NOT NULL,
	"updated_at" timestamp(6) with time zone NOT NULL,
	"finished_at" timestamp(6) with time zone,
	CONSTRAINT "task_instances_state" CHECK (state in ('RUNNING', 'FAILED', 'SUCCESSFUL'))
);
--> statement-breakpoint
CREATE TABLE "workers" (
	"id" uuid PRIMARY KEY,
	"host" text NOT NULL,
	"pid" integer NOT NULL,
	"instances" text[] NOT NULL,
	"started_at" timestamp(6) with time zone NOT NULL,
	"beat_at" timestamp(6) with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "audit_log_object_kind_object_id_index" ON "audit_log" ("object_kind","object_id");--> statement-breakpoint
CREATE INDEX "audit_log_at_index" ON "audit_log" ("at");--> statement-breakpoint
CREATE INDEX "group_users_user_id_index" ON "group_users" ("user_id");--> statement-breakpoint
CREATE INDEX "dashboard_groups_group_id_index" ON "dashboard_groups" ("group_id");--> statement-breakpoint
CREATE INDEX "dashboard_users_user_id_index" ON "dashboard_users" ("user_id");--> statement-breakpoint
CREATE INDEX "report_groups_group_id_index" ON "report_groups" ("group_id");--> statement-breakpoint
CREATE INDEX "report_tasks_due" ON "report_tasks" ("next_run_at") WHERE next_run_at is not null;--> statement-breakpoint
CREATE INDEX "report_tasks_report_id_index" ON "report_tasks" ("report_id");--> statement-breakpoint
CREATE INDEX "report_users_user_id_index" ON "report_users" ("user_id");--> statement-breakpoint
CREATE INDEX "reports_dashboard_id_index" ON "reports" ("dashboard_id");--> statement-breakpoint
CREATE INDEX "reports_category_id_index" ON "reports" ("category_id");--> statement-breakpoint
CREATE INDEX "source_groups_group_id_index" ON "source_groups" ("group_id");--> statement-breakpoint
CREATE INDEX "source_users_user_id_index" ON "source_users" ("user_id");--> statement-breakpoint
CREATE INDEX "widgets_dashboard_id_index" ON "widgets" ("dashboard_id");--> statement-breakpoint
CREATE INDEX "documents_report_id_created_at_index" ON "documents" ("report_id","created_at");--> statement-breakpoint
CREATE INDEX "documents_task_id_created_at_index" ON "documents" ("task_id","created_at");--> statement-breakpoint
CREATE INDEX "runs_task_id_state_index" ON "runs" ("task_id","state");--> statement-breakpoint
CREATE INDEX "runs_report_id_index" ON "runs" ("report_id");--> statement-breakpoint
CREATE INDEX "runs_open" ON "runs" ("state") WHERE state in ('QUEUED', 'RUNNING');--> statement-breakpoint
CREATE INDEX "runs_finished_at_index" ON "runs" ("finished_at");--> statement-breakpoint
CREATE INDEX "subtask_edges_child_id_index" ON "subtask_edges" ("child_id");--> statement-breakpoint
CREATE INDEX "subtask_log_subtask_id_id_index" ON "subtask_log" ("subtask_id","id");--> statement-breakpoint
CREATE INDEX "subtasks_task_instance_id_index" ON "subtasks" ("task_instance_id");--> statement-breakpoint
CREATE INDEX "task_instances_kind_state_index" ON "task_instances" ("kind","state");--> statement-breakpoint
CREATE INDEX "task_instances_finished_at_index" ON "task_instances" ("finished_at");--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "group_users" ADD CONSTRAINT "group_users_group_id_groups_id_fkey" FOREIGN KEY ("group_id") REFERENCES "groups"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "group_users" ADD CONSTRAINT "group_users_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "dashboard_groups" ADD CONSTRAINT "dashboard_groups_dashboard_id_dashboards_id_fkey" FOREIGN KEY ("dashboard_id") REFERENCES "dashboards"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "dashboard_groups" ADD CONSTRAINT "dashboard_groups_group_id_groups_id_fkey" FOREIGN KEY ("group_id") REFERENCES "groups"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "dashboard_users" ADD CONSTRAINT "dashboard_users_dashboard_id_dashboards_id_fkey" FOREIGN KEY ("dashboard_id") REFERENCES "dashboards"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "dashboard_users" ADD CONSTRAINT "dashboard_users_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "dashboards" ADD CONSTRAINT "dashboards_owner_id_users_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users"("id") ON DELETE SET NULL;--> statement-breakpoint
ALTER TABLE "report_categories" ADD CONSTRAINT "report_categories_parent_id_report_categories_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "report_categories"("id") ON DELETE RESTRICT;--> statement-breakpoint
ALTER TABLE "report_groups" ADD CONSTRAINT "report_groups_report_id_reports_id_fkey" FOREIGN KEY ("report_id") REFERENCES "reports"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "report_groups" ADD CONSTRAINT "report_groups_group_id_groups_id_fkey" FOREIGN KEY ("group_id") REFERENCES "groups"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "report_tasks" ADD CONSTRAINT "report_tasks_report_id_reports_id_fkey" FOREIGN KEY ("report_id") REFERENCES "reports"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "report_tasks" ADD CONSTRAINT "report_tasks_owner_id_users_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users"("id") ON DELETE SET NULL;--> statement-breakpoint
ALTER TABLE "report_users" ADD CONSTRAINT "report_users_report_id_reports_id_fkey" FOREIGN KEY ("report_id") REFERENCES "reports"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "report_users" ADD CONSTRAINT "report_users_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "reports" ADD CONSTRAINT "reports_dashboard_id_dashboards_id_fkey" FOREIGN KEY ("dashboard_id") REFERENCES "dashboards"("id") ON DELETE RESTRICT;--> statement-breakpoint
ALTER TABLE "reports" ADD CONSTRAINT "reports_category_id_report_categories_id_fkey" FOREIGN KEY ("category_id") REFERENCES "report_categories"("id") ON DELETE RESTRICT;--> statement-breakpoint
ALTER TABLE "reports" ADD CONSTRAINT "reports_owner_id_users_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users"("id") ON DELETE SET NULL;--> statement-breakpoint
ALTER TABLE "reports" ADD CONSTRAINT "reports_task_id_report_tasks_id_fkey" FOREIGN KEY ("task_id") REFERENCES "report_tasks"("id") ON DELETE SET NULL;--> statement-breakpoint
ALTER TABLE "source_groups" ADD CONSTRAINT "source_groups_source_id_sources_id_fkey" FOREIGN KEY ("source_id") REFERENCES "sources"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "source_groups" ADD CONSTRAINT "source_groups_group_id_groups_id_fkey" FOREIGN KEY ("group_id") REFERENCES "groups"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "source_users" ADD CONSTRAINT "source_users_source_id_sources_id_fkey" FOREIGN KEY ("source_id") REFERENCES "sources"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "source_users" ADD CONSTRAINT "source_users_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "sources" ADD CONSTRAINT "sources_owner_id_users_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users"("id") ON DELETE SET NULL;--> statement-breakpoint
ALTER TABLE "widgets" ADD CONSTRAINT "widgets_dashboard_id_dashboards_id_fkey" FOREIGN KEY ("dashboard_id") REFERENCES "dashboards"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_run_id_runs_id_fkey" FOREIGN KEY ("run_id") REFERENCES "runs"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_document_id_documents_id_fkey" FOREIGN KEY ("document_id") REFERENCES "documents"("id") ON DELETE SET NULL;--> statement-breakpoint
ALTER TABLE "document_chunks" ADD CONSTRAINT "document_chunks_document_id_documents_id_fkey" FOREIGN KEY ("document_id") REFERENCES "documents"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "documents" ADD CONSTRAINT "documents_run_id_runs_id_fkey" FOREIGN KEY ("run_id") REFERENCES "runs"("id") ON DELETE SET NULL;--> statement-breakpoint
ALTER TABLE "documents" ADD CONSTRAINT "documents_report_id_reports_id_fkey" FOREIGN KEY ("report_id") REFERENCES "reports"("id") ON DELETE SET NULL;--> statement-breakpoint
ALTER TABLE "documents" ADD CONSTRAINT "documents_owner_id_users_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users"("id") ON DELETE SET NULL;--> statement-breakpoint
ALTER TABLE "idempotency_keys" ADD CONSTRAINT "idempotency_keys_run_id_runs_id_fkey" FOREIGN KEY ("run_id") REFERENCES "runs"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_task_id_report_tasks_id_fkey" FOREIGN KEY ("task_id") REFERENCES "report_tasks"("id") ON DELETE SET NULL;--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_report_id_reports_id_fkey" FOREIGN KEY ("report_id") REFERENCES "reports"("id") ON DELETE SET NULL;--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_requested_by_users_id_fkey" FOREIGN KEY ("requested_by") REFERENCES "users"("id") ON DELETE SET NULL;--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_task_instance_id_task_instances_id_fkey" FOREIGN KEY ("task_instance_id") REFERENCES "task_instances"("id") ON DELETE SET NULL;--> statement-breakpoint
ALTER TABLE "subtask_edges" ADD CONSTRAINT "subtask_edges_parent_id_subtasks_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "subtasks"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "subtask_edges" ADD CONSTRAINT "subtask_edges_child_id_subtasks_id_fkey" FOREIGN KEY ("child_id") REFERENCES "subtasks"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "subtask_log" ADD CONSTRAINT "subtask_log_subtask_id_subtasks_id_fkey" FOREIGN KEY ("subtask_id") REFERENCES "subtasks"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "subtasks" ADD CONSTRAINT "subtasks_task_instance_id_task_instances_id_fkey" FOREIGN KEY ("task_instance_id") REFERENCES "task_instances"("id") ON DELETE CASCADE;
CREATE TABLE "access_keys" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	"created_at" timestamp(6) with time zone NOT NULL,
	"updated_at" timestamp(6) with time zone NOT NULL,
	"user_id" uuid NOT NULL,
	"access_key" text NOT NULL UNIQUE,
	"secret_sealed" bytea NOT NULL,
	"revoked_at" timestamp(6) with time zone
);
--> statement-breakpoint
CREATE TABLE "login_failures" (
	"key" text PRIMARY KEY,
	"failures" integer NOT NULL,
	"last_at" timestamp(6) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "cluster_grants" (
	"cluster_id" bigint,
	"user_id" uuid,
	"access" text NOT NULL,
	CONSTRAINT "cluster_grants_pkey" PRIMARY KEY("cluster_id","user_id"),
	CONSTRAINT "cluster_grants_access" CHECK (access in ('read', 'read_write'))
);
--> statement-breakpoint
CREATE TABLE "cluster_texts" (
	"cluster_id" bigint,
	"kind" text,
	"scope" text,
	"key" text,
	"text" text NOT NULL,
	"full_length" integer NOT NULL,
	"first_seen_at" timestamp(6) with time zone NOT NULL,
	"last_seen_at" timestamp(6) with time zone NOT NULL,
	CONSTRAINT "cluster_texts_pkey" PRIMARY KEY("cluster_id","kind","scope","key")
);
--> statement-breakpoint
CREATE TABLE "clusters" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "clusters_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"created_at" timestamp(6) with time zone NOT NULL,
	"updated_at" timestamp(6) with time zone NOT NULL,
	"name" text NOT NULL UNIQUE,
	"kind" text NOT NULL,
	"ob_cluster_id" bigint NOT NULL,
	"url_sealed" bytea NOT NULL,
	"url_masked" text NOT NULL,
	"status" text DEFAULT 'UNKNOWN' NOT NULL,
	"version" text,
	"system" text,
	"creator_id" uuid,
	"capture_interval" text DEFAULT '1 * * * *' NOT NULL,
	"capture_enabled" boolean DEFAULT true NOT NULL,
	"sampling_enabled" boolean DEFAULT true NOT NULL,
	"next_capture_at" timestamp(6) with time zone,
	"sampler_id" uuid,
	"sampler_until" timestamp(6) with time zone,
	CONSTRAINT "clusters_kind" CHECK (kind in ('POSTGRESQL', 'MYSQL', 'OCEANBASE')),
	CONSTRAINT "clusters_status" CHECK (status in ('UNKNOWN', 'RUNNING', 'UNAVAILABLE'))
);
--> statement-breakpoint
CREATE TABLE "session_samples" (
	"cluster_id" bigint,
	"minute" timestamp(6) with time zone,
	"payload" bytea NOT NULL,
	CONSTRAINT "session_samples_pkey" PRIMARY KEY("cluster_id","minute")
);
--> statement-breakpoint
CREATE TABLE "snapshot_metrics" (
	"snapshot_id" bigint,
	"metric" text,
	"value" double precision NOT NULL,
	CONSTRAINT "snapshot_metrics_pkey" PRIMARY KEY("snapshot_id","metric")
);
--> statement-breakpoint
CREATE TABLE "snapshot_parts" (
	"snapshot_id" bigint,
	"view" text,
	"scope" text DEFAULT '',
	"base_id" bigint,
	"rows" integer NOT NULL,
	"payload" bytea NOT NULL,
	CONSTRAINT "snapshot_parts_pkey" PRIMARY KEY("snapshot_id","view","scope")
);
--> statement-breakpoint
CREATE TABLE "snapshots" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "snapshots_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"cluster_id" bigint NOT NULL,
	"captured_at" timestamp(6) with time zone NOT NULL,
	"created_at" timestamp(6) with time zone NOT NULL,
	"trigger" text NOT NULL,
	"state" text NOT NULL,
	"engine" text NOT NULL,
	"identity" jsonb,
	"missing" jsonb DEFAULT '[]' NOT NULL,
	"error" jsonb,
	"duration_ms" integer DEFAULT 0 NOT NULL,
	"bytes" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "snapshots_once" UNIQUE("cluster_id","captured_at"),
	CONSTRAINT "snapshots_state" CHECK (state in ('ok', 'partial', 'failed'))
);
--> statement-breakpoint
CREATE TABLE "tenants" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "tenants_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1000001 CACHE 1),
	"created_at" timestamp(6) with time zone NOT NULL,
	"updated_at" timestamp(6) with time zone NOT NULL,
	"cluster_id" bigint NOT NULL,
	"name" text NOT NULL,
	"ob_tenant_id" bigint NOT NULL,
	"gone_at" timestamp(6) with time zone,
	CONSTRAINT "tenants_once" UNIQUE("cluster_id","ob_tenant_id")
);
--> statement-breakpoint
CREATE TABLE "workload_reports" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "workload_reports_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"created_at" timestamp(6) with time zone NOT NULL,
	"updated_at" timestamp(6) with time zone NOT NULL,
	"cluster_id" bigint NOT NULL,
	"name" text NOT NULL,
	"start_snapshot_id" bigint,
	"end_snapshot_id" bigint,
	"begin_at" timestamp(6) with time zone NOT NULL,
	"end_at" timestamp(6) with time zone NOT NULL,
	"status" text NOT NULL,
	"kept" boolean DEFAULT false NOT NULL,
	"task_instance_id" bigint,
	"creator_id" uuid,
	"creator_name" text NOT NULL,
	"html_document_id" uuid,
	"pdf_document_id" uuid,
	CONSTRAINT "workload_reports_status" CHECK (status in ('CREATING', 'SUCCESSFUL', 'FAILED'))
);
--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "password_hash" text;--> statement-breakpoint
CREATE INDEX "access_keys_user_id_index" ON "access_keys" ("user_id");--> statement-breakpoint
CREATE INDEX "cluster_grants_user_id_index" ON "cluster_grants" ("user_id");--> statement-breakpoint
CREATE INDEX "clusters_due" ON "clusters" ("next_capture_at") WHERE capture_enabled;--> statement-breakpoint
CREATE INDEX "snapshot_parts_base_id_index" ON "snapshot_parts" ("base_id");--> statement-breakpoint
CREATE INDEX "snapshots_cluster_id_id_index" ON "snapshots" ("cluster_id","id");--> statement-breakpoint
CREATE INDEX "workload_reports_newest" ON "workload_reports" ("cluster_id","id");--> statement-breakpoint
CREATE INDEX "workload_reports_task_instance_id_index" ON "workload_reports" ("task_instance_id");--> statement-breakpoint
CREATE INDEX "workload_reports_start_snapshot_id_index" ON "workload_reports" ("start_snapshot_id");--> statement-breakpoint
CREATE INDEX "workload_reports_end_snapshot_id_index" ON "workload_reports" ("end_snapshot_id");--> statement-breakpoint
ALTER TABLE "access_keys" ADD CONSTRAINT "access_keys_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "cluster_grants" ADD CONSTRAINT "cluster_grants_cluster_id_clusters_id_fkey" FOREIGN KEY ("cluster_id") REFERENCES "clusters"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "cluster_grants" ADD CONSTRAINT "cluster_grants_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "cluster_texts" ADD CONSTRAINT "cluster_texts_cluster_id_clusters_id_fkey" FOREIGN KEY ("cluster_id") REFERENCES "clusters"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "clusters" ADD CONSTRAINT "clusters_creator_id_users_id_fkey" FOREIGN KEY ("creator_id") REFERENCES "users"("id") ON DELETE SET NULL;--> statement-breakpoint
ALTER TABLE "session_samples" ADD CONSTRAINT "session_samples_cluster_id_clusters_id_fkey" FOREIGN KEY ("cluster_id") REFERENCES "clusters"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "snapshot_metrics" ADD CONSTRAINT "snapshot_metrics_snapshot_id_snapshots_id_fkey" FOREIGN KEY ("snapshot_id") REFERENCES "snapshots"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "snapshot_parts" ADD CONSTRAINT "snapshot_parts_snapshot_id_snapshots_id_fkey" FOREIGN KEY ("snapshot_id") REFERENCES "snapshots"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "snapshot_parts" ADD CONSTRAINT "snapshot_parts_base_id_snapshots_id_fkey" FOREIGN KEY ("base_id") REFERENCES "snapshots"("id");--> statement-breakpoint
ALTER TABLE "snapshots" ADD CONSTRAINT "snapshots_cluster_id_clusters_id_fkey" FOREIGN KEY ("cluster_id") REFERENCES "clusters"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "tenants" ADD CONSTRAINT "tenants_cluster_id_clusters_id_fkey" FOREIGN KEY ("cluster_id") REFERENCES "clusters"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "workload_reports" ADD CONSTRAINT "workload_reports_cluster_id_clusters_id_fkey" FOREIGN KEY ("cluster_id") REFERENCES "clusters"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "workload_reports" ADD CONSTRAINT "workload_reports_start_snapshot_id_snapshots_id_fkey" FOREIGN KEY ("start_snapshot_id") REFERENCES "snapshots"("id") ON DELETE SET NULL;--> statement-breakpoint
ALTER TABLE "workload_reports" ADD CONSTRAINT "workload_reports_end_snapshot_id_snapshots_id_fkey" FOREIGN KEY ("end_snapshot_id") REFERENCES "snapshots"("id") ON DELETE SET NULL;--> statement-breakpoint
ALTER TABLE "workload_reports" ADD CONSTRAINT "workload_reports_task_instance_id_task_instances_id_fkey" FOREIGN KEY ("task_instance_id") REFERENCES "task_instances"("id") ON DELETE SET NULL;--> statement-breakpoint
ALTER TABLE "workload_reports" ADD CONSTRAINT "workload_reports_creator_id_users_id_fkey" FOREIGN KEY ("creator_id") REFERENCES "users"("id") ON DELETE SET NULL;--> statement-breakpoint
ALTER TABLE "workload_reports" ADD CONSTRAINT "workload_reports_html_document_id_documents_id_fkey" FOREIGN KEY ("html_document_id") REFERENCES "documents"("id") ON DELETE SET NULL;--> statement-breakpoint
ALTER TABLE "workload_reports" ADD CONSTRAINT "workload_reports_pdf_document_id_documents_id_fkey" FOREIGN KEY ("pdf_document_id") REFERENCES "documents"("id") ON DELETE SET NULL;
ALTER TABLE "documents" DROP CONSTRAINT "documents_run_id_key";--> statement-breakpoint
ALTER TABLE "report_tasks" ADD COLUMN "outputs" jsonb DEFAULT '["pdf"]' NOT NULL;--> statement-breakpoint
ALTER TABLE "report_tasks" ADD COLUMN "mail_preview" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "documents" ADD COLUMN "kind" text DEFAULT 'pdf' NOT NULL;--> statement-breakpoint
ALTER TABLE "documents" ADD COLUMN "role" text DEFAULT 'main' NOT NULL;--> statement-breakpoint
ALTER TABLE "documents" ADD CONSTRAINT "documents_once" UNIQUE("run_id","kind");--> statement-breakpoint
CREATE UNIQUE INDEX "documents_main" ON "documents" ("run_id") WHERE role = 'main';--> statement-breakpoint
ALTER TABLE "documents" ADD CONSTRAINT "documents_kind" CHECK (kind in ('pdf', 'html', 'png', 'csv', 'xlsx'));--> statement-breakpoint
ALTER TABLE "documents" ADD CONSTRAINT "documents_role" CHECK (role in ('main', 'further', 'preview'));
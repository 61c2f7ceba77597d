ALTER TABLE "subtasks" ADD COLUMN "max_attempts" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "subtasks" ADD COLUMN "lane" text DEFAULT 'free' NOT NULL;--> statement-breakpoint
ALTER TABLE "subtasks" ADD COLUMN "operation" text DEFAULT 'EXECUTE' NOT NULL;--> statement-breakpoint
ALTER TABLE "subtasks" ADD COLUMN "ready_at" timestamp(6) with time zone;
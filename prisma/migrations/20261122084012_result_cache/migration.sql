-- AlterTable
ALTER TABLE "run" ADD COLUMN     "options" JSONB NOT NULL DEFAULT '{}';

-- AlterTable
ALTER TABLE "step" ADD COLUMN     "left_scratch" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "taken_from" JSONB,
ADD COLUMN     "why" TEXT;

-- CreateTable
CREATE TABLE "cached_result" (
    "project_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "pipeline_id" TEXT NOT NULL,
    "run_id" TEXT NOT NULL,
    "node_id" TEXT NOT NULL,
    "parts" JSONB NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "cached_result_pkey" PRIMARY KEY ("project_id","key")
);

-- CreateIndex
CREATE INDEX "cached_result_project_id_node_id_used_at_idx" ON "cached_result"("project_id", "node_id", "used_at");

-- CreateIndex
CREATE INDEX "cached_result_run_id_node_id_idx" ON "cached_result"("run_id", "node_id");

-- AddForeignKey
ALTER TABLE "cached_result" ADD CONSTRAINT "cached_result_run_id_node_id_fkey" FOREIGN KEY ("run_id", "node_id") REFERENCES "step"("run_id", "node_id") ON DELETE CASCADE ON UPDATE CASCADE;

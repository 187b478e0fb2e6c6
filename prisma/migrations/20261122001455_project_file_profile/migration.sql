-- AlterTable
ALTER TABLE "project_file" ADD COLUMN     "hidden_at" TIMESTAMPTZ(3),
ADD COLUMN     "id" TEXT NOT NULL DEFAULT gen_random_uuid()::text,
ADD COLUMN     "profile" JSONB,
ADD COLUMN     "table_sha256" TEXT;

-- CreateIndex
CREATE UNIQUE INDEX "project_file_id_key" ON "project_file"("id");

-- AlterTable
ALTER TABLE "pipeline" ADD COLUMN     "trashed_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "project" ADD COLUMN     "arriving" BOOLEAN NOT NULL DEFAULT false;

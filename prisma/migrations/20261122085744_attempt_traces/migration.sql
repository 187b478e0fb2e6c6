-- AlterTable
ALTER TABLE "attempt" ADD COLUMN     "log" JSONB,
ADD COLUMN     "metrics" JSONB;

-- AlterTable
ALTER TABLE "run" ADD COLUMN     "canvas_sha256" TEXT;

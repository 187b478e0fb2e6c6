-- AlterTable
ALTER TABLE "step" ADD COLUMN     "warm" TEXT;

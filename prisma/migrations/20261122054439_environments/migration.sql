-- CreateTable
CREATE TABLE "environment" (
    "id" TEXT NOT NULL,
    "requirements" JSONB NOT NULL,
    "lock_sha256" TEXT,
    "state" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "fault" JSONB,
    "packages" INTEGER,
    "bytes" BIGINT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "environment_pkey" PRIMARY KEY ("id")
);

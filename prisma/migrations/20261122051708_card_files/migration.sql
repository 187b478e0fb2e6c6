-- DropIndex
DROP INDEX "card_project_id_path_key";

-- AlterTable
ALTER TABLE "card" ADD COLUMN     "former_types" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "path_key" TEXT,
ADD COLUMN     "trashed_at" TIMESTAMPTZ(3);

-- Files that differ in upper and lower case only were allowed before: such ones keep theirs.
UPDATE "card" SET "path_key" = CASE
  WHEN EXISTS (SELECT 1 FROM "card" AS "other" WHERE "other"."project_id" = "card"."project_id" AND "other"."id" <> "card"."id"
    AND lower("other"."path") = lower("card"."path")) THEN 'case/' || "card"."path"
  ELSE lower("card"."path") END;

-- AlterTable
ALTER TABLE "card" ALTER COLUMN "path_key" SET NOT NULL;

-- CreateIndex
CREATE UNIQUE INDEX "card_project_id_path_key_key" ON "card"("project_id", "path_key");

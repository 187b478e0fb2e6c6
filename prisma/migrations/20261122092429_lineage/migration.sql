-- CreateIndex
CREATE INDEX "step_outputs_idx" ON "step" USING GIN ("outputs" jsonb_path_ops);

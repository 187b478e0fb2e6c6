export { createPipelines, type Pipelines } from './pipelines.ts';
export { registerPipelineRoutes } from './routes.ts';

export { createDatasets } from './datasets.ts';
export { registerDatasetRoutes } from './routes.ts';

export { registerFileRoutes } from './file-routes.ts';
export { createProjectFiles, type Inspection, type ProjectFiles } from './project-files.ts';
export { registerArtifactRoutes } from './routes.ts';
export { createUploads } from './uploads.ts';

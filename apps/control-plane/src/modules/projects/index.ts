export type { Authorize } from './authorize.ts';
export { createProjects, type Projects } from './projects.ts';
export { registerProjectRoutes } from './routes.ts';

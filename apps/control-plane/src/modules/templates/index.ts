export { fillFiles } from './fill-files.ts';
export { createTemplates } from './templates.ts';
export { registerTemplateRoutes } from './routes.ts';

export { createTemplates } from './templates.ts';
export { registerTemplateRoutes } from './routes.ts';

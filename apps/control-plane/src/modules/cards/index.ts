export { createCards, type Cards } from './cards.ts';
export { registerCardRoutes } from './routes.ts';

export { createCardFiles, type CardFiles } from './card-files.ts';
export { isProvided, problemOfCardPath } from './card-path.ts';
export { createCardRepository } from './card-repository.ts';
export { createCards, type Cards } from './cards.ts';
export { createCardUses } from './card-uses.ts';
export { registerCardFileRoutes } from './file-routes.ts';
export { registerCardRoutes } from './routes.ts';

export { createFolderWatch } from './folder-state.ts';
export { registerFolderRoutes } from './folder-routes.ts';
export { registerTransferRoutes } from './routes.ts';

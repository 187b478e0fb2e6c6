export { registerTransferRoutes } from './routes.ts';

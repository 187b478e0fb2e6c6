export { createEnvironments, type Environments } from './environments.ts';
export { registerEnvironmentRoutes } from './routes.ts';

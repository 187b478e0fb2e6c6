export { createEnvironments, type Environments } from './environments.ts';
export { registerEnvironmentRoutes } from './routes.ts';
export { readCardEnvironment } from './card-environment.ts';

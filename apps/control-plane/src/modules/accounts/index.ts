export type { AccessLink } from './access-link-repository.ts';
export { createAccounts, type Accounts } from './accounts.ts';
export { registerAccountRoutes, SIGN_IN_LIMIT } from './routes.ts';

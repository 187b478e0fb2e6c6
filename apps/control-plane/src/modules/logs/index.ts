export { keepTraces } from './keep-traces.ts';
export { createLiveSockets } from './live-socket.ts';
export type { LiveSockets } from './live-socket.ts';
export { registerLogRoutes } from './routes.ts';

/** The runner daemon, for whoever starts it inside another process. */
export { readConfig, type RunnerConfig } from './config.ts';
export { startRunner, type Runner } from './start-runner.ts';

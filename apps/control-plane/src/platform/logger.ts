/** Structured log lines on stderr; stdout belongs to what a person asked for. */
import { pino, type Logger } from 'pino';

export type { Logger };

export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const createLogger = (level: LogLevel): Logger =>
  pino({ level, redact: ['req.headers.cookie', 'req.headers.authorization'] }, pino.destination({ dest: 2, sync: true }));

export const silentLogger = (): Logger => pino({ level: 'silent' });

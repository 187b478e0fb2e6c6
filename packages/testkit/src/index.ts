export * from './eventually.ts';
export * from './kill-under-load.ts';
export * from './provider-client.ts';
export * from './raw-client.ts';
export * from './seeded-random.ts';
export * from './spawn-server.ts';
export * from './temporary-database.ts';
export * from './wire-bytes.ts';

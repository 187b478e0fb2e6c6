/** Folders that exist on nearly every Linux, are open to everybody, and are not needed by a launcher while covered. */
export const STAGES = ['/mnt', '/media', '/srv', '/opt'] as const;

export { ApiFailure } from './api-failure.ts';
export { createApiClient, read, sendBytes, type ApiClient, type Parser } from './create-api-client.ts';

export { ApiFailure, failureOf, offline } from './api-failure.ts';
export { createApiClient, read, sendBytes, type ApiClient, type Parser } from './create-api-client.ts';

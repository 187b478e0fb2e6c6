/** Serves the built web app: its files, and its one page for every address that is no file. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import helmet from '@fastify/helmet';
import fastifyStatic from '@fastify/static';
import type { FastifyReply } from 'fastify';
import type { App } from '../../platform/http/app.ts';
import { handleNotFound } from './error-handler.ts';
import { SOCKETS } from './open-app.ts';

const DIRECTIVES = {
  defaultSrc: [`'self'`],
  scriptSrc: [`'self'`, `'wasm-unsafe-eval'`],
  styleSrc: [`'self'`, `'unsafe-inline'`],
  connectSrc: [`'self'`, 'ws:', 'wss:'],
  workerSrc: [`'self'`, 'blob:'],
  imgSrc: [`'self'`, 'data:', 'blob:'],
  fontSrc: [`'self'`, 'data:'],
  objectSrc: [`'none'`],
  baseUri: [`'self'`],
  formAction: [`'self'`],
  frameAncestors: [`'none'`],
};

/** On every answer, those of the API too. */
export async function addSecurityHeaders(app: App, options: { overTls: boolean }): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: DIRECTIVES },
    strictTransportSecurity: options.overTls,
  });
}

export async function serveWebApp(app: App, directory: string | undefined): Promise<void> {
  const page = directory === undefined ? undefined : path.join(directory, 'index.html');
  if (directory === undefined || page === undefined || !existsSync(page)) {
    app.setNotFoundHandler(handleNotFound);
    return;
  }
  await app.register(fastifyStatic, {
    root: directory,
    wildcard: false,
    index: false,
    cacheControl: false,
    preCompressed: true,
    decorateReply: true,
  });
  const sendPage = (reply: FastifyReply): FastifyReply => reply.header('cache-control', 'no-cache').sendFile('index.html');
  app.setNotFoundHandler((request, reply) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const isPage =
      request.method === 'GET' && !pathname.startsWith('/api/') && !SOCKETS.includes(pathname) && path.extname(pathname) === '';
    return isPage ? sendPage(reply) : handleNotFound(request, reply);
  });
}
